"""One transaction for each request: opened with its scope, committed once when the answer is good, else rolled back."""

from contextlib import AbstractContextManager, ExitStack
from typing import Any

from flask import Flask, Response, g

from tenants.db import db
from tenants.scope import Scope


def register(app: Flask) -> None:
    app.after_request(_commit)
    app.teardown_request(_leave)


def enter(scope: AbstractContextManager[Scope]) -> None:
    """Opens the scope that the rest of this request works in."""
    if "scopes" not in g:
        g.scopes = ExitStack()
    g.scopes.enter_context(scope)


def _commit(response: Response) -> Response:
    if "scopes" in g:
        if response.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
    return response


def _leave(_error: BaseException | None) -> Any:
    scopes: ExitStack | None = g.pop("scopes", None)
    if scopes:
        scopes.close()
