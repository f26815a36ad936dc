"""The only way to a scenario by its id."""

from uuid import UUID

from sqlalchemy import select

from roleplay.scenarios.models import Scenario, ScenarioVersion
from roleplay.scenarios.versions import newest_version
from tenants.db import db
from tenants.errors import NotFound
from tenants.members import Member
from tenants.permissions import Permission


def access_published(member: Member, scenario_id: UUID) -> ScenarioVersion:
    """The newest version of a scenario in the catalog."""
    scenario = db.session.scalar(
        select(Scenario).where(
            Scenario.id == scenario_id, Scenario.published_at.is_not(None), Scenario.archived_at.is_(None)
        )
    )
    version = newest_version(scenario.id) if scenario else None
    if version is None or not member.may(Permission.CATALOG_READ):
        raise NotFound
    return version
