"""Publishing: a changed text becomes a new version, an unchanged one does not."""

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


def publish(scenario: Scenario, content: ScenarioContent, *, by: Member | None) -> ScenarioVersion:
    """Publishes the text and returns its version: a new one, or the newest when nothing changed."""
    newest = newest_version(scenario.id)
    scenario.published_at = scenario.published_at or now()
    if newest and newest.digest == digest_of(content):
        return newest
    version = ScenarioVersion(
        scenario_id=scenario.id,
        number=scenario.version_number + 1,
        title=content.title,
        type=content.type,
        language=content.language,
        text=content.model_dump(mode="json"),
        digest=digest_of(content),
    )
    scenario.version_number = version.number
    db.session.add(version)
    db.session.flush()
    audit.record("scenario.published", by=by, about=scenario.id, version=version.number)
    return version
