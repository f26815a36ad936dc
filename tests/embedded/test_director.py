"""The embedded persona in single moves; whole calls with scripted learners are in `tests/dialogue`."""

from itertools import pairwise

import pytest

from roleplay.embedded.bank import lines_of
from roleplay.embedded.composing import LONGEST, in_first_person, utterance
from roleplay.embedded.cues import read_cues
from roleplay.embedded.director import Director, direct
from roleplay.embedded.memory import Memory
from roleplay.embedded.sentences import words
from roleplay.scenarios.content import Difficulty, ScenarioContent
from tests.dialogue.scripted import SCENARIOS, understanding_of

LATE = SCENARIOS["late-delivery.en"]
OWNS_IT = "We were nine days late and that is on us."
ASKS = "How did it affect your surgeons?"
PROVES = "I can show you our delivery figures for the last six months."
SECRET = "Do you have a competing offer?"


@pytest.fixture
def dana() -> Director:
    director = Director(LATE, understanding_of("late-delivery.en"))
    director.open()
    return director


def test_the_call_begins_with_the_scenarios_opening() -> None:
    reply = Director(LATE, understanding_of("late-delivery.en")).open()
    assert reply.text == LATE.opening
    assert reply.state == {"openness": 35, "patience": 100}
    assert not reply.ends_call


def test_a_guarded_fact_comes_out_only_once_she_trusts(dana: Director) -> None:
    assert "eight percent" not in dana.hear(SECRET).text
    for sentence in (OWNS_IT, ASKS, PROVES):
        dana.hear(sentence)
    assert "eight percent" in dana.hear("Who else is in the race?").text


def test_an_open_fact_is_told_when_asked_and_not_told_twice(dana: Director) -> None:
    assert "thirtieth of June" in dana.hear("When does your contract end?").text
    assert "thirtieth of June" not in dana.hear("How long is the contract still running?").text


def test_a_lever_is_answered_with_its_own_line(dana: Director) -> None:
    assert dana.hear(OWNS_IT).text.startswith(LATE.levers[0].lines[0])


def test_repeating_an_argument_wins_less_each_time(dana: Director) -> None:
    openness = [dana.hear(sentence).state["openness"] for sentence in LATE.levers[0].examples.positive[:4]]
    gains = [openness[0] - 35, *(after - before for before, after in pairwise(openness))]
    assert gains[0] > gains[1] > gains[2]


def test_a_demanding_persona_gives_less_for_the_same_words() -> None:
    gentle, demanding = (
        Director(LATE.model_copy(update={"difficulty": difficulty}), understanding_of("late-delivery.en"))
        for difficulty in (Difficulty.GENTLE, Difficulty.DEMANDING)
    )
    assert gentle.hear(OWNS_IT).state["openness"] > demanding.hear(OWNS_IT).state["openness"] + 20


def test_silence_unsettles_and_in_the_end_ends_the_call(dana: Director) -> None:
    replies = []
    while (reply := dana.sit_in_silence()) is not None:
        replies.append(reply)
        assert len(replies) < 20
    assert replies[0].state["openness"] < 35
    assert [reply.ends_call for reply in replies] == [False] * (len(replies) - 1) + [True]
    assert len({reply.text for reply in replies}) == len(replies)


def test_a_warning_comes_before_she_hangs_up(dana: Director) -> None:
    replies = [dana.hear("You stupid idiot, shut up.")]
    while not replies[-1].ends_call:
        replies.append(dana.hear(f"You stupid idiot, shut up. {len(replies)}"))
    assert len(replies) >= 4
    assert replies[-1].state["patience"] == 0


def test_an_early_goodbye_is_questioned_and_a_second_one_taken(dana: Director) -> None:
    assert not dana.hear("Okay then, goodbye.").ends_call
    reply = dana.hear("Really, goodbye now.")
    assert reply.ends_call
    assert reply.text == LATE.moves.farewell_closed[0]


def test_a_goodbye_after_a_good_call_is_friendly(dana: Director) -> None:
    for sentence in (OWNS_IT, ASKS, PROVES):
        dana.hear(sentence)
    reply = dana.hear("Thank you for your time, goodbye.")
    assert reply.ends_call
    assert reply.text == LATE.moves.farewell_open[0]


def test_time_is_announced_and_runs_out(dana: Director) -> None:
    notice = dana.time_left(120)
    assert notice is not None
    assert notice.text == LATE.moves.wrap_up[0]
    end = dana.time_left(0)
    assert end is not None
    assert end.ends_call
    assert end.text
    assert dana.time_left(0) is None


def test_after_the_call_there_is_nothing_left_to_say(dana: Director) -> None:
    dana.time_left(0)
    assert dana.sit_in_silence() is None
    reply = dana.hear("One more thing")
    assert (reply.text, reply.ends_call) == ("", True)


def test_an_interruption_is_protested_and_what_was_not_heard_is_not_told(dana: Director) -> None:
    dana.hear("When does your contract end?")
    dana.interrupted("It runs")
    reply = dana.hear("Sorry, let me put it differently.")
    assert reply.text.startswith("Let me finish, please.")
    assert reply.state["patience"] < 100


def test_a_bare_greeting_is_returned_and_the_matter_brought_up(dana: Director) -> None:
    assert dana.hear("Hello Dana.").text in {f"{line} {LATE.moves.probe[0]}" for line in lines_of("en")["greeting"]}


def test_a_greeting_with_a_question_is_answered(dana: Director) -> None:
    assert "thirtieth of June" in dana.hear("Hello Dana, when does your contract end?").text


@pytest.mark.parametrize(("mood", "move"), [("Friendly", "small_talk"), ("Angry", "small_talk_tense")])
def test_small_talk_is_answered_in_the_personas_mood(mood: str, move: str) -> None:
    persona = LATE.persona.model_copy(update={"emotional_state": mood})
    director = Director(LATE.model_copy(update={"persona": persona}), understanding_of("late-delivery.en"))
    said = director.hear("Hi Dana, how are you?").text
    assert any(said.startswith(line) for line in lines_of("en")[move])


def test_new_words_for_the_same_lever_are_no_repetition_and_the_same_words_are(dana: Director) -> None:
    again = lines_of("en")["again"]
    replies = [
        dana.hear(text).text for text in (OWNS_IT, "I take responsibility for those cancelled surgeries.", OWNS_IT)
    ]
    assert [any(reply.startswith(line) for line in again) for reply in replies] == [False, False, True]


def test_what_was_not_understood_acoustically_is_said_again(dana: Director) -> None:
    answer = dana.hear("When does your contract end?").text
    assert dana.hear("Sorry, could you say that again?").text.endswith(answer)


def test_a_noise_is_not_understood_and_costs_no_openness(dana: Director) -> None:
    reply = dana.hear("blub blub")
    assert any(reply.text.startswith(line) for line in (*LATE.moves.unclear, *lines_of("en")["unclear"]))
    assert reply.state["openness"] == 35


def test_a_mirrored_answer_is_confirmed(dana: Director) -> None:
    dana.hear("When does your contract end?")
    reply = dana.hear("Until the thirtieth of June.")
    assert any(reply.text.startswith(line) for line in lines_of("en")["echoed"])
    assert reply.state["openness"] > 35


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("Who am I speaking to? I want a name.", "My name is Sam Porter."),
        ("How much? Tell me the number.", "I would like fifty two thousand."),
        ("When would that be?", "The driver comes tomorrow before noon."),
        ("Has anyone spoken to the driver at all?", "I have just spoken to the driver."),
    ],
)
def test_a_question_that_was_answered_is_not_asked(question: str, given: str) -> None:
    memory = Memory()
    memory.hear("Hello, I am glad to talk to you.", read_cues("Hello"))
    assert not memory.settled(question)
    memory.hear(given, read_cues(given))
    assert memory.settled(question)


def test_a_call_goes_on_where_it_was(dana: Director) -> None:
    history = [("persona", LATE.opening)]
    for sentence in (OWNS_IT, "When does your contract end?"):
        history += [("learner", sentence), ("persona", dana.hear(sentence).text)]
    again = Director(LATE, understanding_of("late-delivery.en"))
    again.resume(history)
    first = again.open()
    assert first.text
    assert first.text != LATE.opening
    assert first.state["openness"] == dana.hear("Okay.").state["openness"]
    said = {
        again.hear(sentence).text for sentence in (*LATE.levers[0].examples.positive, "When does your contract end?")
    }
    assert not said & {text for _, text in history}


def _bare(language: str, **texts: object) -> ScenarioContent:
    bare = SCENARIOS["bare.en"].model_dump()
    return ScenarioContent.model_validate({**bare, **texts, "language": language})


def _call_until_the_end(content: ScenarioContent, words: str) -> list[str]:
    director = direct(content)
    said = [director.open().text]
    while not (reply := director.hear(words)).ends_call:
        said.append(reply.text)
        assert len(said) < 120
    assert reply.text
    return said


def test_a_scenario_in_a_language_without_a_bank_speaks_its_own_lines() -> None:
    moves = {"listen": ["Siga."], "probe": ["¿Qué propone?"], "farewell_closed": ["Adiós."]}
    content = _bare("es", opening="Buenos días, le escucho.", moves=moves)
    said = _call_until_the_end(content, "Quería hablarle de la formación de su equipo.")
    assert said[0] == "Buenos días, le escucho."
    assert len(set(said)) == len(said) < 40


def test_a_scenario_in_french_speaks_french_from_its_own_lines_and_the_bank() -> None:
    facts = [{"id": "tableau", "text": "L'équipe planifie encore sur un tableau blanc."}]
    content = _bare("fr", opening="Bonjour, je vous écoute.", facts=facts)
    said = _call_until_the_end(content, "Je voulais vous parler de la formation de votre équipe.")
    assert said[0] == "Bonjour, je vous écoute."
    assert len(set(said)) == len(said)
    assert any(line in lines_of("fr")["listen"] for line in said)
    assert "tableau blanc" in direct(content).hear("Est-ce que l'équipe planifie sur un tableau ?").text


@pytest.mark.parametrize(
    ("note", "spoken"),
    [
        ("Elle craint un nouveau retard", "Je crains un nouveau retard."),
        ("Redoute une scène devant son équipe", "Je redoute une scène devant mon équipe."),
        ("Dana Reyes n'a pas confiance", "Je n'ai pas confiance."),
        ("Que personne ne lui dise qu'elle est seule", "Que personne ne me dise que je suis seule."),
        ("Se demande ce qu'elle dira à ses chirurgiens", "Je me demande ce que je dirai à mes chirurgiens."),
        ("Un frigo avant le week-end", "Un frigo avant le week-end."),
        ("La peur, elle et son équipe la connaissent", ""),
    ],
)
def test_french_notes_become_its_own_words_or_are_not_said(note: str, spoken: str) -> None:
    persona = LATE.persona.model_copy(update={"name": "Dana Reyes", "biography": "Elle dirige une clinique."})
    assert in_first_person(note, persona, "fr") == spoken


@pytest.mark.parametrize(
    ("note", "spoken"),
    [
        ("Looking careless in front of her board", "Looking careless in front of my board."),
        ("The board asked her why she had no second source.", "The board asked me why I had no second source."),
        ("Dana wants proof", "I want proof."),
        ("Fears another delay", "I fear another delay."),
        ("Another late delivery", "Another late delivery."),
        ("Becoming, to them, what made her the last to know", "Becoming, to them, what made me the last to know."),
    ],
)  # fmt: skip
def test_notes_about_the_persona_become_its_own_words(note: str, spoken: str) -> None:
    assert in_first_person(note, LATE.persona, "en") == spoken


def test_an_utterance_stays_within_one_breath() -> None:
    long = " ".join(["word"] * 30)
    assert utterance(long, None, "And then?") == f"{long} And then?"
    assert len(words(utterance(long, long))) <= LONGEST
