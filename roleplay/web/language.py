"""The interface's language and time zone: the person's own, else the browser's, else the organization's."""

from flask import Flask, g, request
from flask_babel import Babel, get_locale

from roleplay.web.signed_in import signed_in

LANGUAGES = {"en": "English", "fr": "Français"}


def register(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=_language, timezone_selector=_time_zone)
    app.context_processor(lambda: {"locale": str(get_locale()), "LANGUAGES": LANGUAGES})


def _language() -> str | None:
    present = signed_in()
    chosen = present.identity.language if present else request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    organization = g.get("organization")
    return request.accept_languages.best_match(LANGUAGES, default=organization.language if organization else "en")


def _time_zone() -> str | None:
    present = signed_in()
    organization = g.get("organization")
    return (present and present.identity.time_zone) or (organization.time_zone if organization else None)
