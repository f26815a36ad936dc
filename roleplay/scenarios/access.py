"""The only way to a scenario by its id."""

from uuid import UUID

from sqlalchemy import select

from roleplay.scenarios.models import Scenario, ScenarioVersion
from roleplay.scenarios.versions import version_in_use
from tenants.db import db
from tenants.errors import Forbidden, NotFound
from tenants.members import Member
from tenants.permissions import Permission


def access_published(member: Member, scenario_id: UUID) -> ScenarioVersion:
    """The version in use of a scenario in the catalog."""
    scenario = db.session.scalar(select(Scenario).where(Scenario.id == scenario_id))
    version = version_in_use(scenario) if scenario and scenario.is_in_catalog else None
    if version is None or not member.may(Permission.CATALOG_READ):
        raise NotFound
    return version


def access_scenario(member: Member, scenario_id: UUID, *, to: Permission = Permission.SCENARIOS_READ) -> Scenario:
    """The scenario, in the making or not. `NotFound` for whoever may not see it; `Forbidden` `authors_only` for whoever
    sees it and may not do this."""
    here = (Scenario.deleted_at.is_(None), Scenario.is_personal.is_(False))
    scenario = db.session.scalar(select(Scenario).where(Scenario.id == scenario_id, *here))
    if scenario is None or not member.may(Permission.SCENARIOS_READ):
        raise NotFound
    if not member.may(to):
        raise Forbidden(code="authors_only")
    return scenario
