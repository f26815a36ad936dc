"""How a page names the engine that will speak and judge."""

from flask import current_app

from roleplay.settings import Settings
from roleplay.web.words import engine_name


def engine_label() -> str:
    settings: Settings = current_app.extensions["settings"]
    return engine_name(settings.engine_label)
