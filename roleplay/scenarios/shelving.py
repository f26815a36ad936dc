"""Where a scenario stands: in the catalog, in the archive, or gone. Attempts and debriefs stay through all of it."""

from roleplay.scenarios.authoring import draft_of, put_in_use
from roleplay.scenarios.models import Scenario, ScenarioVersion
from roleplay.scenarios.validity import content_of
from roleplay.scenarios.versions import freeze, publish, version_in_use
from tenants import audit
from tenants.clock import now
from tenants.db import db
from tenants.errors import Conflict, Forbidden
from tenants.members import Member


def publish_draft(scenario: Scenario, *, by: Member) -> ScenarioVersion:
    """Into the catalog, out of the archive if need be. Raises `Invalid` `scenario_not_valid`."""
    version = version_in_use(scenario) if scenario.is_from_library else None
    version = version or put_in_use(scenario, by=by)
    scenario.archived_at = None
    return publish(scenario, version.content, by=by)


def archive(scenario: Scenario, *, by: Member) -> None:
    """Out of the catalog. Sessions that people already have can still be practised."""
    if scenario.archived_at is None:
        scenario.archived_at = now()
        audit.record("scenario.archived", by=by, about=scenario.id)


def delete(scenario: Scenario, *, by: Member) -> None:
    """Gone from every list. Only its creator may; its versions, attempts and debriefs stay."""
    if scenario.created_by_id != by.id:
        raise Forbidden(code="creator_only")
    if scenario.deleted_at is not None:
        raise Conflict(code="deleted")
    scenario.deleted_at = now()
    audit.record("scenario.deleted", by=by, about=scenario.id)
    db.session.flush()


def version_to_test(scenario: Scenario) -> ScenarioVersion:
    """A frozen copy of the present text, for a test by its author; what others practise does not change.

    Raises `Invalid` `scenario_not_valid`.
    """
    draft = draft_of(scenario)
    version = version_in_use(scenario)
    if version and not draft.revision:
        return version
    return freeze(scenario, content_of(draft.text))
