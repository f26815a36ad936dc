"""Structured logs: what happened to which ids. Never what somebody said, wrote or is called."""

import logging

import structlog
from structlog.typing import EventDict, WrappedLogger

from tenants import current


def _who(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
    for key, variable in (
        ("request_id", current.request_id),
        ("organization", current.organization_slug),
        ("member_id", current.member_id),
    ):
        if value := variable.get():
            entry.setdefault(key, value)
    return entry


def configure_logs(*, as_json: bool) -> None:
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _who,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False, use_rich=False)
            )
            if as_json
            else structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
