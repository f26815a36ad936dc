"""How a page names the engine that will speak and judge."""

from flask import current_app

from roleplay.settings import Settings
from roleplay.web.words import engine_name


def engine_label() -> str:
    return engine_name(_settings().engine_label)


def asks_for_words() -> bool:
    """Whether the embedded engine sends what is said to a server, which words the answers."""
    return _settings().uses_practice_engine and bool(_settings().dialogue_base_url)


def speaks_as_the_samples() -> bool:
    """Whether conversations are spoken by the engine that the samples of the voices were made with."""
    return _settings().uses_practice_engine


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
