"""The catalog: what is published to the learners of an organization, as cards."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Integer, select

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


def list_catalog(*, search: str = "", kind: ScenarioType | None = None) -> list[Card]:
    """The newest version of every published scenario, by title; `search` looks in title, summary and persona."""
    text = ScenarioVersion.text
    summary, persona = text["summary"].astext, text["persona"]
    query = (
        select(
            Scenario.id,
            ScenarioVersion.title,
            summary,
            ScenarioVersion.type,
            ScenarioVersion.language,
            text["difficulty"].astext,
            text["time_limit_minutes"].astext.cast(Integer),
            persona["name"].astext,
            persona["job"].astext,
        )
        .join(
            ScenarioVersion,
            (ScenarioVersion.organization_id == Scenario.organization_id)
            & (ScenarioVersion.scenario_id == Scenario.id)
            & (ScenarioVersion.number == Scenario.version_number),
        )
        .where(Scenario.published_at.is_not(None), Scenario.archived_at.is_(None), Scenario.deleted_at.is_(None))
        .order_by(ScenarioVersion.title)
    )
    for word in search.split()[:8]:
        query = query.where(
            ScenarioVersion.title.icontains(word, autoescape=True)
            | summary.icontains(word, autoescape=True)
            | persona["name"].astext.icontains(word, autoescape=True)
            | persona["job"].astext.icontains(word, autoescape=True)
        )
    if kind:
        query = query.where(ScenarioVersion.type == kind)
    return [Card(*row) for row in db.session.execute(query)]
