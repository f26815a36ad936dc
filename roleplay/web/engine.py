"""How a page names the engine that will speak and judge."""

from flask import current_app
from flask_babel import gettext as _

from roleplay.settings import Settings


def engine_label() -> str:
    settings: Settings = current_app.extensions["settings"]
    return str(_("Practice engine") if settings.uses_practice_engine else _("OpenAI Realtime"))
