"""E-mails from templates: a text and an HTML part that say the same, in the reader's language."""

from collections.abc import Callable
from typing import Any

from css_inline import CSSInliner
from flask import render_template
from flask_babel import force_locale

from roleplay.ports import Email

_inliner = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
"""Many mail readers ignore style sheets; those that do not keep the rules for dark themes and narrow screens."""


def compose(template: str, *, to: str, language: str, subject: Callable[[], str], **context: Any) -> Email:
    """Renders `emails/<template>.txt` and `.html`. `subject` is called in the reader's language."""
    with force_locale(language):
        words = {**context, "locale": language, "subject": subject()}
        text = render_template(f"emails/{template}.txt", **words).lstrip()
        html = _inliner.inline(render_template(f"emails/{template}.html", **words))
        return Email(to=to, subject=words["subject"], text=text, html=html)
