"""What the relay is held against: nginx, which only passes bytes on, and a minimal relay of aiohttp."""

import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which

from bench.live.processes import running, wait_for_port

AIOHTTP = ["aiohttp==3.14.5"]
HERE = Path(__file__).parent


def provide_nginx() -> str:
    nginx = which("nginx") or which("nginx", path="/usr/sbin:/sbin")
    if nginx is None:
        subprocess.run(["apt-get", "install", "--yes", "nginx-light"], check=True, capture_output=True)
        nginx = which("nginx", path="/usr/sbin:/sbin:/usr/bin")
    assert nginx, "nginx is missing; install it"
    return nginx


def provide_aiohttp(folder: Path) -> Path:
    """A Python with aiohttp, in an environment that nothing else uses."""
    python = folder / "bin" / "python"
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *AIOHTTP], check=True)
    return python


@asynccontextmanager
async def nginx(var: Path, port: int, upstream: str) -> AsyncIterator[int]:
    """As a plain WebSocket proxy of one worker; `upstream` is a ws or wss address."""
    scheme, _, rest = upstream.partition("://")
    address, _, path = rest.partition("/")
    config = f"""
        worker_processes 1; daemon off; pid {var}/nginx.pid; error_log {var}/nginx.err error;
        worker_rlimit_nofile 16384;
        events {{ worker_connections 8192; }}
        http {{
          access_log off; proxy_buffering off;
          client_body_temp_path {var}/nginx-body; proxy_temp_path {var}/nginx-proxy;
          fastcgi_temp_path {var}/nginx-fastcgi; uwsgi_temp_path {var}/nginx-uwsgi; scgi_temp_path {var}/nginx-scgi;
          server {{
            listen 127.0.0.1:{port} backlog=2048;
            location / {{
              proxy_pass http{"s" if scheme == "wss" else ""}://{address}/{path};
              proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
              proxy_read_timeout 300s; proxy_ssl_session_reuse off;
            }}
          }}
        }}
        """
    file = var / "nginx.conf"
    file.write_text(textwrap.dedent(config))
    command = [provide_nginx(), "-p", str(var), "-c", str(file)]
    async with running(command, var / "nginx.log") as pid:
        await wait_for_port(port, pid, var / "nginx.log")
        yield pid


@asynccontextmanager
async def aiohttp_relay(var: Path, port: int, upstream: str, environment: dict[str, str]) -> AsyncIterator[int]:
    python = provide_aiohttp(HERE.parent.parent / "var" / "bench" / "aiohttp")
    command = [str(python), str(HERE / "aiohttp_relay.py"), str(port), upstream]
    async with running(command, var / "aiohttp.log", environment=environment) as pid:
        await wait_for_port(port, pid, var / "aiohttp.log")
        yield pid
