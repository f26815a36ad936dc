"""Roleplay Scenarios: the table, one scenario, and the six steps in which it is written."""

from flask import Blueprint

blueprint = Blueprint("scenarios", __name__, url_prefix="/scenarios")

from roleplay.web.scenarios import detail, files, refusals, table, tagging, wizard  # noqa: E402 - they add to it

__all__ = ["blueprint", "detail", "files", "refusals", "table", "tagging", "wizard"]
