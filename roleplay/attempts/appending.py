"""What a live call adds to its transcript: turns and costs, fenced by the call's epoch, in one trip to the database.

A relay does this a few times a minute for each of a thousand calls, so it is one statement and no objects.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from roleplay.attempts import lifecycle
from roleplay.attempts.models import TurnStatus
from roleplay.ports import Speaker
from roleplay.ports.realtime import Usage
from tenants.clock import now
from tenants.one_trip import OneTrip


@dataclass(frozen=True, slots=True)
class NewTurn:
    item_id: str
    speaker: Speaker
    text: str
    status: TurnStatus
    started_ms: int
    ended_ms: int
    persona_state: dict[str, Any] | None = None


_APPEND = OneTrip("""
with held as (
  update attempt set seq = :seq where id = :attempt_id and epoch = :epoch and status = 'live'
  returning organization_id, id
), given as (
  select * from rows from (jsonb_to_recordset(cast(:turns as jsonb)) as (
    id uuid, item_id text, speaker text, text text, status text, started_ms int, ended_ms int, persona_state jsonb
  )) with ordinality
  as given (id, item_id, speaker, text, status, started_ms, ended_ms, persona_state, place)
  where not exists (select from turn where turn.attempt_id = :attempt_id and turn.item_id = given.item_id)
), told as (
  insert into turn (organization_id, id, created_at, attempt_id, number, item_id, speaker, text, status, started_ms,
                    ended_ms, persona_state)
  select held.organization_id, given.id, :now, held.id,
         (select coalesce(max(number), 0) from turn where attempt_id = :attempt_id)
           + row_number() over (order by place),
         item_id, speaker, text, status, started_ms, greatest(started_ms, ended_ms), persona_state
  from held, given
), paid as (
  insert into usage_entry (organization_id, id, created_at, attempt_id, provider_ref, kind, engine, text_in, audio_in,
                           cached_in, text_out, audio_out, audio_ms)
  select held.organization_id, cost.id, :now, held.id, cost.ref, cost.kind, :engine, cost.text_in, cost.audio_in,
         cost.cached_in, cost.text_out, cost.audio_out, cost.audio_ms
  from held, jsonb_to_recordset(cast(:costs as jsonb)) as cost (
    id uuid, ref text, kind text, text_in int, audio_in int, cached_in int, text_out int, audio_out int, audio_ms int
  )
  on conflict do nothing
)
select count(*) from held
""")


def append(
    attempt_id: UUID, *, epoch: int, seq: int, turns: Iterable[NewTurn], usage: Iterable[Usage], engine: str
) -> None:
    """Committed when it returns, in a transaction of its own. An item or a cost that is there already stays as it is.
    Raises `Superseded` and adds nothing when the epoch is not the newest any more, or the attempt is over."""
    held = _APPEND.scalar(
        attempt_id=attempt_id, epoch=epoch, seq=seq, engine=engine, now=now(), turns=_rows(turns), costs=_rows(usage)
    )
    if not held:
        lifecycle.held(attempt_id, epoch)
        raise RuntimeError("the session holds the attempt by an epoch that is not committed")


def _rows(entries: Iterable[NewTurn] | Iterable[Usage]) -> str:
    return orjson.dumps(
        [{"id": uuid7()} | {name: getattr(entry, name) for name in entry.__slots__} for entry in entries]
    ).decode()
