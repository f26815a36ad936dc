"""Turns are numbered without gaps, entered once, corrected in place."""

from flask import Flask

from roleplay.attempts import lifecycle, transcript
from roleplay.attempts.models import Attempt, TurnStatus
from roleplay.ports import Speaker
from tenants.db import db
from tests.cast import Cast
from tests.practice import as_member, start_attempt


def say(attempt: Attempt, item: str, text: str, speaker: Speaker = Speaker.LEARNER) -> int:
    return transcript.record_turn(
        attempt, item_id=item, speaker=speaker, text=text, status=TurnStatus.HEARD, started_ms=0, ended_ms=900
    )


def texts(attempt: Attempt) -> list[tuple[int, str]]:
    return [(turn.number, turn.text) for turn in transcript.turns_of(attempt)]


def test_turns_are_numbered_from_one_over_both_speakers(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        attempt = lifecycle.take(attempt_id)
        assert [say(attempt, "a", "Hello"), say(attempt, "b", "What now?", Speaker.PERSONA)] == [1, 2]


def test_an_item_that_arrives_twice_is_one_turn(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        attempt = lifecycle.take(attempt_id)
        assert say(attempt, "a", "Hello") == say(attempt, "a", "Hello again") == 1
        assert texts(attempt) == [(1, "Hello")]


def test_a_persona_cut_short_keeps_the_words_that_were_heard(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        attempt = lifecycle.take(attempt_id)
        say(attempt, "a", "I built the whole thing alone.", Speaker.PERSONA)
        transcript.revise_turn(attempt, "a", text="I built", status=TurnStatus.INTERRUPTED, ended_ms=300)
        db.session.commit()
        db.session.expire_all()
        turn = transcript.turns_of(attempt)[0]
        assert (turn.text, turn.status, turn.ended_ms) == ("I built", TurnStatus.INTERRUPTED, 300)


def test_the_number_of_a_turn_that_nobody_heard_is_used_again(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        attempt = lifecycle.take(attempt_id)
        say(attempt, "a", "Hello")
        say(attempt, "b", "Never heard", Speaker.PERSONA)
        transcript.drop_turn(attempt, "b")
        say(attempt, "c", "Sorry, go on")
        assert texts(attempt) == [(1, "Hello"), (2, "Sorry, go on")]
