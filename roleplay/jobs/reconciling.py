"""What nobody picked up is called again, and what outlived its time is ended or forgotten."""

from datetime import timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from roleplay.attempts import lifecycle
from roleplay.attempts.models import AttemptTicket
from roleplay.jobs.waking import wake_again
from tenants import outbox
from tenants.clock import now
from tenants.db import db
from tenants.scope import operations_scope, organization_scope
from tenants.sign_ins import SignIn, SignInLink

KEPT = timedelta(days=30)
"""How long a sign-in that ended, and work that was done, can still be looked at."""
_log = structlog.get_logger()


def reconcile() -> None:
    """Repeats the wake-up calls that led to nothing, and ends the live attempts whose clock ran out unattended."""
    close_overdue_attempts()
    with operations_scope():
        calls = outbox.unheard()
        db.session.commit()
    wake_again(calls)


def close_overdue_attempts() -> None:
    with operations_scope():
        organizations = lifecycle.organizations_with_overdue()
    for organization_id in organizations:
        try:
            with organization_scope(organization_id):
                closed = lifecycle.close_overdue()
                db.session.commit()
            _log.info("overdue_attempts_closed", organization_id=str(organization_id), count=closed)
        except SQLAlchemyError as error:
            _log.warning("overdue_attempts_left", organization_id=str(organization_id), error=type(error).__name__)


def forget_expired() -> None:
    """Deletes sign-ins, links, tickets and finished work that nobody can use any more, in every organization."""
    at = now()
    with operations_scope():
        db.session.execute(delete(SignIn).where(SignIn.expires_at < at - KEPT))
        db.session.execute(delete(SignIn).where(SignIn.revoked_at < at - KEPT))
        db.session.execute(delete(SignInLink).where(SignInLink.expires_at < at - timedelta(days=1)))
        db.session.execute(delete(AttemptTicket).where(AttemptTicket.expires_at < at - timedelta(days=1)))
        outbox.forget_done(before=at - KEPT)
        db.session.commit()
