"""The persona's instructions: the whole text is held by a snapshot, the promises by tests of their own."""

from pathlib import Path

import pytest

from roleplay.scenarios.briefing import instructions
from roleplay.scenarios.content import Difficulty, Direction, Fact, Goal, Lever, Persona, ScenarioContent

SNAPSHOT = Path(__file__).parent / "snapshots" / "briefing.txt"


def the_scenario(**changes: object) -> ScenarioContent:
    content = ScenarioContent(
        title="The missed deadline",
        summary="Tell a proud colleague that the project is late because of him.",
        type="leadership",
        use_case="Difficult feedback",
        learner_role="You lead the team.",
        context="The release slipped by two weeks.",
        stakes="If it goes wrong, he leaves.",
        objective="He owns the delay.",
        persona=Persona(
            name="Martin Keller",
            job="senior engineer",
            organization="Nordwind",
            biography="Martin built the first version alone.",
            trait="Proud",
            emotional_state="Defensive",
            communication_style="Dry and precise",
            decision_making="Follows evidence",
            voice="firm",
            motivations=("To be respected",),
            concerns=("To be blamed",),
            behaviours=("Answers a reproach with a detail",),
        ),
        opening="You wanted to see me?",
        goals=(Goal(id="own-it", text="He says in his own words what he will change."),),
        levers=(
            Lever(id="evidence", direction=Direction.OPENS, text="A concrete example with a date", strength=3),
            Lever(id="blame", direction=Direction.CLOSES, text="Being compared with a colleague", strength=1),
        ),
        facts=(
            Fact(id="review", text="The review took nine days."),
            Fact(id="offer", text="He has another offer.", guarded=True),
        ),
    )
    return content.model_copy(update=changes)


def test_the_briefing_says_exactly_this() -> None:
    assert instructions(the_scenario()) + "\n" == SNAPSHOT.read_text()


def test_the_same_scenario_gives_the_same_briefing() -> None:
    assert instructions(the_scenario()) == instructions(the_scenario())


def test_the_persona_does_not_know_what_is_judged() -> None:
    assert the_scenario().goals[0].text not in instructions(the_scenario())


@pytest.mark.parametrize("difficulty", Difficulty)
def test_each_difficulty_is_explicit_and_its_own(difficulty: Difficulty) -> None:
    text = instructions(the_scenario(difficulty=difficulty))
    others = {instructions(the_scenario(difficulty=other)) for other in Difficulty if other is not difficulty}
    assert text not in others


def test_a_guarded_fact_is_told_to_be_kept() -> None:
    told, kept = instructions(the_scenario()).split("You keep these to yourself")
    assert "The review took nine days." in told
    assert "He has another offer." in kept
    assert "He has another offer." not in told


def test_the_persona_speaks_the_language_of_the_scenario() -> None:
    assert "Speak French and nothing else" in instructions(the_scenario(language="fr"))


def test_a_scenario_without_levers_or_facts_has_no_empty_section() -> None:
    text = instructions(the_scenario(levers=(), facts=()))
    assert "# What you know" not in text
    assert "These open you up" not in text
