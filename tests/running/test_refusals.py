"""When the product cannot start, one clear sentence says why."""

import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from roleplay import running
from roleplay.running import CannotRun, run_everything
from roleplay.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    ports = []
    for _ in range(3):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            ports.append(probe.getsockname()[1])
    return Settings(var=tmp_path / "var", port=ports[0], relay_port=ports[1], engine_port=ports[2])


def test_a_port_in_use_is_named_with_the_setting_that_changes_it(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.relay_port))
        taken.listen()
        assert run_everything(settings) == 1
    complaint = capsys.readouterr().err.strip()
    assert complaint.startswith("Roleplay cannot start:")
    assert f"port {settings.relay_port} is in use" in complaint
    assert "RELAY_PORT" in complaint
    assert complaint.count("\n") == 0


def test_a_full_disk_is_said(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1, 1, 10 * 2**20))
    assert run_everything(settings) == 1
    assert "is full (10 MB left" in capsys.readouterr().err


def test_a_database_of_ones_own_needs_its_three_roles(settings: Settings) -> None:
    mine = settings.model_copy(update={"database_url": "postgresql+psycopg://app_rw@localhost/roleplay"})
    with pytest.raises(CannotRun, match="DATABASE_OWNER_URL and DATABASE_OPS_URL"):
        running._database(mine)


def test_the_secret_key_is_kept_between_starts_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    first = running._kept_secret(tmp_path)
    assert len(first) >= 32
    assert running._kept_secret(tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
