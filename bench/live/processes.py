"""Processes bound to one core, and what they use of it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

MEASURED_CORE, OTHER_CORE = 0, 1


def settle_on(core: int) -> None:
    """This process and its children to be, from now on."""
    os.sched_setaffinity(0, {core % (os.cpu_count() or 1)})


def go_first() -> bool:
    """Before everything that is not in a hurry, for this process and its children to be; whether we may."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        return False
    return True


@asynccontextmanager
async def running(
    command: Sequence[str], log: Path, *, environment: dict[str, str] | None = None
) -> AsyncIterator[int]:
    """On the measured core; gives the pid."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: settle_on(MEASURED_CORE),  # noqa: PLW1509 - no threads here
        )
    try:
        yield process.pid
    except Exception:
        print(log.read_text()[-3000:], file=sys.stderr)
        raise
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(process.wait, 20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def family(pid: int) -> list[int]:
    """The process and its children: gunicorn and nginx work in a child."""
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [pid, *(member for child in children for member in family(child))]


def cpu_seconds(pid: int) -> float:
    ticks = 0
    for member in family(pid):
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_kb(pid: int) -> int:
    """The proportional share of every page, in user space."""
    total = 0
    for member in family(pid):
        lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


async def wait_for_port(port: int, pid: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        if time.monotonic() > deadline or not Path(f"/proc/{pid}").exists():
            raise RuntimeError(log.read_text()[-2000:])
        await asyncio.sleep(0.1)


def busy_share(seconds: float = 1.0) -> float:
    """How much of all cores is in use, by anybody, before we begin."""
    before = _cpu_times()
    time.sleep(seconds)
    after = _cpu_times()
    whole = sum(after) - sum(before)
    idle = after[3] + after[4] - before[3] - before[4]
    return 1 - idle / whole


def _cpu_times() -> list[int]:
    return [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
