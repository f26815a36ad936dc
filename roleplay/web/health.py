"""For whoever runs it: is the process alive, can it serve, what does it measure."""

from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis import Redis, RedisError
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from roleplay.migrating import is_new_enough
from roleplay.settings import Settings
from tenants.db import db
from tenants.scope import platform_scope

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers. It asks nobody else: a database hiccup must not restart every process."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """It can serve: the database answers and is migrated. Without the queue it is degraded, not unready."""
    checks = {"database": _database(), "queue": _queue()}
    if checks["database"] != "ok":
        return jsonify(status="unready", **checks), 503
    return jsonify(status="ok" if checks["queue"] == "ok" else "degraded", **checks), 200


@blueprint.get("/metrics")
def metrics() -> Response:
    settings: Settings = current_app.extensions["settings"]
    if not settings.may_read_metrics(dict(request.headers), request.remote_addr):
        abort(404)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database() -> str:
    try:
        with platform_scope():
            revision = db.session.scalar(text("select version_num from alembic_version"))
    except ProgrammingError:
        return "not migrated"
    except SQLAlchemyError:
        return "unreachable"
    return "ok" if is_new_enough(revision) else "not migrated"


def _queue() -> str:
    settings: Settings = current_app.extensions["settings"]
    try:
        with Redis.from_url(settings.redis_url, socket_timeout=1, socket_connect_timeout=1) as redis:
            redis.ping()
    except RedisError:
        return "unreachable"
    return "ok"
