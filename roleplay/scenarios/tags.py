"""Tags on scenarios: pick, type to create, and find by several at once."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, delete, func, select

from roleplay.scenarios.models import Scenario, ScenarioTag
from tenants import audit
from tenants.db import db
from tenants.members import Member
from tenants.tags import Tag, tags_named

MOST_TAGS = 20


def retag(scenario: Scenario, names: Iterable[str], *, by: Member) -> None:
    """Gives the scenario exactly these tags; new names become tags of the organization."""
    wanted = set(tags_named(names)[:MOST_TAGS])
    db.session.execute(
        delete(ScenarioTag).where(ScenarioTag.scenario_id == scenario.id, ScenarioTag.tag_id.not_in(wanted))
    )
    existing = set(db.session.scalars(select(ScenarioTag.tag_id).where(ScenarioTag.scenario_id == scenario.id)))
    db.session.add_all(ScenarioTag(scenario_id=scenario.id, tag_id=tag_id) for tag_id in wanted - existing)
    db.session.flush()
    audit.record("scenario.tagged", by=by, about=scenario.id, tags=len(wanted))


def tags_of(scenario_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The names of the tags of each scenario, in one query."""
    found: dict[UUID, list[str]] = {scenario_id: [] for scenario_id in scenario_ids}
    query = (
        select(ScenarioTag.scenario_id, Tag.name)
        .join(Tag, (Tag.organization_id == ScenarioTag.organization_id) & (Tag.id == ScenarioTag.tag_id))
        .where(ScenarioTag.scenario_id.in_(scenario_ids))
        .order_by(func.lower(Tag.name))
    )
    for scenario_id, name in db.session.execute(query):
        found[scenario_id].append(name)
    return found


def tags_in_use() -> list[str]:
    """The names of tags that at least one scenario carries."""
    carried = select(ScenarioTag.tag_id)
    return list(db.session.scalars(select(Tag.name).where(Tag.id.in_(carried)).order_by(func.lower(Tag.name))))


def carrying(names: Iterable[str]) -> list[Select[UUID]]:
    """For each name, the ids of the scenarios that carry the tag; a row has to be in all of them."""
    return [
        select(ScenarioTag.scenario_id)
        .join(Tag, (Tag.organization_id == ScenarioTag.organization_id) & (Tag.id == ScenarioTag.tag_id))
        .where(func.lower(Tag.name) == name.lower())
        for name in names
    ]
