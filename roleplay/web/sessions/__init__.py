"""Roleplay Training: the table of sessions, the history of one, and a new session in four steps."""

from flask import Blueprint

blueprint = Blueprint("sessions", __name__, url_prefix="/sessions")

from roleplay.web.sessions import history, steps, table  # noqa: E402 - they add to it

__all__ = ["blueprint", "history", "steps", "table"]
