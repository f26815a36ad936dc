"""nginx as docs/operations.md sets it up: one address, and every relay behind it."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chaos.processes import answers, free_port

READY_WITHIN = 10.0
_CONFIG = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 200; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
    upstream relays {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        location = /nginx {{ return 200; }}
        location /relay/ {{
            proxy_pass http://relays;
            proxy_next_upstream error timeout http_503;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header Host $host;
            proxy_buffering off;
            proxy_read_timeout 120s;
        }}
    }}
}}
"""


@contextmanager
def nginx(folder: Path, relays: Sequence[int]) -> Iterator[int]:
    """Yields its port."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed; scripts/test installs it where it may")
    folder.mkdir(exist_ok=True)
    port = free_port()
    servers = " ".join(f"server 127.0.0.1:{relay} fail_timeout=1s;" for relay in relays)
    config = folder / "nginx.conf"
    config.write_text(_CONFIG.format(folder=folder, servers=servers, port=port))
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")])
    try:
        deadline = time.monotonic() + READY_WITHIN
        while not answers(f"http://127.0.0.1:{port}/nginx"):
            assert process.poll() is None and time.monotonic() < deadline, (folder / "error.log").read_text()
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)
