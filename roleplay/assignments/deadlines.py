"""The deadline of what was given without a rhythm, moved or lifted afterwards. A week's deadline is its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update

from roleplay.assignments import reminding
from roleplay.assignments.models import Assignment, Participant, PracticeSession
from tenants import audit
from tenants.db import db
from tenants.members import Member


@dataclass(frozen=True, slots=True)
class OpenDeadlines:
    """Of the sessions without a rhythm that are still to do."""

    sessions: int
    earliest: datetime | None
    latest: datetime | None


def open_deadlines(assignment: Assignment) -> OpenDeadlines:
    deadline = PracticeSession.deadline_at
    query = _open(assignment).with_only_columns(func.count(), func.min(deadline), func.max(deadline))
    return OpenDeadlines(*db.session.execute(query).one())


def move_deadline(assignment: Assignment, deadline_at: datetime | None, *, by: Member) -> int:
    """Gives every participant who still has to practise this deadline, or none, and tells them and their calendars.
    Returns how many had another one. What was practised stays as it was."""
    found = db.session.execute(_open(assignment).with_for_update(of=PracticeSession)).all()
    changed = [row for row in found if row.deadline_at != deadline_at]
    if changed:
        sessions = update(PracticeSession).where(PracticeSession.id.in_([row.session_id for row in changed]))
        db.session.execute(sessions.values(deadline_at=deadline_at))
        _tell(changed, deadline_at)
        audit.record("deadline.moved", by=by, about=assignment.scenario_id, sessions=len(changed))
    return len({row.participant_id for row in changed})


def _tell(changed: Sequence[Any], deadline_at: datetime | None) -> None:
    participant_ids = list({row.participant_id for row in changed})
    touched = update(Participant).where(Participant.id.in_(participant_ids))
    db.session.execute(touched.values(calendar_sequence=Participant.calendar_sequence + 1))
    if deadline_at:
        reminding.tell_of_move(participant_ids, deadline_at)
    else:
        reminding.tell_of_lifting({row.participant_id: row.deadline_at for row in changed})


def _open(assignment: Assignment) -> Select[UUID, datetime | None, UUID]:
    return (
        select(
            PracticeSession.id.label("session_id"),
            PracticeSession.deadline_at,
            Participant.id.label("participant_id"),
        )
        .join(
            Participant,
            (Participant.organization_id == PracticeSession.organization_id)
            & (Participant.assignment_id == PracticeSession.assignment_id)
            & (Participant.member_id == PracticeSession.member_id),
        )
        .where(
            PracticeSession.assignment_id == assignment.id,
            PracticeSession.week.is_(None),
            PracticeSession.attempt_count == 0,
            Participant.removed_at.is_(None),
        )
    )
