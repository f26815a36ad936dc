"""Every job by the name that the domain calls it. A job is shallow: it turns its arguments into one domain call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from roleplay.jobs import evaluating, signing_in


def _nothing(error: Exception, **_arguments: Any) -> None:
    """Nobody waits for this job to be told."""


@dataclass(frozen=True, slots=True)
class Job:
    """`run` takes the entry's arguments inside the organization's scope and may run twice. `given_up` takes the error
    and the same arguments when no further try will be made, in the transaction that says so."""

    run: Callable[..., None]
    given_up: Callable[..., None] = _nothing


JOBS: Mapping[str, Job] = {
    "evaluate_attempt": Job(evaluating.evaluate_attempt, evaluating.tell_that_it_failed),
    "send_sign_in_link": Job(signing_in.send_sign_in_link),
}
