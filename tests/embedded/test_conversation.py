import pytest

from roleplay.embedded.conversation import Conversation, Item
from roleplay.embedded.wire import ProtocolError


def spoken() -> Item:
    item = Item("assistant", "output_audio", "One two three four. Five six.", audio_ms=3_000)
    item.pieces = [("One two three four.", 2_000), ("Five six.", 1_000)]
    return item


def code_of(refused: pytest.ExceptionInfo[ProtocolError]) -> object:
    return refused.value.body["code"]


@pytest.mark.parametrize(
    ("ms", "heard", "unheard"),
    [
        (0, "", "One two three four. Five six."),
        (1_000, "One two", "One two three four. Five six."),
        (1_950, "One two three", "Five six."),
        (2_000, "One two three four.", "Five six."),
        (2_600, "One two three four. Five", "Five six."),
        (3_000, "One two three four. Five six.", ""),
    ],
)
def test_only_whole_words_were_heard_and_whole_sentences_are_said_again(ms: int, heard: str, unheard: str) -> None:
    assert spoken().heard_until(ms) == heard
    assert spoken().unheard_after(ms) == unheard


def test_items_form_a_chain() -> None:
    conversation = Conversation()
    first, second, between, before = (Item("user", "input_text", "x") for _ in range(4))
    assert conversation.add(first) is None
    assert conversation.add(second) == first.id
    assert conversation.add(between, after=first.id) == first.id
    assert conversation.add(before, after="root") is None
    assert conversation.previous_id(second) == between.id


def test_truncating_forgets_what_was_not_heard() -> None:
    conversation = Conversation()
    item = spoken()
    conversation.add(item)
    assert conversation.truncate(item.id, 1_000).text == "One two"
    with pytest.raises(ProtocolError, match="invalid_value"):
        conversation.truncate(item.id, 1_001)


def test_what_is_not_there_cannot_be_touched() -> None:
    for verb in (Conversation().delete, lambda missing: Conversation().find(missing, "retrieve")):
        with pytest.raises(ProtocolError) as refused:
            verb("item_x")
        assert str(code_of(refused)).endswith("_invalid_item_id")


def test_an_id_is_given_once() -> None:
    conversation = Conversation()
    item = Item("user", "input_text", "x")
    conversation.add(item)
    with pytest.raises(ProtocolError):
        conversation.add(Item("user", "input_text", "y", id=item.id))
