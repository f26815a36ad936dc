"""The table of scenarios with who practises them (feature P2): sorted, filtered and paged by the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from roleplay.assignments.models import Assignment, Participant
from roleplay.scenarios.content import ScenarioType
from roleplay.scenarios.models import Scenario, ScenarioDraft
from roleplay.scenarios.tags import carrying, tags_of
from tenants.db import db
from tenants.identities import Identity
from tenants.members import Member

PAGE = 25
MOST_IN_FILE = 10_000
Rows = Select[*tuple[Any, ...]]


class Standing(StrEnum):
    """Where a scenario stands, from the author's desk to the archive."""

    DRAFT = "draft"
    READY = "ready"
    """In use for whoever is invited, not in the catalog."""
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the table asks for."""

    search: str = ""
    type: ScenarioType | None = None
    standing: Standing | None = None
    tags: tuple[str, ...] = ()
    mine: bool = False
    sort: str = "-created"
    page: int = 1


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    id: UUID
    title: str
    type: ScenarioType | None
    persona: str
    participants: int
    sessions_per_week: int | None
    created_by: str | None
    """None for a scenario of the library."""
    created_at: datetime
    standing: Standing
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioPage:
    rows: Sequence[ScenarioRow]
    total: int
    page: int
    pages: int


def standing_of(scenario: Scenario) -> Standing:
    if scenario.archived_at:
        return Standing.ARCHIVED
    if scenario.published_at:
        return Standing.PUBLISHED
    return Standing.READY if scenario.version_number else Standing.DRAFT


_creator = aliased(Identity)
_participants = (
    select(func.count())
    .where(
        Participant.organization_id == Assignment.organization_id,
        Participant.assignment_id == Assignment.id,
        Participant.removed_at.is_(None),
    )
    .correlate(Assignment)
    .scalar_subquery()
)
SORTS: dict[str, ColumnElement[Any]] = {
    "name": func.lower(Scenario.title),
    "type": Scenario.type.expression,
    "persona": func.lower(Scenario.persona_name),
    "participants": func.coalesce(_participants, 0),
    "frequency": func.coalesce(Assignment.sessions_per_week, 0),
    "creator": func.lower(_creator.name),
    "created": Scenario.created_at.expression,
}


def list_scenarios(wanted: Wanted, *, by: Member) -> ScenarioPage:
    """One page, in three queries however many scenarios there are."""
    total = db.session.scalar(_narrowed(select(func.count(Scenario.id)), wanted, by)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, wanted.page), pages)
    query = _narrowed(_columns(), wanted, by)
    rows = _rows(_sorted(query, wanted.sort).offset((page - 1) * PAGE).limit(PAGE))
    return ScenarioPage(rows, total, page, pages)


def every_scenario(wanted: Wanted, *, by: Member) -> list[ScenarioRow]:
    """The same as a file takes it: all pages, `MOST_IN_FILE` rows at most."""
    return _rows(_sorted(_narrowed(_columns(), wanted, by), wanted.sort).limit(MOST_IN_FILE))


def _columns() -> Rows:
    return select(Scenario, func.coalesce(_participants, 0), Assignment.sessions_per_week, _creator.name)


def _rows(query: Rows) -> list[ScenarioRow]:
    rows = [_row(*found) for found in db.session.execute(query)]
    tags = tags_of([row.id for row in rows])
    return [replace(row, tags=tuple(tags[row.id])) for row in rows]


def _row(scenario: Scenario, participants: int, sessions_per_week: int | None, creator: str | None) -> ScenarioRow:
    return ScenarioRow(
        id=scenario.id,
        title=scenario.title,
        type=ScenarioType(scenario.type) if scenario.type else None,
        persona=scenario.persona_name,
        participants=participants,
        sessions_per_week=sessions_per_week,
        created_by=creator,
        created_at=scenario.created_at,
        standing=standing_of(scenario),
    )


def _narrowed(query: Rows, wanted: Wanted, by: Member) -> Rows:
    query = (
        query.select_from(Scenario)
        .outerjoin(
            Assignment,
            (Assignment.organization_id == Scenario.organization_id) & (Assignment.scenario_id == Scenario.id),
        )
        .outerjoin(Scenario.created_by)
        .outerjoin(_creator, _creator.id == Member.identity_id)
        .where(
            Scenario.deleted_at.is_(None),
            Scenario.is_personal.is_(False),
            *_standing(wanted.standing),
            *_written(),
        )
    )
    if wanted.type:
        query = query.where(Scenario.type == wanted.type)
    if wanted.mine:
        query = query.where(Scenario.created_by_id == by.id)
    for word in wanted.search.split()[:8]:
        columns = (Scenario.title, Scenario.persona_name, _creator.name)
        query = query.where(func.concat_ws(" ", *columns).icontains(word, autoescape=True))
    for carriers in carrying(wanted.tags):
        query = query.where(Scenario.id.in_(carriers))
    return query


def _written() -> tuple[ColumnElement[bool]]:
    """Not the ones that somebody opened and never wrote a word of."""
    untouched = select(ScenarioDraft.scenario_id).where(ScenarioDraft.revision == 0)
    return ((Scenario.version_number > 0) | Scenario.id.not_in(untouched),)


def _standing(standing: Standing | None) -> tuple[ColumnElement[bool], ...]:
    if standing is Standing.ARCHIVED:
        return (Scenario.archived_at.is_not(None),)
    here = Scenario.archived_at.is_(None)
    if standing is Standing.PUBLISHED:
        return (here, Scenario.published_at.is_not(None))
    if standing is Standing.READY:
        return (here, Scenario.published_at.is_(None), Scenario.version_number > 0)
    if standing is Standing.DRAFT:
        return (here, Scenario.version_number == 0)
    return (here,)


def _sorted(query: Rows, sort: str) -> Rows:
    column = SORTS.get(sort.removeprefix("-"), SORTS["created"])
    ordered = column.desc().nulls_last() if sort.startswith("-") else column.asc().nulls_last()
    return query.order_by(ordered, Scenario.id)
