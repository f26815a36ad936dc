"""The ready-made library: the same stories in every language, each complete enough to be practised and judged."""

import re
from pathlib import Path

import pytest

from roleplay.embedded import bank
from roleplay.scenarios import library, personas, rehearsing
from roleplay.scenarios.content import ENOUGH_EXAMPLES, Direction
from roleplay.scenarios.library import shelf

FRENCH = [
    *library.SHELF.glob("*.fr.yaml"),
    personas.SHELF / "fr.yaml",
    rehearsing.SHELF / "fr.yaml",
    *Path(bank.__file__).parent.glob("*.fr.yaml"),
]
TYPEWRITTEN = re.compile(r"\w'\w| [?!;:](?!\S)|\.\.\.|« |(?<= ) »")


def test_every_story_is_told_in_english_and_in_french() -> None:
    stories = {language: {name[:-3] for name in shelf() if name.endswith(f".{language}")} for language in ("en", "fr")}
    assert stories["en"] == stories["fr"]
    assert len(stories["en"]) >= 12


@pytest.mark.parametrize("name", shelf())
def test_a_story_has_levers_both_ways_goals_to_judge_and_something_to_find_out(name: str) -> None:
    content = shelf()[name]
    assert name.endswith(f".{content.language}")
    assert 3 <= len(content.goals) <= 5
    assert all(len(goal.examples.positive) >= ENOUGH_EXAMPLES and goal.examples.negative for goal in content.goals)
    assert all(goal.worked and goal.missing and goal.better for goal in content.goals)
    for direction in Direction:
        levers = content.levers_that(direction)
        assert len(levers) >= 3
        assert all(len(lever.examples.positive) > ENOUGH_EXAMPLES and lever.lines for lever in levers)
    assert {fact.guarded for fact in content.facts} == {True, False}
    assert all(fact.asked_by and fact.lines for fact in content.facts)


@pytest.mark.parametrize("name", [name for name in shelf() if name.endswith(".en")])
def test_the_languages_of_a_story_have_the_same_parts(name: str) -> None:
    english, french = shelf()[name], shelf()[f"{name[:-3]}.fr"]
    for part in ("goals", "levers", "facts"):
        assert [one.id for one in getattr(english, part)] == [one.id for one in getattr(french, part)]
    for part in ("type", "time_limit_minutes", "difficulty"):
        assert getattr(english, part) == getattr(french, part)


@pytest.mark.parametrize("path", FRENCH, ids=lambda path: path.name)
def test_french_is_set_as_french_is_printed(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if TYPEWRITTEN.search(line)] == []
