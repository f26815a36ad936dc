"""An attempt from start to end. No function here commits; whoever opened the transaction does."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import ColumnElement

from roleplay.assignments import practising
from roleplay.assignments.models import PracticeSession
from roleplay.attempts.models import Attempt, AttemptStatus, EndReason, Mode
from roleplay.scenarios.models import ScenarioVersion
from tenants import audit
from tenants.clock import now
from tenants.db import db
from tenants.errors import Conflict, Forbidden
from tenants.members import Member
from tenants.outbox import later
from tenants.permissions import Permission

EXTENSION = timedelta(minutes=2)
LONGEST = timedelta(minutes=55)
"""For members who practise without a time limit; a provider's own limit is 60 minutes."""
PAUSE_LIMIT = timedelta(minutes=15)
"""All pauses of an attempt together."""
GRACE = timedelta(seconds=60)
"""How long a live attempt may outlast its clock before somebody else closes it."""


class Superseded(Conflict):
    """This epoch may not write any more: another socket took over (`taken_over`) or the attempt is over."""


def start(
    version: ScenarioVersion, *, by: Member, mode: Mode, practice_session: PracticeSession | None = None
) -> Attempt:
    """A new live attempt. Raises `Conflict` `attempt_live`, about the id of the live one, when the member has one; or
    why the session is closed."""
    if not by.may(Permission.ATTEMPTS_START):
        raise Forbidden
    _refuse_second(by)
    at = now()
    if practice_session:
        practising.begin(practice_session, at=at)
    attempt = Attempt(
        member_id=by.id,
        scenario_version_id=version.id,
        practice_session_id=practice_session.id if practice_session else None,
        number=_next_number(version, by, practice_session),
        mode=mode,
        started_at=at,
        ends_at=at + _time_limit(version, by),
    )
    try:
        with db.session.begin_nested():
            db.session.add(attempt)
    except IntegrityError:
        _refuse_second(by)
        raise
    audit.record("attempt.started", by=by, about=attempt.id, mode=mode)
    return attempt


def live_attempt_of(member: Member) -> Attempt | None:
    """The member's live attempt, to go on with or to end."""
    return db.session.scalar(
        select(Attempt).where(Attempt.member_id == member.id, Attempt.status == AttemptStatus.LIVE)
    )


def _refuse_second(member: Member) -> None:
    live = live_attempt_of(member)
    if live is None:
        return
    if _clock_runs_until(live) + GRACE > now():
        raise Conflict(code="attempt_live", about=live.id)
    complete(live, reason=_overdue_reason(live))
    db.session.flush()


def _next_number(version: ScenarioVersion, member: Member, session: PracticeSession | None) -> int:
    same = Attempt.practice_session_id == session.id if session else Attempt.scenario_version_id == version.id
    last = db.session.scalar(select(func.max(Attempt.number)).where(Attempt.member_id == member.id, same))
    return (last or 0) + 1


def _time_limit(version: ScenarioVersion, member: Member) -> timedelta:
    return LONGEST if member.preferences.get("untimed") else timedelta(minutes=version.content.time_limit_minutes)


def continue_in(attempt: Attempt, mode: Mode) -> None:
    """Goes on by voice or by text; the next socket of the attempt opens that way."""
    if attempt.status == AttemptStatus.LIVE:
        attempt.mode = mode


def take(attempt_id: UUID) -> Attempt:
    """Makes the caller the only one who may write, by a new epoch; the first one starts the clock."""
    attempt = _locked(attempt_id)
    if attempt is None or attempt.status != AttemptStatus.LIVE:
        raise Superseded(code="attempt_over")
    if attempt.epoch == 0:
        start_clock(attempt)
    attempt.epoch += 1
    return attempt


def start_clock(attempt: Attempt) -> None:
    """The whole of its time begins now."""
    at = now()
    attempt.started_at, attempt.ends_at = at, at + (attempt.ends_at - attempt.started_at)


def held(attempt_id: UUID, epoch: int) -> Attempt:
    """The attempt, locked for a write by the holder of `epoch`. Raises `Superseded`."""
    attempt = _locked(attempt_id)
    if attempt is None or attempt.status != AttemptStatus.LIVE:
        raise Superseded(code="attempt_over")
    if attempt.epoch != epoch:
        raise Superseded(code="taken_over")
    return attempt


def _locked(attempt_id: UUID) -> Attempt | None:
    query = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    return db.session.scalar(query, execution_options={"populate_existing": True})


def pause(attempt: Attempt) -> None:
    """Stops the clock. Raises `Conflict` `pause_used_up` when all allowed pauses were taken."""
    if attempt.paused_at is None:
        if pause_left(attempt) <= timedelta():
            raise Conflict(code="pause_used_up")
        attempt.paused_at = now()


def resume(attempt: Attempt) -> None:
    """Sets the clock going again, later by the time of the pause."""
    if attempt.paused_at is not None:
        pause_time = now() - attempt.paused_at
        attempt.paused_ms += round(pause_time / timedelta(milliseconds=1))
        attempt.ends_at += pause_time
        attempt.paused_at = None


def pause_left(attempt: Attempt) -> timedelta:
    """Of the whole allowance, not counting a pause that goes on."""
    return PAUSE_LIMIT - timedelta(milliseconds=attempt.paused_ms)


def may_extend(attempt: Attempt) -> bool:
    return not (attempt.extended or attempt.version.content.fixed_time)


def extend(attempt: Attempt) -> None:
    """Adds two minutes, once. Raises `Conflict` `already_extended`, or `fixed_time` where the author allows none."""
    if not may_extend(attempt):
        raise Conflict(code="already_extended" if attempt.extended else "fixed_time")
    attempt.extended = True
    attempt.ends_at += EXTENSION


def complete(attempt: Attempt, *, reason: EndReason, by: Member | None = None) -> bool:
    """Ends a live attempt and queues its evaluation, in the caller's transaction. False when it was over already."""
    current = _locked(attempt.id)
    if current is None or current.status != AttemptStatus.LIVE:
        return False
    resume(current)
    current.status = AttemptStatus.ENDED
    current.ended_at = min(now(), current.ends_at)
    current.end_reason = reason
    if current.practice_session_id:
        practising.count_attempt(current.practice_session_id, 1)
    audit.record("attempt.ended", by=by, about=current.id, reason=reason)
    later("evaluate_attempt", attempt_id=current.id)
    return True


def _clock_runs_until(attempt: Attempt) -> datetime:
    return attempt.paused_at + pause_left(attempt) if attempt.paused_at else attempt.ends_at


def _overdue_reason(attempt: Attempt) -> EndReason:
    return EndReason.PAUSE if attempt.paused_at else EndReason.TIME


def _is_overdue() -> ColumnElement[bool]:
    pause_over = Attempt.paused_at + PAUSE_LIMIT - func.make_interval(0, 0, 0, 0, 0, 0, Attempt.paused_ms / 1000.0)
    clock = case((Attempt.paused_at.is_not(None), pause_over), else_=Attempt.ends_at)
    return (Attempt.status == AttemptStatus.LIVE) & (clock < now() - GRACE)


def organizations_with_overdue() -> list[UUID]:
    """Where `close_overdue` has work to do (operations scope)."""
    return list(db.session.scalars(select(Attempt.organization_id).where(_is_overdue()).distinct()))


def close_overdue() -> int:
    """Ends the live attempts of the scope's organization whose clock ran out with nobody there to end them."""
    overdue = db.session.scalars(select(Attempt).where(_is_overdue()).with_for_update(skip_locked=True)).all()
    return sum(complete(attempt, reason=_overdue_reason(attempt)) for attempt in overdue)
