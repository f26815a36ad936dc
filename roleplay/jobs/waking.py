"""The queue: one, so that a worker killed between two queues loses nothing, and with JSON in it, never a pickle."""

from collections.abc import Iterable
from functools import cache
from secrets import token_hex

import structlog
from prometheus_client import Counter
from redis import Redis, RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from roleplay.jobs.means import settings
from tenants.outbox import Call

QUEUE = "work"
PERFORM = "roleplay.jobs.performing.perform"
LONGEST_RUN = 300
"""Seconds after which RQ interrupts a job."""
_PATIENCE = 2.0
"""Seconds to wait for Redis: a request must not wait for the queue that it can do without."""

not_called = Counter("roleplay_wake_up_calls_failed", "Wake-up calls that did not reach the queue.")
_log = structlog.get_logger()


def wake(calls: Iterable[Call]) -> None:
    """Calls a worker for each entry. A call that does not arrive is counted; the reconciler repeats it."""
    try:
        for call in calls:
            _queue().enqueue_call(
                PERFORM,
                args=[str(call.organization_id), str(call.entry_id)],
                timeout=LONGEST_RUN,
                result_ttl=0,
                failure_ttl=0,
                description=f"perform {call.entry_id}",
                job_id=f"{call.entry_id}_{token_hex(4)}",
                at_front=call.begun,
            )
    except RedisError as error:
        not_called.inc()
        _log.warning("wake_up_call_failed", error=type(error).__name__)


def wake_again(calls: Iterable[Call]) -> None:
    """The same, for entries whose call may still be waiting: a second one would only keep a worker from the others."""
    try:
        waiting = {job_id.partition("_")[0] for job_id in _queue().job_ids}
    except RedisError:
        waiting = set()
    wake(call for call in calls if str(call.entry_id) not in waiting)


def _queue() -> Queue:
    return Queue(QUEUE, connection=_redis(settings().redis_url), serializer=JSONSerializer)


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
