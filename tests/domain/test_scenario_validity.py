"""What a draft still lacks, and where each of it is written."""

import pytest

from roleplay.scenarios.options import Dial
from roleplay.scenarios.validity import Problem, Step, content_of, reasons_against
from tenants.errors import Invalid
from tests.authoring import AWKWARD, COMPLETE


def found(text: dict[str, object]) -> list[tuple[str, str, str]]:
    return [(reason.step, reason.field, reason.problem) for reason in reasons_against(text)]


def test_a_complete_text_lacks_nothing() -> None:
    assert found(COMPLETE) == []
    assert content_of(COMPLETE).title == "The missed deadline"


def test_an_empty_draft_lacks_every_part_step_by_step() -> None:
    reasons = reasons_against({})
    fields = [reason.field for reason in reasons]
    assert fields[:2] == ["title", "summary"]
    assert {"type", "learner_role", "context", "stakes", "objective", "goals", "opening"} <= set(fields)
    assert {"persona.name", "persona.motivations", "persona.trait"} <= set(fields)
    assert all(reason.problem is Problem.MISSING for reason in reasons)
    order = [list(Step).index(reason.step) for reason in reasons]
    assert order == sorted(order)


@pytest.mark.parametrize("dial", [dial for dial in Dial if dial is not Dial.VOICE])
def test_a_dial_belongs_to_the_personality(dial: Dial) -> None:
    persona = {**COMPLETE["persona"], dial: ""}
    assert found({**COMPLETE, "persona": persona}) == [("personality", f"persona.{dial}", "missing")]


def test_blank_is_missing_and_a_goal_without_words_is_named() -> None:
    goals = [*COMPLETE["goals"], {"id": "goal-1", "text": "", "weight": 1}]
    assert found({**COMPLETE, "title": "   ", "goals": goals}) == [
        ("details", "title", "missing"),
        ("details", "goals.1.text", "missing"),
    ]


def test_a_goal_that_lacks_its_words_is_not_a_lack_of_goals_as_well() -> None:
    assert found({**COMPLETE, "goals": [{"id": "goal-1", "text": ""}]}) == [("details", "goals.0.text", "missing")]


def test_the_persona_comes_in_the_order_in_which_it_is_written() -> None:
    fields = [reason.field for reason in reasons_against({}) if reason.step is Step.PERSONA]
    assert fields[:3] == ["persona.name", "persona.job", "persona.organization"]
    assert fields[-1] == "opening"


def test_too_long_and_wrong_are_told_apart() -> None:
    persona = {**COMPLETE["persona"], "linkedin_url": "https://example.com/in/ines"}
    assert found({**COMPLETE, "title": "x" * 601, "persona": persona}) == [
        ("details", "title", "too_long"),
        ("persona", "persona.linkedin_url", "wrong"),
    ]


@pytest.mark.parametrize("words", AWKWARD.values(), ids=AWKWARD)
def test_words_of_any_kind_are_words(words: str) -> None:
    assert content_of({**COMPLETE, "title": words}).title == words


@pytest.mark.parametrize("words", ["a\0b", "half \ud83d of it"])
def test_what_no_database_holds_is_wrong(words: str) -> None:
    assert found({**COMPLETE, "title": words}) == [("details", "title", "wrong")]


def test_a_draft_that_lacks_something_is_no_scenario() -> None:
    with pytest.raises(Invalid):
        content_of({**COMPLETE, "opening": None})
