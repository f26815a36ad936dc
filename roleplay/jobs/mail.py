"""E-mails from templates: a text and an HTML part that say the same, in the reader's language."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from css_inline import CSSInliner
from flask import render_template
from flask_babel import force_locale, format_datetime

from roleplay.ports import Attachment, Email

_inliner = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
"""Many mail readers ignore style sheets; those that do not keep the rules for dark themes and narrow screens."""


def compose(
    template: str,
    *,
    to: str,
    language: str,
    subject: Callable[[], str],
    attachments: Callable[[], Sequence[Attachment | None]] = tuple,
    time_zone: str = "UTC",
    **context: Any,
) -> Email:
    """Renders `emails/<template>.txt` and `.html`. `subject` and `attachments` are called in the reader's language;
    `moment` says an instant in the reader's time zone."""

    def moment(at: datetime) -> str:
        return str(format_datetime(at.astimezone(ZoneInfo(time_zone)), "EEEE d MMMM, HH:mm", rebase=False))

    with force_locale(language):
        words = {**context, "locale": language, "subject": subject(), "moment": moment}
        text = render_template(f"emails/{template}.txt", **words).lstrip()
        html = _inliner.inline(render_template(f"emails/{template}.html", **words))
        attached = [one for one in attachments() if one]
        return Email(to=to, subject=words["subject"], text=text, html=html, attachments=attached)
