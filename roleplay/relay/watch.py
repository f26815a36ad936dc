"""Asks every few seconds whether the calls of the process may go on: one question for all calls of an organization,
in its own scope, because one for a thousand calls costs what one for a single call does.

It only raises doubts: what a doubtful call is told, it finds out by itself.
"""

from collections import defaultdict
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
from tenants.scope import organization_scope

if TYPE_CHECKING:
    from roleplay.relay.call import Call

CHECK_EVERY = 5.0
_IN_ORDER = text("""
    select held.attempt_id
    from unnest(cast(:attempts as uuid[]), cast(:epochs as int[]), cast(:members as uuid[]), cast(:sign_ins as uuid[]))
      as held (attempt_id, epoch, member_id, sign_in_id)
    join attempt on attempt.id = held.attempt_id and attempt.epoch = held.epoch and attempt.status = 'live'
    join member on member.id = held.member_id and member.deactivated_at is null
    left join sign_in on sign_in.id = held.sign_in_id
    where held.sign_in_id is null or (sign_in.revoked_at is null and sign_in.expires_at > :now)
""")

log = structlog.get_logger()


def start_watching(app: Flask, calls: "dict[object, Call]") -> None:
    Thread(target=_watch, args=(app, calls), daemon=True, name="watch").start()


def _watch(app: Flask, calls: "dict[object, Call]") -> None:
    while True:
        sleep(CHECK_EVERY)
        with app.app_context():
            for organization_id, taken in _by_organization(calls.values()).items():
                _check(organization_id, taken)


def _by_organization(calls: "Iterable[Call]") -> "dict[UUID, list[Call]]":
    by: dict[UUID, list[Call]] = defaultdict(list)
    for call in list(calls):
        if call.records.epoch:
            by[call.admission.organization_id].append(call)
    return by


def _check(organization_id: UUID, taken: "list[Call]") -> None:
    try:
        in_order = calls_in_order(organization_id, taken)
    except SQLAlchemyError as error:
        log.warning("calls not checked", organization_id=str(organization_id), error=type(error).__name__)
        return
    for call in taken:
        if call.admission.attempt_id not in in_order:
            call.doubt()


def calls_in_order(organization_id: UUID, calls: "Iterable[Call]") -> set[UUID]:
    """The attempts that are live and still held, by members who are active and signed in."""
    held = [(call.admission, call.records.epoch) for call in calls]
    values = {
        "attempts": [admission.attempt_id for admission, _ in held],
        "epochs": [epoch for _, epoch in held],
        "members": [admission.member_id for admission, _ in held],
        "sign_ins": [admission.sign_in_id for admission, _ in held],
        "now": now(),
    }
    with organization_scope(organization_id):
        return set(db.session.scalars(_IN_ORDER, values))
