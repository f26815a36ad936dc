"""The only clock. Times are aware and in UTC; a reader's time zone is the business of whoever shows them."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
