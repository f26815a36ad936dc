"""The help centre: short pages for people in the middle of something."""

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _

from tenants.errors import NotFound

blueprint = Blueprint("help_centre", __name__, url_prefix="/help")

PAGES = {
    "first-conversation": _("Your first conversation"),
    "microphone": _("Microphone and sound"),
    "debrief": _("Reading your debrief"),
    "sessions": _("Your sessions"),
    "scenarios": _("Writing a scenario"),
    "assignments": _("Giving practice to a team"),
    "report": _("Reading the report"),
    "understanding-ai": _("Understanding AI in Roleplay"),
    "privacy": _("Who sees what"),
}


@blueprint.get("")
def index() -> str:
    return render_template("help/index.html", pages=PAGES)


@blueprint.get("/<page>")
def show(page: str) -> str:
    if page not in PAGES:
        raise NotFound
    return render_template(f"help/{page}.html", pages=PAGES, page=page)
