"""Brings the database to the newest migration, as the owner of the tables."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

ROOT = Path(__file__).parent.parent


def migrations(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("prepend_sys_path", str(ROOT))
    config.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    return config


def migrate(owner_url: str) -> None:
    command.upgrade(migrations(owner_url), "head")


@cache
def _known() -> tuple[str, ...]:
    """Every revision that this code knows, newest first."""
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    return tuple(script.revision for script in scripts.walk_revisions())


def is_new_enough(revision: str | None) -> bool:
    """Whether a database at `revision` serves this code. A revision that it does not know yet came after it: the next
    release has migrated already, and migrations keep the release before them working."""
    return revision is not None and (revision == _known()[0] or revision not in _known())
