"""What an e-mail to a participant says. Whether there still is anything to say is asked when it goes out: no reminder
reaches somebody who has practised, was removed or has left, and nobody hears of a change who was never invited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, exists, select

from roleplay.assignments.models import Assignment, Notice, NoticeKind, Participant, PracticeSession
from roleplay.assignments.weeks import day_of
from roleplay.scenarios.models import Scenario
from tenants.clock import now
from tenants.db import db
from tenants.identities import Identity
from tenants.members import Member
from tenants.organizations import Organization
from tenants.scope import current_organization_id

CHANGES = frozenset({NoticeKind.MOVED, NoticeKind.LIFTED, NoticeKind.REMOVED})
WITHDRAWALS = frozenset({NoticeKind.LIFTED, NoticeKind.REMOVED})
"""They take the deadline out of a calendar."""


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

    @property
    def week(self) -> date | None:
        """Which entry of a calendar it is about: that of a week, or the one of an assignment without a rhythm."""
        if self.notice.kind == NoticeKind.REMOVED:
            return self.notice.week
        return next((session.week for session in self.sessions if session.deadline_at == self.deadline_at), None)


def letter_for(notice_id: UUID) -> Letter | None:
    """What is to be sent, with the notice locked; None when it was sent, or there is nothing to say any more."""
    locked = select(Notice).where(Notice.id == notice_id).with_for_update()
    notice = db.session.scalar(locked, execution_options={"populate_existing": True})
    if notice is None or notice.sent_at or not _reaches(notice):
        return None
    participant = notice.participant
    organization = db.session.get_one(Organization, current_organization_id())
    assignment, scenario = db.session.execute(_assigned(participant)).one()
    sessions = [each for each in _to_do(participant) if _concerns(each, notice, organization.time_zone)]
    if notice.kind != NoticeKind.REMOVED and not _has_a_point(notice, scenario, sessions):
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


def _reaches(notice: Notice) -> bool:
    participant = notice.participant
    if participant.member.deactivated_at or bool(participant.removed_at) != (notice.kind == NoticeKind.REMOVED):
        return False
    return notice.kind not in CHANGES or _was_told(participant)


def _was_told(participant: Participant) -> bool:
    told = exists().where(Notice.participant_id == participant.id, Notice.sent_at.is_not(None))
    return bool(db.session.scalar(select(told)))


def _has_a_point(notice: Notice, scenario: Scenario, sessions: Sequence[PracticeSession]) -> bool:
    closed = scenario.deleted_at or (scenario.archived_at and notice.kind == NoticeKind.AFTER)
    return bool(sessions) and not closed


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
    deadline = session.deadline_at
    if notice.kind == NoticeKind.INVITATION:
        return deadline is None or deadline > now()
    if notice.kind == NoticeKind.LIFTED:
        return session.week is None and deadline is None
    if notice.kind == NoticeKind.REMOVED or (notice.kind == NoticeKind.MOVED and session.week):
        return False
    return deadline is not None and day_of(deadline, zone) == notice.due_on
