"""Composition: the one place that knows every room, reads the settings and chooses who answers each port."""

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from flask_babel import Babel
from sqlalchemy import text

from roleplay import jobs, models, relay, web
from roleplay.logs import configure_logs
from roleplay.ports import Evaluator, Files
from roleplay.providers.local_files import FolderMailer, LocalFiles
from roleplay.providers.s3 import S3Files
from roleplay.providers.smtp import SmtpMailer
from roleplay.settings import Settings
from tenants.db import OPERATIONS, db
from tenants.scope import operations_scope, platform_scope

if TYPE_CHECKING:
    from roleplay.providers.openai.realtime import OpenAIRealtime

ROOT = Path(__file__).parent.parent
SHORTEST_SECRET = 32
LOST_DATABASE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""A database host that went away without a word is given up in seconds; the system's own patience is minutes."""


class WeakSecret(RuntimeError):
    """Cookies and form tokens would be signed with a key that can be guessed."""


class UnsafeDatabaseRole(RuntimeError):
    """The application would run as a role that row-level security does not bind."""


def create_app(settings: Settings | None = None) -> Flask:
    """The web application: pages, sign-in, health."""
    app = _application(settings or Settings())
    web.register(app)
    return app


def create_relay(settings: Settings | None = None) -> Flask:
    """The relay application: the call's socket and nothing else."""
    app = _application(settings or Settings())
    engine = _voice_engine(app.extensions["settings"])
    relay.register(app, engine=engine, in_hub=engine.in_hub)
    return app


def create_worker(settings: Settings | None = None) -> Flask:
    """What jobs and schedules run in: the same rooms without a way in."""
    app = _application(settings or Settings())
    Babel(app)
    return app


def _application(settings: Settings) -> Flask:
    if len(settings.secret_key.get_secret_value()) < SHORTEST_SECRET:
        raise WeakSecret(f"SECRET_KEY needs at least {SHORTEST_SECRET} random characters.")
    templates = str(ROOT / "templates")
    app = Flask("roleplay", root_path=str(ROOT / "roleplay"), template_folder=templates, static_folder=None)
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_BINDS={OPERATIONS: settings.database_ops_url},
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": True,
            "pool_size": 10,
            "max_overflow": 20,
            "connect_args": LOST_DATABASE,
        },
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.extensions["settings"] = settings
    configure_logs(as_json=settings.log_json)
    db.init_app(app)
    with app.app_context():
        try:
            _refuse_unsafe_role()
        except UnsafeDatabaseRole:
            for engine in db.engines.values():
                engine.dispose()
            raise
    _give_means_to_jobs(app, settings)
    return app


def _give_means_to_jobs(app: Flask, settings: Settings) -> None:
    folder = FolderMailer(settings.var / "mail", sender=settings.mail_from)
    url = settings.smtp_url
    mailer = SmtpMailer(url.get_secret_value(), sender=settings.mail_from) if url else folder
    app.extensions["mailbox"] = folder.list_mail
    app.extensions["files"] = _files(settings)
    jobs.register(app, evaluator=lambda: _evaluator(settings), mailer=mailer)


def _files(settings: Settings) -> Files:
    if not settings.files_url:
        return LocalFiles(settings.var.absolute() / "files")
    secret = settings.files_secret_key.get_secret_value()
    return S3Files(
        settings.files_url, region=settings.files_region, access_key=settings.files_access_key, secret_key=secret
    )


def _evaluator(settings: Settings) -> Evaluator:
    if settings.openai_api_key:
        from roleplay.providers.openai.evaluation import OpenAIEvaluator  # noqa: PLC0415

        return OpenAIEvaluator(
            key=settings.openai_api_key.get_secret_value(),
            model=settings.openai_evaluation_model,
            base_url=settings.openai_base_url,
        )
    from roleplay.embedded.evaluator import PracticeEvaluator  # noqa: PLC0415 - only a worker loads its model

    return PracticeEvaluator()


def _voice_engine(settings: Settings) -> "OpenAIRealtime":
    from roleplay.providers.openai.realtime import OPENAI_URL, OpenAIRealtime  # noqa: PLC0415

    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else ""
    if settings.uses_practice_engine:
        url = settings.engine_url
        return OpenAIRealtime(api_key="", label=settings.engine_label, url=url, in_hub=_in_hub(settings, url))
    url = settings.openai_realtime_url or OPENAI_URL
    return OpenAIRealtime(
        api_key=key,
        label=settings.engine_label,
        url=url,
        model=settings.openai_realtime_model,
        transcription_model=settings.openai_transcription_model,
        in_hub=_in_hub(settings, url),
    )


def _in_hub(settings: Settings, url: str) -> bool:
    """Sockets are pumped in gevent's hub where gevent runs the process and no proxy stands before the engine."""
    from gevent.monkey import is_module_patched  # noqa: PLC0415 - only the relay needs it

    from roleplay.providers.openai.realtime_line import is_direct  # noqa: PLC0415

    return settings.relay_pump != "threads" and is_module_patched("socket") and is_direct(url)


def _refuse_unsafe_role() -> None:
    """Stops a process whose role could read past row-level security, or whose operations role could not."""
    query = text(
        "select current_user, "
        "(select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as bypasses, "
        "exists (select from pg_tables where schemaname = 'public' and tableowner = current_user) as owns"
    )
    with platform_scope():
        role = db.session.execute(query).one()
        if role.bypasses or role.owns:
            raise UnsafeDatabaseRole(
                f"DATABASE_URL connects as {role.current_user}, which row-level security does not bind. "
                "Use a role that is no superuser, may not bypass row-level security and owns no table (app_rw)."
            )
    with operations_scope():
        if not db.session.execute(query).one().bypasses:
            raise UnsafeDatabaseRole("DATABASE_OPS_URL needs a role with BYPASSRLS (app_ops).")


__all__ = ["create_app", "create_relay", "create_worker", "models"]
