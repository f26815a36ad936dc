"""The pure parts of a call: what can have been heard, what order turns come in, what time it is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.attempts.models import TurnStatus
from roleplay.ports import Speaker
from roleplay.relay.alarms import Alarms
from roleplay.relay.clock import CallClock
from roleplay.relay.conversation import KEPT, Conversation, Draft, heard_part
from roleplay.relay.playback import BYTES_PER_MS, Playback


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


SECOND = 1000 * BYTES_PER_MS
TEN = "One two three four five six seven eight nine ten"


@pytest.mark.parametrize(
    ("heard_ms", "part"),
    [(0, ""), (50, ""), (400, "One"), (2500, "One two three four five"), (4700, TEN.removesuffix(" ten")), (5000, TEN)],
)
def test_the_part_that_was_heard_ends_with_a_whole_word(heard_ms: int, part: str) -> None:
    assert heard_part(TEN, heard_ms, 5000, finished=True) == part


def test_words_that_ran_ahead_of_their_sound_were_not_heard() -> None:
    assert heard_part(TEN, 500, 500, finished=False) == "One two"


@given(st.text(max_size=200), st.integers(0, 20_000), st.integers(0, 20_000), st.booleans())
def test_what_was_heard_is_a_beginning_of_what_was_said(text: str, heard: int, sent: int, finished: bool) -> None:
    assert text.startswith(heard_part(text, heard, sent, finished=finished))


def test_nothing_is_out_before_and_after_the_sound() -> None:
    hand = Hand()
    playback = Playback(hand)
    assert not playback.is_out
    playback.send("a", SECOND)
    assert playback.is_out
    hand.at += 1.5
    assert not playback.is_out


def test_a_report_of_the_browser_counts_more_than_the_guess() -> None:
    hand = Hand()
    playback = Playback(hand)
    playback.send("a", 4 * SECOND)
    hand.at += 3
    assert playback.cut() == "a"
    playback.report("a", 1700)
    assert playback.settle() == [("a", 1700, 4000)]


def test_without_a_report_the_guess_is_careful() -> None:
    hand = Hand()
    playback = Playback(hand)
    playback.send("a", 4 * SECOND)
    hand.at += 2
    playback.cut()
    ((_, heard, _),) = playback.settle()
    assert 1700 <= heard <= 2000


def test_items_behind_the_playhead_were_not_heard_and_items_before_it_were() -> None:
    hand = Hand()
    playback = Playback(hand)
    for item in "abc":
        playback.send(item, 2 * SECOND)
    hand.at += 3
    assert playback.cut() == "b"
    playback.report("b", 900)
    assert playback.settle() == [("a", 2000, 2000), ("b", 900, 2000), ("c", 0, 2000)]


def test_what_is_sent_after_a_cut_is_not_touched_by_it() -> None:
    hand = Hand()
    playback = Playback(hand)
    playback.send("a", 2 * SECOND)
    hand.at += 1
    playback.cut()
    playback.send("b", 2 * SECOND)
    playback.report("a", 900)
    assert playback.settle() == [("a", 900, 2000)]
    hand.at += 1
    assert playback.cut() == "b"


def test_a_pause_stops_the_playhead() -> None:
    hand = Hand()
    playback = Playback(hand)
    playback.send("a", 2 * SECOND)
    hand.at += 1
    playback.hold()
    hand.at += 60
    playback.go_on()
    assert playback.is_out
    assert round(playback.seconds_left, 3) == 1


def test_sound_that_never_left_was_never_sent() -> None:
    playback = Playback(Hand())
    playback.send("a", 2 * SECOND)
    playback.take_back("a", SECOND)
    assert playback.sent_ms("a") == 1000


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9000)), max_size=12), st.floats(0, 20))
def test_nobody_heard_more_than_was_sent(sends: list[tuple[str, int]], later: float) -> None:
    hand = Hand()
    playback = Playback(hand)
    for item, ms in sends:
        playback.send(item, ms * BYTES_PER_MS)
    hand.at += later
    playback.cut()
    assert all(0 <= heard <= sent for _, heard, sent in playback.settle())


def turn(item: str, speaker: Speaker = Speaker.LEARNER) -> Draft:
    return Draft(item, speaker, 0, 2000)


def test_a_turn_waits_for_those_before_it() -> None:
    conversation = Conversation(stored=1)
    learner = conversation.add(turn("l"))
    persona = conversation.add(turn("p", Speaker.PERSONA), after="l")
    persona.settle("Yes.")
    assert list(conversation.ready()) == []
    assert conversation.number_of(persona) == 3
    learner.settle("Late.")
    assert [(draft.item, draft.number) for draft in conversation.ready()] == [("l", 2), ("p", 3)]


def test_an_item_takes_its_place_in_the_chain_whenever_it_arrives() -> None:
    conversation = Conversation()
    for item, after in (("a", None), ("c", "a"), ("b", "a")):
        conversation.add(turn(item), after).settle(item)
    assert [draft.item for draft in conversation.ready()] == ["a", "b", "c"]


def test_a_noise_takes_no_number() -> None:
    conversation = Conversation()
    noise = conversation.add(Draft("n", Speaker.LEARNER, 0, 300))
    noise.settle_unheard()
    conversation.add(turn("a")).settle("Hello")
    assert [(draft.item, draft.number) for draft in conversation.ready()] == [("a", 1)]


def test_long_speech_without_words_is_a_turn() -> None:
    speech = turn("a")
    speech.settle_unheard()
    assert (speech.status, speech.dropped) == (TurnStatus.NOT_TRANSCRIBED, False)


def test_of_turns_long_past_the_name_is_remembered_and_nothing_else() -> None:
    conversation = Conversation()
    for number in range(KEPT + 2):
        conversation.add(turn(f"t{number}")).settle(
            "So it was." if number else "", TurnStatus.HEARD if number else TurnStatus.NOT_TRANSCRIBED
        )
        list(conversation.ready())
    unheard, past, kept = (conversation.find(item) for item in ("t0", "t1", "t2"))
    assert unheard and unheard.number == 1
    assert past and past.settled and past.dropped and not past.text
    assert kept and kept.text == "So it was."
    assert conversation.add(turn("t1")) is past
    assert list(conversation.ready()) == []


START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def clock(minutes: float = 5) -> CallClock:
    return CallClock(START, START + timedelta(minutes=minutes), None, 0)


def test_notices_come_once_each() -> None:
    it = clock()
    assert it.next_notice_in(START) == 180
    given_at = [(s, it.take_notice(START + timedelta(seconds=s))) for s in (179, 180, 181, 270, 271, 292, 293)]
    assert [notice for _, notice in given_at] == [None, 120, None, 30, None, 8, None]


def test_of_missed_notices_only_the_last_is_given() -> None:
    it = clock()
    assert it.take_notice(START + timedelta(seconds=275)) == 30
    assert it.take_notice(START + timedelta(seconds=276)) is None


def test_after_an_extension_the_notices_ahead_come_again() -> None:
    it = clock()
    it.take_notice(START + timedelta(seconds=280))
    it.ends_at += timedelta(minutes=2)
    it.forget_notices(START + timedelta(seconds=280))
    assert it.take_notice(START + timedelta(seconds=281)) is None
    assert it.take_notice(START + timedelta(seconds=301)) == 120


def test_a_paused_clock_stands_still() -> None:
    it = clock()
    it.paused_at, it.paused_ms = START + timedelta(seconds=60), 5000
    late = START + timedelta(hours=1)
    assert (it.remaining_ms(late), it.elapsed_ms(late)) == (240_000, 55_000)
    assert not it.is_over(late)
    assert it.take_notice(late) is None


def test_alarms_ring_once_in_order() -> None:
    hand = Hand()
    alarms = Alarms(hand)
    alarms.set("b", 2)
    alarms.set("a", 1)
    alarms.set("never", 1)
    alarms.clear("never")
    assert alarms.next_at == 101
    hand.at += 5
    assert alarms.rung() == ["a", "b"]
    assert alarms.rung() == []
    assert alarms.next_at is None
