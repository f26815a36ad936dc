"""Browsers for the cast: a test client that is signed in as somebody, the form token included."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from roleplay.scenarios.library import stock
from tenants import sign_ins
from tenants.db import db
from tenants.identities import Identity
from tenants.scope import organization_scope, platform_scope
from tenants.sign_ins import Method
from tests.cast import Cast, Person

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """A test client that fetches a form's token before it posts, as a person's browser would."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        page = self.client.get("/sign-in").get_data(as_text=True)
        token = _TOKEN.search(page)
        assert token, "the sign-in page has a form token"
        return self.client.post(path, data={"csrf_token": token[1], **(data or {})}, **options)


Enter = Callable[[Person], Browser]


def browser_of(app: Flask, person: Person) -> Browser:
    with app.app_context(), platform_scope():
        identity = db.session.get(Identity, person.identity_id)
        assert identity
        secret = sign_ins.sign_in(identity, method=Method.LINK)
        db.session.commit()
    client = app.test_client()
    client.set_cookie("sign-in", secret)
    return Browser(client)


@pytest.fixture
def anonymous(app: Flask, cast: Cast) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def enter(app: Flask, cast: Cast) -> Enter:
    """A browser that is signed in as the person given."""

    return lambda person: browser_of(app, person)


@pytest.fixture
def stocked(app: Flask, cast: Cast) -> None:
    """Both organizations have the library on their shelves."""
    for person in (cast.olivia, cast.bea):
        assert person.organization_id
        with app.app_context(), organization_scope(person.organization_id):
            stock()
            db.session.commit()
