"""One log line and one observation for each request, with ids and no content."""

import re
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Histogram

from tenants import current

log = structlog.get_logger()
REQUESTS = Histogram(
    "roleplay_http_request_seconds", "Server time of a request by route", ["method", "route", "status"]
)
_SOUND = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


def register(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    offered = request.headers.get("X-Request-Id", "")
    g.started = time.perf_counter()
    g.request_id = offered if _SOUND.match(offered) else uuid4().hex
    current.request_id.set(g.request_id)
    current.organization_slug.set(None)
    current.member_id.set(None)


def _finish(response: Response) -> Response:
    seconds = time.perf_counter() - g.started
    route = request.url_rule.rule if request.url_rule else "unknown"
    response.headers["X-Request-Id"] = g.request_id
    REQUESTS.labels(request.method, route, str(response.status_code)).observe(seconds)
    if request.endpoint not in {"static", "health.healthz"}:
        log.info(
            "request", method=request.method, route=route, status=response.status_code, ms=round(seconds * 1000, 1)
        )
    return response
