"""A scenario as YAML: out and in again, and what is not let in."""

import pytest

from roleplay.scenarios.exchange import LARGEST_FILE, UnreadableFile, read, written
from roleplay.scenarios.library import shelf
from roleplay.scenarios.validity import content_of, reasons_against
from tests.authoring import AWKWARD, COMPLETE


@pytest.mark.parametrize("name", ["price-objection.en", "difficult-feedback.en"])
def test_a_scenario_survives_the_way_out_and_in(name: str) -> None:
    content = shelf()[name]
    assert content_of(read(written(content.model_dump(mode="json")))) == content


@pytest.mark.parametrize("words", AWKWARD.values(), ids=AWKWARD)
def test_words_of_any_kind_survive_it(words: str) -> None:
    assert read(written({**COMPLETE, "title": words}))["title"] == words


def test_an_incomplete_file_is_a_draft() -> None:
    draft = read("title: Half a scenario\npersona:\n  name: Ines\n")
    assert draft == {"title": "Half a scenario", "persona": {"name": "Ines"}}
    assert reasons_against(draft)
    assert read(written(draft)) == draft


@pytest.mark.parametrize(
    ("source", "where", "what"),
    [
        ("", "", "not_a_scenario"),
        ("just words", "", "not_a_scenario"),
        ("- a\n- b", "", "not_a_scenario"),
        ("title: [unclosed", "line 1", "expected"),
        ("title: x\nevil: 1", "evil", "Extra inputs"),
        ("title: x\ntime_limit_minutes: soon", "time_limit_minutes", "integer"),
        ("a: &a x\ntitle: *a", "", "aliases"),
        ('title: "nul \\0"', "", "unstorable"),
        ('title: "half \\ud83d"', "", "unstorable"),
        ("title: " + "x" * LARGEST_FILE, "", "too_large"),
        ("title: " + "[" * 300 + "]" * 300, "", "too_deep"),
        ("title: !!python/object/apply:os.system ['true']", "line 1", "could not determine a constructor"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_wrong_is_said_with_its_place(source: str, where: str, what: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(source)
    fault = refusal.value.faults[0]
    assert fault.where == where
    assert what in fault.what
