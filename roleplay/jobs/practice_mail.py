"""E-mails about practice that was assigned: an invitation, a reminder before a deadline and one after it, and what
became of a deadline."""

from collections.abc import Callable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from roleplay.assignments.letters import Letter, letter_for, mark_sent
from roleplay.assignments.models import NoticeKind
from roleplay.jobs.deadline_file import deadline_file
from roleplay.jobs.mail import compose
from roleplay.jobs.means import means, settings
from tenants.db import db

SUBJECTS: dict[NoticeKind, Callable[[Letter], str]] = {
    NoticeKind.INVITATION: lambda letter: _("Practise “%(scenario)s”", scenario=letter.scenario),
    NoticeKind.BEFORE: lambda letter: _("Still to practise: “%(scenario)s”", scenario=letter.scenario),
    NoticeKind.AFTER: lambda letter: _("The deadline of “%(scenario)s” has passed", scenario=letter.scenario),
    NoticeKind.MOVED: lambda letter: _("Another deadline for “%(scenario)s”", scenario=letter.scenario),
    NoticeKind.LIFTED: lambda letter: _("“%(scenario)s” has no deadline any more", scenario=letter.scenario),
    NoticeKind.REMOVED: lambda letter: _("You need not practise “%(scenario)s” any more", scenario=letter.scenario),
}


def send_notice(notice_id: str) -> None:
    """Sends one invitation, reminder or change. A second run finds it sent, and what has no point any more stays."""
    letter = letter_for(UUID(notice_id))
    if letter is None:
        return
    language = letter.recipient.language or letter.organization.language
    zone = letter.recipient.time_zone or letter.organization.time_zone
    link = _link(letter)
    email = compose(
        "practice",
        to=letter.recipient.email,
        language=language,
        time_zone=zone,
        subject=lambda: SUBJECTS[letter.notice.kind](letter),
        attachments=lambda: [deadline_file(letter, link=link, zone=zone)],
        kind=letter.notice.kind,
        letter=letter,
        name=letter.recipient.name,
        link=link,
        left=lambda: ngettext("%(num)d session", "%(num)d sessions", len(letter.sessions)),
    )
    means().mailer.send(email)
    mark_sent(letter)
    db.session.commit()


def _link(letter: Letter) -> str:
    """To the session when there is one, to the list when there are several."""
    place = f"{settings().public_url.rstrip('/')}/o/{letter.organization.slug}/sessions"
    return f"{place}/{letter.sessions[0].id}" if len(letter.sessions) == 1 else place
