"""Versions: a changed text becomes a new one, an unchanged one does not."""

from uuid import UUID

from sqlalchemy import select

from roleplay.scenarios.content import ScenarioContent
from roleplay.scenarios.models import Scenario, ScenarioVersion, digest_of
from tenants import audit
from tenants.clock import now
from tenants.db import db
from tenants.members import Member


def newest_version(scenario_id: UUID) -> ScenarioVersion | None:
    query = (
        select(ScenarioVersion)
        .where(ScenarioVersion.scenario_id == scenario_id)
        .order_by(ScenarioVersion.number.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def version_in_use(scenario: Scenario) -> ScenarioVersion | None:
    """What the catalog shows and assignments give; None before there is one."""
    return db.session.scalar(
        select(ScenarioVersion).where(
            ScenarioVersion.scenario_id == scenario.id, ScenarioVersion.number == scenario.version_number
        )
    )


def freeze(scenario: Scenario, content: ScenarioContent) -> ScenarioVersion:
    """A version of this text, to be practised or tested; it is in use only after `use`."""
    digest = digest_of(content)
    newest = newest_version(scenario.id)
    for known in (version_in_use(scenario), newest):
        if known and known.digest == digest:
            return known
    version = ScenarioVersion(
        scenario_id=scenario.id,
        number=newest.number + 1 if newest else 1,
        title=content.title,
        type=content.type,
        language=content.language,
        text=content.model_dump(mode="json"),
        digest=digest,
    )
    db.session.add(version)
    db.session.flush()
    return version


def use(scenario: Scenario, content: ScenarioContent, *, by: Member | None) -> ScenarioVersion:
    """Puts the text in use and returns its version. Attempts and open sessions keep the version they began with."""
    version = freeze(scenario, content)
    if version.number != scenario.version_number:
        scenario.version_number = version.number
        audit.record("scenario.changed", by=by, about=scenario.id, version=version.number)
    scenario.title, scenario.type, scenario.persona_name = content.title, content.type, content.persona.name
    db.session.flush()
    return version


def publish(scenario: Scenario, content: ScenarioContent, *, by: Member | None) -> ScenarioVersion:
    """Puts the text in use and in the catalog."""
    before = scenario.version_number
    version = use(scenario, content, by=by)
    if scenario.published_at is None or version.number != before:
        scenario.published_at = scenario.published_at or now()
        audit.record("scenario.published", by=by, about=scenario.id, version=version.number)
    return version
