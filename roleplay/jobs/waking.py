"""The queue: one, so that a worker killed between two queues loses nothing, and with JSON in it, never a pickle."""

from collections.abc import Iterable
from functools import cache

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
_BACKED_UP = 500
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
            )
    except RedisError as error:
        not_called.inc()
        _log.warning("wake_up_call_failed", error=type(error).__name__)


def is_backed_up() -> bool:
    """Whether calls wait in such number that more of them would help nobody."""
    try:
        return _queue().count > _BACKED_UP
    except RedisError:
        return False


def _queue() -> Queue:
    return Queue(QUEUE, connection=_redis(settings().redis_url), serializer=JSONSerializer)


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
