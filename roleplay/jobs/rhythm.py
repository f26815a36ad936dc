"""The rhythm of assignments: a new week's sessions, and the reminders whose time has come."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from roleplay.assignments import reminding, scheduling
from roleplay.assignments.weeks import week_of
from tenants import outbox
from tenants.clock import now
from tenants.db import db
from tenants.scope import operations_scope, organization_scope

_log = structlog.get_logger()


def open_week() -> None:
    """Makes the present week's sessions of every assignment with a rhythm; a second run finds them made."""
    made = scheduling.open_week()
    _log.info("week_opened", count=made)


def keep_rhythm() -> None:
    """Queues `open_week` where the present week is not open yet, and the reminders that are due, organization by
    organization. After a pause, however long, it does what the present asks for and nothing of the past."""
    at = now()
    with operations_scope():
        behind = [
            organization_id
            for organization_id, zone, opened in scheduling.rhythms()
            if opened is None or opened < week_of(at, zone)
        ]
        awaited = reminding.organizations_with_deadlines()
    for organization_id in behind:
        with _alone(organization_id):
            if not outbox.is_waiting("open_week"):
                outbox.later("open_week")
    for organization_id in awaited:
        with _alone(organization_id):
            reminding.queue_due()


@contextmanager
def _alone(organization_id: UUID) -> Iterator[None]:
    """One organization, whose trouble is not that of the next."""
    try:
        with organization_scope(organization_id):
            yield
            db.session.commit()
    except SQLAlchemyError as error:
        _log.warning("rhythm_left", organization_id=str(organization_id), error=type(error).__name__)
