"""The catalog: what is published to the learners of an organization, as cards."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, func, select

from roleplay.scenarios.content import ScenarioType
from roleplay.scenarios.models import Scenario, ScenarioVersion
from tenants.db import db


@dataclass(frozen=True, slots=True)
class Card:
    scenario_id: UUID
    title: str
    summary: str
    type: ScenarioType
    language: str
    difficulty: str
    minutes: int
    persona_name: str
    persona_job: str


def list_catalog(
    *,
    search: str = "",
    kind: ScenarioType | None = None,
    language: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> list[Card]:
    """The version in use of every published scenario, those in `language` first, by title; `search` looks in title,
    summary and persona.

    The texts of scenarios are large: they are read for the cards that are shown alone.
    """
    order = (ScenarioVersion.language != language, ScenarioVersion.title, ScenarioVersion.id)
    shown = (
        _published(select(ScenarioVersion.organization_id, ScenarioVersion.id), search, kind)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    query = (
        select(
            ScenarioVersion.scenario_id,
            ScenarioVersion.title,
            _SUMMARY,
            ScenarioVersion.type,
            ScenarioVersion.language,
            ScenarioVersion.text["difficulty"].astext,
            ScenarioVersion.text["time_limit_minutes"].astext.cast(Integer),
            _PERSONA["name"].astext,
            _PERSONA["job"].astext,
        )
        .join(shown, (shown.c.organization_id == ScenarioVersion.organization_id) & (shown.c.id == ScenarioVersion.id))
        .order_by(*order)
    )
    return [Card(*row) for row in db.session.execute(query)]


def count_catalog(*, search: str = "", kind: ScenarioType | None = None) -> int:
    return db.session.scalar(_published(select(func.count()), search, kind)) or 0


_SUMMARY = ScenarioVersion.text["summary"].astext
_PERSONA = ScenarioVersion.text["persona"]


def _published(query: Select[*tuple[Any, ...]], search: str, kind: ScenarioType | None) -> Select[*tuple[Any, ...]]:
    query = query.select_from(Scenario).join(
        ScenarioVersion,
        (ScenarioVersion.organization_id == Scenario.organization_id)
        & (ScenarioVersion.scenario_id == Scenario.id)
        & (ScenarioVersion.number == Scenario.version_number),
    )
    query = query.where(
        Scenario.published_at.is_not(None), Scenario.archived_at.is_(None), Scenario.deleted_at.is_(None)
    )
    for word in search.split()[:8]:
        query = query.where(ScenarioVersion.searched.icontains(word, autoescape=True))
    return query.where(ScenarioVersion.type == kind) if kind else query
