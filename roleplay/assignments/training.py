"""The table of practice sessions (feature P1): sorted, filtered and paged by the database.

One page takes two queries however many sessions there are. Counting stops at `MOST_COUNTED`: an exact number beyond it
would cost more than it tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from roleplay.assignments.models import PracticeSession, SessionStatus, status_of
from roleplay.scenarios.content import ScenarioType
from roleplay.scenarios.models import Scenario, ScenarioVersion
from tenants.clock import now
from tenants.db import db
from tenants.identities import Identity
from tenants.members import Member, named
from tenants.permissions import Permission

PAGE = 25
Rows = Select[*tuple[Any, ...]]
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the table asks for."""

    search: str = ""
    status: SessionStatus | None = None
    type: ScenarioType | None = None
    participant: str = ""
    """Name or e-mail, for whoever sees the sessions of others."""
    scenario_id: UUID | None = None
    """Only what was given out with this scenario, for whoever may look at it."""
    sort: str = "-created"
    page: int = 1


@dataclass(frozen=True, slots=True)
class SessionRow:
    id: UUID
    name: str
    attempts: int
    deadline_at: datetime | None
    type: ScenarioType | None
    persona: str
    created_at: datetime
    participant: str
    created_by: str
    is_own: bool

    @property
    def status(self) -> SessionStatus:
        return status_of(self.attempts, self.deadline_at)


@dataclass(frozen=True, slots=True)
class SessionPage:
    rows: Sequence[SessionRow]
    total: int
    """At most `MOST_COUNTED`."""
    is_more: bool
    """There are more than were counted."""
    page: int
    pages: int


_participant, _creator = aliased(Member), aliased(Member)
_participant_name, _creator_name = aliased(Identity), aliased(Identity)


def _status_order() -> ColumnElement[int]:
    overdue = PracticeSession.deadline_at < now()
    return case((PracticeSession.attempt_count > 0, 2), (overdue, 0), else_=1)


SORTS = ("name", "attempts", "status", "deadline", "type", "persona", "participant", "creator", "created")
_COLUMNS: dict[str, ColumnElement[Any]] = {
    "name": func.lower(PracticeSession.name),
    "attempts": PracticeSession.attempt_count.expression,
    "deadline": PracticeSession.deadline_at.expression,
    "type": PracticeSession.type.expression,
    "persona": func.lower(PracticeSession.persona_name),
    "participant": func.lower(_participant_name.name),
    "creator": func.lower(_creator_name.name),
    "created": PracticeSession.created_at.expression,
}


def list_sessions(wanted: Wanted, *, by: Member) -> SessionPage:
    """The member's own sessions, and the assigned ones of everybody for `SESSIONS_READ_ANY`."""
    narrowed = _narrowed(select(PracticeSession.id), wanted, by)
    counted = db.session.scalar(select(func.count()).select_from(narrowed.limit(MOST_COUNTED + 1).subquery())) or 0
    total = min(counted, MOST_COUNTED)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, wanted.page), pages)
    ids = _sorted(narrowed, wanted.sort).offset((page - 1) * PAGE).limit(PAGE)
    rows = _rows(ids, wanted.sort, by) if total else []
    return SessionPage(rows, total, counted > MOST_COUNTED, page, pages)


def every_session(wanted: Wanted, *, by: Member) -> list[SessionRow]:
    """The same as a file takes it: all pages, `MOST_COUNTED` rows at most."""
    ids = _sorted(_narrowed(select(PracticeSession.id), wanted, by), wanted.sort)
    return _rows(ids.limit(MOST_COUNTED), wanted.sort, by)


def due_first(member: Member, *, limit: int) -> list[SessionRow]:
    """What to do next: open sessions by deadline, then the newest of the others."""
    mine = select(PracticeSession.id).where(PracticeSession.member_id == member.id)
    done = PracticeSession.attempt_count > 0
    first = mine.order_by(done, PracticeSession.deadline_at.asc().nulls_last(), PracticeSession.created_at.desc())
    rows = {row.id: row for row in _rows(first.limit(limit), "-created", member)}
    return [rows[found] for found in db.session.scalars(first.limit(limit)) if found in rows]


def sessions_with(contact_id: UUID, *, by: Member) -> list[SessionRow]:
    """The member's own sessions with this contact, newest first."""
    ids = (
        select(PracticeSession.id)
        .join(
            ScenarioVersion,
            (ScenarioVersion.organization_id == PracticeSession.organization_id)
            & (ScenarioVersion.id == PracticeSession.scenario_version_id),
        )
        .join(
            Scenario,
            (Scenario.organization_id == ScenarioVersion.organization_id)
            & (Scenario.id == ScenarioVersion.scenario_id),
        )
        .where(Scenario.contact_id == contact_id, PracticeSession.member_id == by.id)
    )
    return _rows(ids.limit(100), "-created", by)


def _rows(ids: Rows, sort: str, by: Member) -> list[SessionRow]:
    chosen = ids.subquery()
    query = (
        select(
            PracticeSession.id,
            PracticeSession.name,
            PracticeSession.attempt_count,
            PracticeSession.deadline_at,
            PracticeSession.type,
            PracticeSession.persona_name,
            PracticeSession.created_at,
            _participant_name.name,
            _creator_name.name,
            PracticeSession.member_id == by.id,
        )
        .join(chosen, chosen.c.id == PracticeSession.id)
        .join(_participant, _is(_participant, PracticeSession.member_id))
        .join(_participant_name, _participant_name.id == _participant.identity_id)
        .join(_creator, _is(_creator, PracticeSession.created_by_id))
        .join(_creator_name, _creator_name.id == _creator.identity_id)
    )
    return [SessionRow(*row) for row in db.session.execute(_ordered(query, sort))]


def _is(member: type[Member], member_id: Any) -> ColumnElement[bool]:
    return and_(member.organization_id == PracticeSession.organization_id, member.id == member_id)


def _narrowed(query: Rows, wanted: Wanted, by: Member) -> Rows:
    query = query.where(_visible(wanted, by), *_with_status(wanted.status))
    if wanted.type:
        query = query.where(PracticeSession.type == wanted.type)
    others = wanted.scenario_id or by.may(Permission.SESSIONS_READ_ANY)
    for word in wanted.participant.split()[:8] if others else []:
        query = query.where(PracticeSession.member_id.in_(_people(word)))
    for word in wanted.search.split()[:8]:
        said = func.concat_ws(" ", PracticeSession.name, PracticeSession.persona_name)
        query = query.where(said.icontains(word, autoescape=True))
    return query


def _visible(wanted: Wanted, by: Member) -> ColumnElement[bool]:
    mine, assigned = PracticeSession.member_id == by.id, PracticeSession.is_private.is_(False)
    if wanted.scenario_id is None:
        return mine | assigned if by.may(Permission.SESSIONS_READ_ANY) else mine
    versions = select(ScenarioVersion.id).where(ScenarioVersion.scenario_id == wanted.scenario_id)
    given = assigned & PracticeSession.scenario_version_id.in_(versions)
    return given if by.may(Permission.ATTEMPTS_READ_ANY) else given & mine


def _people(word: str) -> Select[UUID]:
    return select(Member.id).join(Identity, Identity.id == Member.identity_id).where(*named(word))


def _with_status(status: SessionStatus | None) -> tuple[ColumnElement[bool], ...]:
    if status is None:
        return ()
    if status is SessionStatus.COMPLETED:
        return (PracticeSession.attempt_count > 0,)
    overdue = func.coalesce(PracticeSession.deadline_at < now(), False)
    return (PracticeSession.attempt_count == 0, overdue if status is SessionStatus.OVERDUE else ~overdue)


def _sorted(query: Rows, sort: str) -> Rows:
    """Only a sort by people reads who they are before it has chosen the page."""
    if sort.removeprefix("-") == "participant":
        query = query.join(_participant, _is(_participant, PracticeSession.member_id)).join(
            _participant_name, _participant_name.id == _participant.identity_id
        )
    if sort.removeprefix("-") == "creator":
        query = query.join(_creator, _is(_creator, PracticeSession.created_by_id)).join(
            _creator_name, _creator_name.id == _creator.identity_id
        )
    return _ordered(query, sort)


def _ordered(query: Rows, sort: str) -> Rows:
    key = sort.removeprefix("-")
    column = _status_order() if key == "status" else _COLUMNS.get(key, _COLUMNS["created"])
    ordered = column.desc() if sort.startswith("-") else column.asc()
    return query.order_by(ordered.nulls_last() if key in {"deadline", "type"} else ordered, PracticeSession.id)
