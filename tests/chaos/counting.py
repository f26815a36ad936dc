"""What was lost and what was doubled: the callers' notes held against the database, and the database against itself."""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2s
from typing import Any

from flask import Flask
from sqlalchemy import text

from tenants.db import db
from tenants.scope import operations_scope
from tests.chaos.caller import Notes
from tests.chaos.product import tell

_TURNS = text("select attempt_id::text as attempt, number, item_id, speaker, text, status from turn")
_ATTEMPTS = text("select status, count(*) as n from attempt group by status")
_EVALUATIONS = text(
    "select a.status, count(e.id) as rows, count(e.id) filter (where e.status in ('evaluated', 'not_scored')) as whole "
    "from attempt a left join evaluation e on e.attempt_id = a.id where a.status <> 'live' group by a.id, a.status"
)
_DOUBLED_GOALS = text(
    "select count(*) from (select from goal_result group by evaluation_id, goal_id having count(*) > 1) as twice"
)
_OVERLAPPING = text(
    "select count(*) from attempt a join attempt b on a.member_id = b.member_id and a.id < b.id "
    "where a.started_at < coalesce(b.ended_at, now()) and b.started_at < coalesce(a.ended_at, now())"
)
_TRIES = text("select coalesce(sum(tries), 0) as tries, coalesce(max(tries), 0) as most from outbox_entry")


def count(app: Flask, notes: Iterable[Notes]) -> dict[str, Any]:
    with app.app_context(), operations_scope():
        ask = db.session.execute
        attempts = Counter({row.status: row.n for row in ask(_ATTEMPTS)})
        evaluations = list(ask(_EVALUATIONS))
        tries = ask(_TRIES).one()
        turns = _turns()
        lost = lost_turns(notes, turns)
        for one in lost:
            tell(f"lost: {one}")
        return {
            "attempts": attempts.total(),
            "turns": sum(isinstance(key[1], int) for key in turns),
            "turns_lost": len(lost),
            "evaluations_lost": sum(row.whole == 0 for row in evaluations),
            "evaluations_doubled": sum(row.rows > 1 for row in evaluations) + ask(_DOUBLED_GOALS).scalar_one(),
            "second_live_attempts": ask(_OVERLAPPING).scalar_one(),
            "left_open": attempts["live"],
            "tries": int(tries.tries),
            "most_tries": tries.most,
        }


def _turns() -> dict[tuple[str, object], Any]:
    """Each by its number, and by the browser's id when it was typed."""
    rows = list(db.session.execute(_TURNS))
    return {(row.attempt, row.number): row for row in rows} | {(row.attempt, row.item_id): row for row in rows}


def lost_turns(notes: Iterable[Notes], turns: dict[tuple[str, object], Any]) -> list[tuple[str, object, str]]:
    """Every turn that a learner was told is kept, and is not, or is not what was told."""
    lost: list[tuple[str, object, str]] = []
    for note in notes:
        for cid, words in note.typed.items():
            row = turns.get((note.attempt, "text/t" + blake2s(cid.encode(), digest_size=12).hexdigest()))
            if row is None or row.text != words:
                lost.append((note.attempt, cid, words))
        for number, (speaker, words) in note.told.items():
            row = turns.get((note.attempt, number))
            cut = row is not None and row.speaker == "persona" and row.status == "interrupted"
            if row is None or row.speaker != speaker or not (row.text == words or cut):
                lost.append((note.attempt, number, words))
    return lost


def is_done(app: Flask) -> bool:
    """Whether nothing is live or waits to be evaluated any more."""
    with app.app_context(), operations_scope():
        waiting = text("select count(*) from attempt where status in ('live', 'ended', 'evaluating')")
        return bool(db.session.execute(waiting).scalar_one() == 0)
