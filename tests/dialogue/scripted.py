"""Scripted learners and the scenarios they meet: the library in all its languages and this folder's own fixtures."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from roleplay.embedded.director import Director
from roleplay.embedded.sentences import words
from roleplay.embedded.tone import CommonTone, learn_common
from roleplay.embedded.understanding import Understanding
from roleplay.scenarios.content import Direction, Lever, ScenarioContent
from roleplay.scenarios.library import load, shelf

FIXTURES = {path.stem: load(path) for path in sorted((Path(__file__).parent / "fixtures").glob("*.yaml"))}
LIBRARY = shelf()
SCENARIOS = {**FIXTURES, **LIBRARY}
LANGUAGES = sorted({content.language for content in LIBRARY.values()})

FORBIDDEN = tuple(
    """as an ai|language model|i'm an ai|i am an ai|chatbot|assistant|role play|roleplay|role-play|simulation
    |this exercise|the exercise|scenario|learner|trainee|debrief
    |feedback for you|your score|rubric|criteria|openness|patience:|the lever| levers|{|}|[[|]]
    |try to ask|you should ask|modèle de langage|une ia|intelligence artificielle|jeu de rôle|exercice|scénario
    |apprenant|débrief|votre score|ton score|critère|vous devriez demander|essayez de demander""".replace(
        "\n    ", ""
    ).split("|")
)


@cache
def common_without(name: str) -> CommonTone:
    """What the other scenarios teach about tone, so that nothing of this one, in any language, is known but what it is
    trained on."""
    return _common_without_story(name.split(".", maxsplit=1)[0])


@cache
def _common_without_story(story: str) -> CommonTone:
    return learn_common(content for other, content in LIBRARY.items() if other.split(".", maxsplit=1)[0] != story)


@cache
def understanding_of(name: str) -> Understanding:
    return Understanding(SCENARIOS[name], common_without(name))


@cache
def holding_out(name: str, fold: int) -> tuple[ScenarioContent, Understanding, tuple[tuple[Lever, str], ...]]:
    """The scenario without a quarter of each lever's exemplars, its understanding, and those exemplars to be spoken."""
    levers, held = [], []
    for lever in SCENARIOS[name].levers:
        unseen = lever.examples.positive[fold::4]
        known = [text for text in lever.examples.positive if text not in unseen]
        held += [(lever, text) for text in unseen]
        levers.append(
            lever.model_copy(update={"examples": lever.examples.model_copy(update={"positive": tuple(known)})})
        )
    content = SCENARIOS[name].model_copy(update={"levers": tuple(levers)})
    return content, Understanding(content, common_without(name)), tuple(held)


def speaking(held: tuple[tuple[Lever, str], ...], direction: Direction) -> list[str]:
    return [sentence for lever, sentence in held if lever.direction is direction]


def call(director: Director, turns: Sequence[str | None], least: int = 20) -> list[str]:
    """Speaks the turns in a circle, None being silence, for at least that many turns or until the persona hangs up."""
    said = [director.open().text]
    for number in range(max(least, len(turns))):
        turn = turns[number % len(turns)]
        reply = director.sit_in_silence() if turn is None else director.hear(turn)
        assert reply is not None
        said.append(reply.text)
        if reply.ends_call:
            break
    return said


def assert_in_role(said: list[str]) -> None:
    forms = [" ".join(words(line)) for line in said]
    assert all(forms), "the persona said nothing"
    assert len(forms) == len(set(forms)), "the persona repeated itself"
    for line in said:
        assert len(words(line)) <= 60
        assert not [term for term in FORBIDDEN if term in line.lower()], line
