"""Facts of a conversation, each counted by hand here."""

from roleplay.attempts.models import Turn, TurnStatus
from roleplay.evaluations.speech import speech_facts
from roleplay.ports import Speaker


def turn(speaker: Speaker, text: str, start: float, end: float, status: TurnStatus = TurnStatus.HEARD) -> Turn:
    return Turn(speaker=speaker, text=text, status=status, started_ms=int(start * 1000), ended_ms=int(end * 1000))


def persona(text: str, start: float, end: float, status: TurnStatus = TurnStatus.HEARD) -> Turn:
    return turn(Speaker.PERSONA, text, start, end, status)


def learner(text: str, start: float, end: float, status: TurnStatus = TurnStatus.HEARD) -> Turn:
    return turn(Speaker.LEARNER, text, start, end, status)


CALL = [
    persona("You wanted to see me?", 0, 2),
    learner("Um, yes. How are you? Really, how?", 3, 7),
    learner("I mean, um, since Tuesday.", 7.5, 13.5),
    persona("Busy, as you know, and I have", 13, 16, TurnStatus.INTERRUPTED),
    learner("Right.", 15, 15.5),
    persona("And I have a client", 16, 18, TurnStatus.INTERRUPTED),
    learner("Let me stop you there.", 17.5, 20),
    persona("Fine.", 20.5, 21),
    learner("", 25, 26, TurnStatus.NOT_TRANSCRIBED),
]


def test_a_spoken_conversation() -> None:
    facts = speech_facts(CALL, language="en", spoken=True)
    assert facts.learner_words == 7 + 5 + 1 + 5
    assert facts.talk_share_words == 18 / (18 + 5 + 7 + 5 + 1)
    assert facts.talk_share_time == 14.0 / (14.0 + 7.5)
    assert facts.words_per_minute == 18 * 60 / 13.0
    assert facts.fillers == {"um": 2, "i mean": 1}
    assert (facts.longest_monologue_words, facts.longest_monologue_ms) == (12, 10_500)
    assert facts.questions == 2
    assert facts.interrupted_persona == 1, "one word while the other speaks is listening"
    assert facts.interrupted_by_persona == 1
    assert (facts.response_gap_ms, facts.longest_gap_ms) == (500, 4000)


def test_a_typed_conversation_has_no_times() -> None:
    facts = speech_facts(CALL, language="en", spoken=False)
    assert facts.learner_words == 18
    assert facts.talk_share_words
    assert facts.talk_share_time is None
    assert facts.words_per_minute is None
    assert facts.longest_monologue_ms is None
    assert facts.interrupted_persona is None
    assert facts.response_gap_ms is None


def test_a_few_seconds_of_speech_have_no_pace() -> None:
    assert speech_facts([learner("Hello there.", 0, 9.9)], language="en", spoken=True).words_per_minute is None


def test_nothing_said_counts_as_nothing() -> None:
    facts = speech_facts([], language="en", spoken=True)
    assert (facts.learner_words, facts.talk_share_words, facts.talk_share_time) == (0, None, None)
    assert (facts.longest_monologue_words, facts.longest_monologue_ms, facts.longest_gap_ms) == (0, None, None)


def test_fillers_are_those_of_the_language_and_whole_words() -> None:
    french = [learner("Euh, du coup, l'heure… um.", 0, 3)]
    assert speech_facts(french, language="fr", spoken=True).fillers == {"euh": 1, "du coup": 1}
    assert speech_facts(french, language="xx", spoken=True).fillers is None
    assert speech_facts([learner("The umbrella erred.", 0, 3)], language="en", spoken=True).fillers == {}
