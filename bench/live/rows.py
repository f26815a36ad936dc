"""One row of the table: so many calls through one thing, for so long, in one or several rounds."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from time import process_time
from typing import Any

from bench.live.callers import Caller, connect
from bench.live.frames import FRAME_SECONDS, Account
from bench.live.processes import cpu_seconds, memory_kb
from bench.live.talking import talk

WARM = 5
SETTLE_SECONDS = 2.0
TAIL_SECONDS = 5.0
TOO_LATE_MS = 20.0


@dataclass
class Row:
    """Of all its rounds together."""

    name: str
    calls: int
    seconds: float = 0.0
    kb_per_call: float = 0.0
    """In the round that took most."""
    late_ms: float = 0.0
    """How late the generator itself sent at worst."""
    account: Account = field(default_factory=Account)
    used: float = 0.0
    """Processor seconds."""
    minutes: float = 0.0
    """Of sound that came back meanwhile: who falls behind is no cheaper."""
    generator_used: float = 0.0

    @property
    def cpu_per_minute(self) -> float:
        return self.used / self.minutes if self.minutes else float("nan")

    @property
    def generator_share(self) -> float:
        """Of its core, for callers and engine together."""
        return self.generator_used / self.seconds

    @property
    def delays_count(self) -> bool:
        """A generator that is late measures itself."""
        return self.late_ms < TOO_LATE_MS

    @cached_property
    def delays_ms(self) -> tuple[float, float]:
        """p50 and p99, of the whole row; once it is complete."""
        p50, p99 = self.account.percentiles(0.5, 0.99)
        return p50, p99

    def as_json(self) -> dict[str, Any]:
        counted = {name: getattr(self.account, name) for name in ("sent", "lost", "altered", "reordered")}
        p50, p99 = self.delays_ms
        measured = {"p50_ms": p50, "p99_ms": p99, "cpu_per_minute": self.cpu_per_minute}
        measured |= {"kb_per_call": self.kb_per_call, "late_ms": self.late_ms, "generator_share": self.generator_share}
        rounded = {name: round(value, 4) for name, value in measured.items()}
        told = {"name": self.name, "calls": self.calls, "seconds": round(self.seconds, 3)}
        return told | counted | rounded | {"delays_count": self.delays_count}


Make = Callable[[int, Account], Awaitable[Caller]]


async def measure(row: Row, make: Make, seconds: float, pid: int | None) -> None:
    """One more round. `pid`: whose processor time and memory count; memory from before the first call."""
    await _warm_up(make, min(WARM, row.calls))
    before_kb = memory_kb(pid) if pid else 0
    account = row.account
    callers = await connect(row.calls, lambda number: make(WARM + number, account))
    with _no_collection():
        await talk(callers, SETTLE_SECONDS)
        account.measuring = True
        before, own_before, got_before = cpu_seconds(pid) if pid else 0.0, process_time(), account.received
        late = await talk(callers, seconds)
        row.generator_used += process_time() - own_before
        row.used += (cpu_seconds(pid) if pid else 0.0) - before
        row.minutes += (account.received - got_before) * FRAME_SECONDS / 60
        account.measuring = False
    row.seconds += seconds
    row.late_ms = max(row.late_ms, late * 1000)
    row.kb_per_call = max(row.kb_per_call, (memory_kb(pid) - before_kb) / row.calls if pid else 0.0)
    await _wait_for_tail(account)
    for caller in callers:
        caller.leave()
    await asyncio.sleep(0.5)


async def _warm_up(make: Make, count: int) -> None:
    warm = await connect(count, lambda number: make(number, Account()))
    await talk(warm, 0.5)
    for caller in warm:
        caller.leave()
    await asyncio.sleep(1.5)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Python's own pauses would be taken for somebody else's."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _wait_for_tail(account: Account) -> None:
    waited = 0.0
    while account.lost > 0 and waited < TAIL_SECONDS:
        await asyncio.sleep(FRAME_SECONDS)
        waited += FRAME_SECONDS


HEAD = ("", "calls", "lost", "altered", "reordered", "p50 ms", "p99 ms", "CPU s/call-min", "KB/call")
HEAD += ("sent late ms", "generator", "delays")


def table(rows: list[Row]) -> str:
    lines = [HEAD] + [
        (
            row.name,
            str(row.calls),
            str(row.account.lost),
            str(row.account.altered),
            str(row.account.reordered),
            f"{row.delays_ms[0]:.2f}",
            f"{row.delays_ms[1]:.2f}",
            f"{row.cpu_per_minute:.4f}",
            f"{row.kb_per_call:.1f}",
            f"{row.late_ms:.1f}",
            f"{row.generator_share:.0%}",
            "count" if row.delays_count else "DO NOT COUNT: sent too late",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
