"""Brings the database to the newest migration, as the owner of the tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config

ROOT = Path(__file__).parent.parent


def migrations(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("prepend_sys_path", str(ROOT))
    config.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    return config


def migrate(owner_url: str) -> None:
    command.upgrade(migrations(owner_url), "head")
