"""What outlived its time: live attempts are ended and judged, dead secrets and finished work are forgotten."""

from datetime import timedelta

import time_machine
from flask import Flask
from rq import Queue

from roleplay.attempts import tickets
from roleplay.attempts.models import AttemptStatus, AttemptTicket
from roleplay.jobs import reconciling
from tenants.clock import now
from tenants.db import db
from tenants.identities import Identity
from tenants.scope import platform_scope
from tenants.sign_ins import Method, SignIn, SignInLink, issue_link, sign_in
from tests.cast import Cast
from tests.jobs.conftest import KeptMail
from tests.practice import as_member, load, start_attempt


def test_a_call_that_nobody_ended_is_ended_and_its_evaluation_queued(
    app: Flask, cast: Cast, mail: KeptMail, queue: Queue
) -> None:
    lea, ben = start_attempt(app, cast.lea), start_attempt(app, cast.ben)
    with app.app_context(), time_machine.travel(now() + timedelta(minutes=7)):
        reconciling.reconcile()
    for person, attempt_id in ((cast.lea, lea), (cast.ben, ben)):
        with as_member(app, person):
            assert load(attempt_id).status == AttemptStatus.ENDED
    assert queue.count == 2


def test_expired_secrets_are_forgotten_and_live_ones_are_not(app: Flask, cast: Cast) -> None:
    def keep_one_of_each() -> None:
        with app.app_context(), platform_scope():
            identity = db.session.get_one(Identity, cast.lea.identity_id)
            sign_in(identity, method=Method.LINK)
            issue_link(identity)
            db.session.commit()
        with as_member(app, cast.lea):
            tickets.issue(load(attempt_id), to=None)
            db.session.commit()

    attempt_id = start_attempt(app, cast.lea)
    with time_machine.travel(now() - timedelta(days=60)):
        keep_one_of_each()
    keep_one_of_each()
    with app.app_context():
        reconciling.forget_expired()
    with app.app_context(), platform_scope():
        assert [db.session.query(kind).count() for kind in (SignIn, SignInLink)] == [1, 1]
    with as_member(app, cast.lea):
        assert db.session.query(AttemptTicket).count() == 1
