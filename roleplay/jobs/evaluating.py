"""The debrief's job."""

from uuid import UUID

from roleplay.evaluations import evaluator
from roleplay.evaluations.models import Reason
from roleplay.jobs.means import means
from tenants.errors import ProviderFailed


def evaluate_attempt(attempt_id: str) -> None:
    """Judges an ended attempt and stores the evaluation; a second run finds it stored."""
    evaluator.evaluate_attempt(UUID(attempt_id), using=means().evaluator)


def tell_that_it_failed(error: Exception, *, attempt_id: str) -> None:
    """The debrief says that it failed, and offers to try again."""
    reason = Reason.PROVIDER_FAILED if isinstance(error, ProviderFailed) else Reason.INTERNAL
    evaluator.fail(UUID(attempt_id), reason=reason)
