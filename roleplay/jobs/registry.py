"""Every job by the name that the domain calls it. A job is shallow: it turns its arguments into one domain call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from roleplay.jobs import evaluating, practice_mail, reporting, rhythm, signing_in


def _nothing(error: Exception, **_arguments: Any) -> None:
    """Nobody waits for this job to be told."""


@dataclass(frozen=True, slots=True)
class Job:
    """`run` takes the entry's arguments inside the organization's scope and may run twice. `given_up` takes the error
    and the same arguments when no further try will be made, in the transaction that says so."""

    run: Callable[..., None]
    given_up: Callable[..., None] = _nothing


JOBS: Mapping[str, Job] = {
    "count_usage": Job(reporting.count_usage),
    "evaluate_attempt": Job(evaluating.evaluate_attempt, evaluating.tell_that_it_failed),
    "export_report": Job(reporting.export_report, reporting.tell_that_no_file_comes),
    "open_week": Job(rhythm.open_week),
    "send_notice": Job(practice_mail.send_notice),
    "send_sign_in_link": Job(signing_in.send_sign_in_link),
    "send_usage_report": Job(reporting.send_usage_report),
}
