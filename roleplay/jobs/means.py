"""What jobs work with: the judge and the mailer that the composition root chose."""

from collections.abc import Callable
from functools import cached_property

from flask import current_app

from roleplay.ports import Evaluator, Files, Mailer
from roleplay.settings import Settings


class Means:
    def __init__(self, *, evaluator: Callable[[], Evaluator], mailer: Mailer) -> None:
        self._make_evaluator = evaluator
        self.mailer = mailer

    @cached_property
    def evaluator(self) -> Evaluator:
        """Made when it is first needed, because a judge may bring a model that only a worker should load."""
        return self._make_evaluator()


def means() -> Means:
    found: Means = current_app.extensions["jobs"]
    return found


def files() -> Files:
    found: Files = current_app.extensions["files"]
    return found


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
