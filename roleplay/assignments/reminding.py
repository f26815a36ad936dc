"""When a participant is written to: the invitation, a reminder before a deadline and one after it, and a word when the
deadline moves or goes.

Each e-mail is a Notice, written before it is queued, so that there is never a second one about the same.
`letters` has what they say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert

from roleplay.assignments.models import Notice, NoticeKind, Participant, PracticeSession
from roleplay.assignments.weeks import EVE, LATEST, day_of, reminder_after, reminder_before
from tenants.clock import now
from tenants.db import db
from tenants.members import Member
from tenants.organizations import Organization
from tenants.outbox import later
from tenants.scope import current_organization_id

AT_ONCE = 1000
"""Notices in one statement."""


@dataclass(frozen=True, slots=True)
class _Due:
    """The columns of a Notice to be written."""

    participant_id: UUID
    kind: NoticeKind
    due_on: date
    week: date | None = None


def _zone() -> str:
    return db.session.get_one(Organization, current_organization_id()).time_zone


def announce(participants: Sequence[Participant]) -> None:
    """Queues an invitation for each; once more for those who come back on the day of their last one."""
    zone = _zone()
    _queue([_Due(one.id, NoticeKind.INVITATION, day_of(one.joined_at, zone)) for one in participants], again=True)


def tell_of_move(participant_ids: Sequence[UUID], deadline_at: datetime) -> None:
    """Queues the news of another deadline; so late, it is the reminder before the deadline as well."""
    zone = _zone()
    due_on = day_of(deadline_at, zone)
    _queue([_Due(each, NoticeKind.MOVED, due_on) for each in participant_ids], again=True)
    if participant_ids and reminder_before(deadline_at, zone) <= now():
        _take_as_sent([_Due(each, NoticeKind.BEFORE, due_on) for each in participant_ids])


def tell_of_lifting(deadlines: dict[UUID, datetime]) -> None:
    """Queues the news that these participants have no deadline any more. `deadlines`: the one that each had."""
    zone = _zone()
    _queue([_Due(each, NoticeKind.LIFTED, day_of(at, zone)) for each, at in deadlines.items()], again=True)


def tell_of_removal(participant: Participant, open_sessions: Sequence[PracticeSession]) -> None:
    """Queues the news for somebody whose calendar holds a deadline that is still to come."""
    zone, at = _zone(), now()
    ahead = {(each.week, each.deadline_at) for each in open_sessions if each.deadline_at and each.deadline_at > at}
    dues = {day_of(deadline, zone): week for week, deadline in ahead}
    _queue([_Due(participant.id, NoticeKind.REMOVED, day, week) for day, week in dues.items()], again=True)


def queue_due() -> int:
    """Queues the reminders whose time has come in the scope's organization, and returns how many."""
    return _queue(list(_due(now(), _zone())))


def _due(at: datetime, zone: str) -> Iterator[_Due]:
    query = (
        select(Participant.id, Participant.joined_at, PracticeSession.deadline_at)
        .join(PracticeSession, _gives())
        .join(Participant.member)
        .where(
            PracticeSession.attempt_count == 0,
            PracticeSession.deadline_at.between(*_news(at)),
            Participant.removed_at.is_(None),
            Member.deactivated_at.is_(None),
        )
        .distinct()
    )
    for participant_id, joined_at, deadline in db.session.execute(query):
        assert deadline
        before, after = reminder_before(deadline, zone), reminder_after(deadline, zone)
        if before <= at < deadline and joined_at < before:
            yield _Due(participant_id, NoticeKind.BEFORE, day_of(deadline, zone))
        elif after <= at < after + LATEST:
            yield _Due(participant_id, NoticeKind.AFTER, day_of(deadline, zone))


def organizations_with_deadlines() -> list[UUID]:
    """Where `queue_due` may have something to do (operations scope)."""
    query = select(PracticeSession.organization_id).where(
        PracticeSession.attempt_count == 0,
        PracticeSession.assignment_id.is_not(None),
        PracticeSession.deadline_at.between(*_news(now())),
    )
    return list(db.session.scalars(query.distinct()))


def _news(at: datetime) -> tuple[datetime, datetime]:
    """The deadlines that a reminder may be about, a day more than exact on both sides."""
    return at - LATEST - timedelta(days=2), at + EVE + timedelta(days=1)


def _gives() -> ColumnElement[bool]:
    return (
        (PracticeSession.organization_id == Participant.organization_id)
        & (PracticeSession.assignment_id == Participant.assignment_id)
        & (PracticeSession.member_id == Participant.member_id)
    )


def _queue(dues: Sequence[_Due], *, again: bool = False) -> int:
    """Writes the notices, queues their mails and returns how many. One that was written before goes out `again` or
    not at all."""
    rows = [asdict(due) for due in dict.fromkeys(dues)]
    count = 0
    for start in range(0, len(rows), AT_ONCE):
        new = insert(Notice).values(rows[start : start + AT_ONCE])
        unsent = {"sent_at": None, "week": new.excluded.week}
        kept = new.on_conflict_do_update("uq_notice_kind", set_=unsent) if again else new.on_conflict_do_nothing()
        for notice_id in db.session.scalars(kept.returning(Notice.id)).all():
            later("send_notice", notice_id=notice_id)
            count += 1
    return count


def _take_as_sent(dues: Sequence[_Due]) -> None:
    rows = [{**asdict(due), "sent_at": now()} for due in dues]
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(Notice).values(rows[start : start + AT_ONCE]).on_conflict_do_nothing())
