"""What a live call adds in one statement: in order, once, and only while it holds the attempt."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from roleplay.attempts import lifecycle, transcript
from roleplay.attempts.appending import NewTurn, append
from roleplay.attempts.models import EndReason, TurnStatus, UsageEntry
from roleplay.ports import Speaker
from roleplay.ports.realtime import Usage, UsageKind
from tenants.db import db
from tests.cast import Cast
from tests.practice import as_member, load, start_attempt

ANSWER = Usage(ref="sess/resp_1", kind=UsageKind.ANSWER, text_in=40, audio_out=120)


def turn(item: str, text: str = "Hello", **changes: object) -> NewTurn:
    given = {"speaker": Speaker.LEARNER, "status": TurnStatus.HEARD, "started_ms": 0, "ended_ms": 900, **changes}
    return NewTurn(item_id=item, text=text, **given)  # type: ignore[arg-type]


def add(attempt_id: UUID, *turns: NewTurn, epoch: int = 1, seq: int = 7, usage: tuple[Usage, ...] = ()) -> None:
    append(attempt_id, epoch=epoch, seq=seq, turns=turns, usage=usage, engine="Practice engine")


def take(attempt_id: UUID) -> None:
    lifecycle.take(attempt_id)
    db.session.commit()


def told(attempt_id: UUID) -> list[tuple[int, str]]:
    return [(said.number, said.text) for said in transcript.turns_of(load(attempt_id))]


def test_turns_are_numbered_in_the_order_they_are_given(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        take(attempt_id)
        add(attempt_id, turn("z", "First"))
        add(attempt_id, turn("y", "Second", speaker=Speaker.PERSONA), turn("a", "Third"), seq=9)
        assert told(attempt_id) == [(1, "First"), (2, "Second"), (3, "Third")]
        assert load(attempt_id).seq == 9


def test_a_turn_is_kept_as_it_was_said(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    words = 'He said "no" \\ ’til Ω 😀'
    with as_member(app, cast.lea):
        take(attempt_id)
        add(attempt_id, turn("a", words, started_ms=500, ended_ms=100, persona_state={"openness": 40}), turn("b", ""))
        kept, other = transcript.turns_of(load(attempt_id))
        assert (kept.text, kept.started_ms, kept.ended_ms, kept.persona_state) == (words, 500, 500, {"openness": 40})
        assert (other.text, other.persona_state) == ("", None)


def test_an_item_that_arrives_twice_is_one_turn_and_leaves_no_gap(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        take(attempt_id)
        add(attempt_id, turn("a", "Hello"))
        add(attempt_id, turn("a", "Hello again"), turn("b", "Go on"))
        assert told(attempt_id) == [(1, "Hello"), (2, "Go on")]


def test_a_cost_reported_twice_is_entered_once(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        take(attempt_id)
        add(attempt_id, usage=(ANSWER,))
        add(attempt_id, turn("a"), usage=(ANSWER,))
        entries = db.session.scalars(select(UsageEntry).where(UsageEntry.attempt_id == attempt_id)).all()
        assert [(entry.provider_ref, entry.text_in, entry.audio_out) for entry in entries] == [("sess/resp_1", 40, 120)]


def test_who_lost_the_attempt_adds_nothing(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        take(attempt_id)
        take(attempt_id)
        with pytest.raises(lifecycle.Superseded) as refusal:
            add(attempt_id, turn("a"), epoch=1, usage=(ANSWER,))
        assert refusal.value.code == "taken_over"
        assert told(attempt_id) == []


def test_nothing_is_added_to_an_attempt_that_is_over(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        lifecycle.complete(lifecycle.take(attempt_id), reason=EndReason.LEARNER)
        db.session.commit()
        with pytest.raises(lifecycle.Superseded) as refusal:
            add(attempt_id, turn("a"))
        assert refusal.value.code == "attempt_over"


def test_another_organization_adds_nothing(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        take(attempt_id)
    with as_member(app, cast.ben), pytest.raises(lifecycle.Superseded):
        add(attempt_id, turn("a"))
    with as_member(app, cast.lea):
        assert told(attempt_id) == []


def test_an_epoch_that_is_not_committed_is_no_ground_to_add_upon(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        lifecycle.take(attempt_id)
        with pytest.raises(RuntimeError, match="not committed"):
            add(attempt_id, turn("a"))


def test_what_was_added_is_committed(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        take(attempt_id)
        add(attempt_id, turn("a", "Hello"))
    with as_member(app, cast.lea):
        assert told(attempt_id) == [(1, "Hello")]
