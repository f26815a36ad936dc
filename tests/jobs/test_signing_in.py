"""The sign-in e-mail: short, in the reader's language, with a link that works and that only the reader has."""

import re
from uuid import UUID

import pytest
from flask import Flask
from rq import Queue

from roleplay.jobs.performing import perform
from roleplay.ports import Email
from tenants import outbox
from tenants.db import db
from tenants.errors import ProviderFailed
from tenants.identities import Identity
from tenants.outbox import OutboxEntry
from tenants.scope import platform_scope
from tenants.sign_ins import link_is_open
from tests.cast import Cast
from tests.jobs.conftest import KeptMail
from tests.practice import as_member


def ask_for_link(app: Flask, cast: Cast, identity_id: UUID) -> None:
    with as_member(app, cast.lea):
        entry = outbox.later("send_sign_in_link", identity_id=identity_id)
        db.session.commit()
    with app.app_context():
        perform(str(entry.organization_id), str(entry.id))


def secret_in(email: Email) -> str:
    found = re.search(r"http://localhost/sign-in/link/(\S+)", email.text)
    assert found
    return found[1]


def test_the_link_goes_to_the_member_and_works(app: Flask, cast: Cast, mail: KeptMail, queue: Queue) -> None:
    ask_for_link(app, cast, cast.lea.identity_id)
    (email,) = mail.sent
    assert (email.to, email.subject) == ("lea@example.com", "Your sign-in link for Roleplay")
    assert email.text.startswith("Hello Lea,")
    assert f'href="http://localhost/sign-in/link/{secret_in(email)}"' in email.html
    with app.app_context(), platform_scope():
        assert link_is_open(secret_in(email))


def test_the_secret_lies_neither_in_the_outbox_nor_in_the_queue(
    app: Flask, cast: Cast, mail: KeptMail, queue: Queue
) -> None:
    ask_for_link(app, cast, cast.lea.identity_id)
    secret = secret_in(mail.sent[0])
    with as_member(app, cast.lea):
        stored = db.session.query(OutboxEntry).one()
        assert secret not in repr(stored.arguments)
    for key in queue.connection.scan_iter():
        assert secret.encode() not in queue.connection.dump(key)


def test_the_style_is_inlined_and_nothing_is_loaded(app: Flask, cast: Cast, mail: KeptMail, queue: Queue) -> None:
    ask_for_link(app, cast, cast.lea.identity_id)
    html = mail.sent[0].html
    assert re.search(r'<a class="button"[^>]* style="[^"]*background', html)
    assert "prefers-color-scheme" in html
    assert not re.search(r'<(img|link|script)\b|src="', html)


def test_the_reader_s_own_language_is_used(
    app: Flask, cast: Cast, mail: KeptMail, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), platform_scope():
        db.session.get_one(Identity, cast.lea.identity_id).language = "fr"
        db.session.commit()
    ask_for_link(app, cast, cast.lea.identity_id)
    assert '<html lang="fr"' in mail.sent[0].html


def test_a_name_cannot_smuggle_markup_into_the_letter(app: Flask, cast: Cast, mail: KeptMail, queue: Queue) -> None:
    with app.app_context(), platform_scope():
        db.session.get_one(Identity, cast.lea.identity_id).name = "<b>Lea</b>"
        db.session.commit()
    ask_for_link(app, cast, cast.lea.identity_id)
    assert "&lt;b&gt;Lea" in mail.sent[0].html


@pytest.mark.parametrize("who", ["ben", "sam"])
def test_nobody_outside_the_organization_is_written_to(
    app: Flask, cast: Cast, mail: KeptMail, queue: Queue, who: str
) -> None:
    ask_for_link(app, cast, getattr(cast, who).identity_id)
    assert mail.sent == []


def test_a_mail_server_that_is_away_gets_another_try(app: Flask, cast: Cast, mail: KeptMail, queue: Queue) -> None:
    mail.refusal = ProviderFailed(code="mail_unreachable", recoverable=True)
    ask_for_link(app, cast, cast.lea.identity_id)
    with as_member(app, cast.lea):
        entry = db.session.query(OutboxEntry).one()
        assert (entry.error, entry.failed_at, entry.leased_until) == ("mail_unreachable", None, None)


def test_without_a_mail_server_the_letter_is_kept_for_the_demo_s_page(app: Flask, cast: Cast, queue: Queue) -> None:
    ask_for_link(app, cast, cast.lea.identity_id)
    (letter, *_) = app.extensions["mailbox"]()
    assert (letter.to, letter.subject) == ("lea@example.com", "Your sign-in link for Roleplay")
