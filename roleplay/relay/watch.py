"""Asks every few seconds, for all calls of the process at once, whether they may go on.

One question for a thousand calls costs what one for a single call does. It only raises doubts: what a doubtful call is
told, it finds out in its own organization's scope.
"""

from collections.abc import Iterable
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tenants.clock import now
from tenants.db import db
from tenants.scope import operations_scope

if TYPE_CHECKING:
    from roleplay.relay.call import Call

CHECK_EVERY = 5.0
_IN_ORDER = text("""
    select held.attempt_id
    from unnest(cast(:attempts as uuid[]), cast(:epochs as int[]), cast(:members as uuid[]), cast(:sign_ins as uuid[]))
      as held (attempt_id, epoch, member_id, sign_in_id)
    join attempt on attempt.id = held.attempt_id and attempt.epoch = held.epoch and attempt.status = 'live'
    join member on member.id = held.member_id and member.organization_id = attempt.organization_id
      and member.deactivated_at is null
    left join sign_in on sign_in.id = held.sign_in_id
    where held.sign_in_id is null or (sign_in.revoked_at is null and sign_in.expires_at > :now)
""")

log = structlog.get_logger()


def start_watching(app: Flask, calls: "dict[object, Call]") -> None:
    Thread(target=_watch, args=(app, calls), daemon=True, name="watch").start()


def _watch(app: Flask, calls: "dict[object, Call]") -> None:
    while True:
        sleep(CHECK_EVERY)
        taken = [call for call in list(calls.values()) if call.records.epoch]
        try:
            with app.app_context():
                in_order = calls_in_order(taken) if taken else set()
        except SQLAlchemyError as error:
            log.warning("calls not checked", error=type(error).__name__)
            continue
        for call in taken:
            if call.admission.attempt_id not in in_order:
                call.doubt()


def calls_in_order(calls: "Iterable[Call]") -> set[UUID]:
    """The attempts that are live and still held, by members who are active and signed in."""
    held = [(call.admission, call.records.epoch) for call in calls]
    values = {
        "attempts": [admission.attempt_id for admission, _ in held],
        "epochs": [epoch for _, epoch in held],
        "members": [admission.member_id for admission, _ in held],
        "sign_ins": [admission.sign_in_id for admission, _ in held],
        "now": now(),
    }
    with operations_scope():
        return set(db.session.scalars(_IN_ORDER, values))
