"""E-mails to participants: the invitation, a reminder before a deadline and one after it.

Each is a Notice, written before the mail is queued, so that there is never a second one. Whether it still is to be sent
is asked again when it goes out: nothing goes to somebody who has practised, was removed or has left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.dialects.postgresql import insert

from roleplay.assignments.models import Assignment, Notice, NoticeKind, Participant, PracticeSession
from roleplay.assignments.weeks import EVE, LATEST, day_of, reminder_after, reminder_before
from roleplay.scenarios.models import Scenario
from tenants.clock import now
from tenants.db import db
from tenants.identities import Identity
from tenants.members import Member
from tenants.organizations import Organization
from tenants.outbox import later
from tenants.scope import current_organization_id


@dataclass(frozen=True, slots=True)
class Letter:
    """What one notice says, to whom."""

    notice: Notice
    organization: Organization
    recipient: Identity
    invited_by: str
    scenario: str
    instructions: str | None
    sessions: Sequence[PracticeSession]
    """Those that are still to do; for a reminder only those of its deadline."""
    per_week: int | None

    @property
    def deadline_at(self) -> datetime | None:
        return min((session.deadline_at for session in self.sessions if session.deadline_at), default=None)


def announce(participants: Sequence[Participant]) -> None:
    """Queues an invitation for each."""
    organization = db.session.get_one(Organization, current_organization_id())
    for one in participants:
        _queue(one.id, NoticeKind.INVITATION, day_of(one.joined_at, organization.time_zone))


def queue_due() -> int:
    """Queues the reminders whose time has come in the scope's organization, and returns how many."""
    at = now()
    zone = db.session.get_one(Organization, current_organization_id()).time_zone
    return sum(_queue(*due) for due in list(_due(at, zone)))


def _due(at: datetime, zone: str) -> Iterator[tuple[UUID, NoticeKind, date]]:
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
            yield participant_id, NoticeKind.BEFORE, day_of(deadline, zone)
        elif after <= at < after + LATEST:
            yield participant_id, NoticeKind.AFTER, day_of(deadline, zone)


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


def _queue(participant_id: UUID, kind: NoticeKind, due_on: date) -> bool:
    """False when the notice was queued before."""
    row = insert(Notice).values(participant_id=participant_id, kind=kind, due_on=due_on)
    notice_id = db.session.scalar(row.on_conflict_do_nothing().returning(Notice.id))
    if notice_id:
        later("send_notice", notice_id=notice_id)
    return notice_id is not None


def letter_for(notice_id: UUID) -> Letter | None:
    """What is to be sent, with the notice locked; None when it was sent, or there is nothing to say any more."""
    locked = select(Notice).where(Notice.id == notice_id).with_for_update()
    notice = db.session.scalar(locked, execution_options={"populate_existing": True})
    if notice is None or notice.sent_at:
        return None
    participant = notice.participant
    if participant.removed_at or participant.member.deactivated_at:
        return None
    organization = db.session.get_one(Organization, current_organization_id())
    assignment, scenario = db.session.execute(_assigned(participant)).one()
    sessions = [each for each in _to_do(participant) if _concerns(each, notice, organization.time_zone)]
    if not sessions or scenario.deleted_at or (scenario.archived_at and notice.kind == NoticeKind.AFTER):
        return None
    inviter = db.session.get_one(Member, (participant.organization_id, participant.invited_by_id))
    return Letter(
        notice=notice,
        organization=organization,
        recipient=participant.member.identity,
        invited_by=inviter.name,
        scenario=scenario.title,
        instructions=assignment.instructions,
        sessions=sessions,
        per_week=assignment.sessions_per_week,
    )


def mark_sent(letter: Letter) -> None:
    letter.notice.sent_at = now()


def _assigned(participant: Participant) -> Select[Assignment, Scenario]:
    return (
        select(Assignment, Scenario)
        .join(
            Scenario,
            (Scenario.organization_id == Assignment.organization_id) & (Scenario.id == Assignment.scenario_id),
        )
        .where(Assignment.id == participant.assignment_id)
    )


def _to_do(participant: Participant) -> Sequence[PracticeSession]:
    query = (
        select(PracticeSession)
        .where(
            PracticeSession.assignment_id == participant.assignment_id,
            PracticeSession.member_id == participant.member_id,
            PracticeSession.attempt_count == 0,
        )
        .order_by(PracticeSession.deadline_at, PracticeSession.ordinal, PracticeSession.id)
    )
    return db.session.scalars(query).all()


def _concerns(session: PracticeSession, notice: Notice, zone: str) -> bool:
    if notice.kind == NoticeKind.INVITATION:
        return session.deadline_at is None or session.deadline_at > now()
    return session.deadline_at is not None and day_of(session.deadline_at, zone) == notice.due_on
