"""What was said, in the order it was said. Writers hold the attempt (`lifecycle.held`) and commit themselves."""

from typing import Any

from sqlalchemy import delete, func, select, update

from roleplay.attempts.models import Attempt, Turn, TurnStatus
from roleplay.ports import Speaker
from tenants.db import db


def record_turn(
    attempt: Attempt,
    *,
    item_id: str,
    speaker: Speaker,
    text: str,
    status: TurnStatus,
    started_ms: int,
    ended_ms: int,
    persona_state: dict[str, Any] | None = None,
) -> int:
    """Appends a turn and returns its number. An item that is there already stays as it is and keeps its number."""
    known = db.session.scalar(select(Turn.number).where(Turn.attempt_id == attempt.id, Turn.item_id == item_id))
    if known is not None:
        return known
    last = db.session.scalar(select(func.max(Turn.number)).where(Turn.attempt_id == attempt.id))
    turn = Turn(
        attempt_id=attempt.id,
        number=(last or 0) + 1,
        item_id=item_id,
        speaker=speaker,
        text=text,
        status=status,
        started_ms=started_ms,
        ended_ms=max(started_ms, ended_ms),
        persona_state=persona_state,
    )
    db.session.add(turn)
    db.session.flush()
    return turn.number


def revise_turn(attempt: Attempt, item_id: str, *, text: str, status: TurnStatus, ended_ms: int | None = None) -> None:
    """Corrects a turn to what was really heard: a persona cut short, or a learner transcribed late."""
    values: dict[str, Any] = {"text": text, "status": status}
    if ended_ms is not None:
        values["ended_ms"] = ended_ms
    db.session.execute(update(Turn).where(Turn.attempt_id == attempt.id, Turn.item_id == item_id).values(**values))


def drop_turn(attempt: Attempt, item_id: str) -> None:
    """Takes back the last turn, of which nothing was heard."""
    db.session.execute(delete(Turn).where(Turn.attempt_id == attempt.id, Turn.item_id == item_id))


def turns_of(attempt: Attempt) -> list[Turn]:
    return list(db.session.scalars(select(Turn).where(Turn.attempt_id == attempt.id).order_by(Turn.number)))
