"""The e-mail that signs somebody in."""

from uuid import UUID

from flask_babel import gettext as _

from roleplay.jobs.mail import compose
from roleplay.jobs.means import means, settings
from tenants.db import db
from tenants.members import find_member
from tenants.organizations import Organization
from tenants.scope import current_organization_id
from tenants.sign_ins import LINK_LIFETIME, issue_link


def send_sign_in_link(identity_id: str) -> None:
    """Sends a fresh sign-in link to a member. The link is made here, so that its secret lies in no queue; a second run
    sends another, and the one before stops working."""
    member = find_member(UUID(identity_id))
    if member is None:
        return
    organization = db.session.get_one(Organization, current_organization_id())
    secret = issue_link(member.identity)
    db.session.commit()
    email = compose(
        "sign_in_link",
        to=member.identity.email,
        language=member.identity.language or organization.language,
        subject=lambda: _("Your sign-in link for Roleplay"),
        name=member.name,
        link=f"{settings().public_url.rstrip('/')}/sign-in/link/{secret}",
        minutes=LINK_LIFETIME.seconds // 60,
    )
    means().mailer.send(email)
