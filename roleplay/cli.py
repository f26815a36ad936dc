"""The commands: one for each process, one for everything at once, and the two that prepare the database."""

import os
import sys
from typing import TYPE_CHECKING

from click import Group, UsageError

from roleplay.settings import Settings

if TYPE_CHECKING:
    from roleplay.embedded.connection import DialogueFactory

HANGS_UP_WITHIN = 10
"""Seconds that a relay has for its last writes and goodbyes, after the time that its browsers have to move."""

main = Group(help="Roleplay: practise difficult work conversations by voice.")


@main.command()
def run() -> None:
    """Everything on this machine: database, queue, voice engine, web, relay, worker, scheduler."""
    from roleplay.running import run_everything  # noqa: PLC0415

    sys.exit(run_everything(Settings()))


@main.command()
def web() -> None:
    """The web process."""
    settings = Settings()
    _become_gunicorn("wsgi:app", settings.port, settings, "gthread", "--threads", "8", "--graceful-timeout", "30")


@main.command()
def relay() -> None:
    """The relay process: live calls. It has no request limit and is never restarted by age."""
    settings = Settings()
    stops_within = str(round(settings.relay_drain_seconds) + HANGS_UP_WITHIN)
    options = ("--worker-connections", "4000", "--graceful-timeout", stops_within)
    _become_gunicorn("roleplay.app:create_relay()", settings.relay_port, settings, "gevent", *options)


def _become_gunicorn(target: str, port: int, settings: Settings, worker: str, *options: str) -> None:
    command = [sys.executable, "-m", "gunicorn", target, "--bind", f"{settings.host}:{port}", "--worker-class", worker]
    command += ["--workers", "1", "--timeout", "60", *options]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter and arguments


@main.command()
def worker() -> None:
    """One worker: takes jobs from the queue and performs them."""
    from roleplay.app import create_worker  # noqa: PLC0415
    from roleplay.jobs.worker import run_worker  # noqa: PLC0415

    run_worker(create_worker())


@main.command()
def scheduler() -> None:
    """The reconciler and the schedules; any number may run, one at a time works."""
    from roleplay.app import create_worker  # noqa: PLC0415
    from roleplay.jobs.scheduler import run_scheduler  # noqa: PLC0415

    run_scheduler(create_worker())


@main.command()
def engine() -> None:
    """The embedded voice engine."""
    from roleplay.embedded.server import serve  # noqa: PLC0415

    settings = Settings()
    serve(settings.host, settings.engine_port, dialogues=_dialogues(settings))


def _dialogues(settings: Settings) -> "DialogueFactory":
    """Who finds the persona's words: a server, or the director, which is warm before the first call needs it."""
    if settings.dialogue_base_url:
        from roleplay.providers.openai.dialogue import ChatServer  # noqa: PLC0415

        if not settings.dialogue_model:
            raise UsageError("DIALOGUE_BASE_URL needs DIALOGUE_MODEL beside it.")
        key = settings.dialogue_api_key.get_secret_value() if settings.dialogue_api_key else None
        return ChatServer(base_url=settings.dialogue_base_url, model=settings.dialogue_model, key=key).converse
    from roleplay.embedded.director import direct  # noqa: PLC0415
    from roleplay.scenarios.library import shelf  # noqa: PLC0415

    direct(next(iter(shelf().values())))
    return direct


@main.command()
def migrate() -> None:
    """Brings the database to the newest migration, as its owner."""
    from roleplay.migrating import migrate as upgrade  # noqa: PLC0415

    upgrade(Settings().database_owner_url)


@main.command()
def seed() -> None:
    """Fills the demo; what people did in it stays."""
    from roleplay.app import create_worker  # noqa: PLC0415
    from roleplay.demo import seed as seed_demo  # noqa: PLC0415

    with create_worker().app_context():
        seed_demo()


@main.command()
def messages() -> None:
    """Compiles the catalogs of the interface's languages."""
    from roleplay.translating import compile_catalogs  # noqa: PLC0415

    compile_catalogs()
