"""One row of the table: so many calls through one thing, for so long."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
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


@dataclass(slots=True)
class Row:
    name: str
    calls: int
    seconds: float
    sent: int
    lost: int
    altered: int
    reordered: int
    p50_ms: float
    p99_ms: float
    cpu_per_minute: float
    """Processor seconds for a minute of sound that came back meanwhile: who falls behind is no cheaper."""
    kb_per_call: float
    late_ms: float
    """How late the generator itself sent at worst."""
    generator_share: float
    """Of its core, for callers and engine together."""

    @property
    def delays_count(self) -> bool:
        """A generator that is late measures itself."""
        return self.late_ms < TOO_LATE_MS

    def as_json(self) -> dict[str, Any]:
        fields = {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return fields | {"delays_count": self.delays_count}


async def measure(
    name: str, make: Callable[[int, Account], Awaitable[Caller]], calls: int, seconds: float, pid: int | None
) -> Row:
    """`pid`: whose processor time and memory count; memory from before the first call."""
    await _warm_up(make, min(WARM, calls))
    before_kb = memory_kb(pid) if pid else 0
    account = Account()
    callers = await connect(calls, lambda number: make(WARM + number, account))
    with _no_collection():
        await talk(callers, SETTLE_SECONDS)
        account.measuring = True
        before, own_before, got_before = cpu_seconds(pid) if pid else 0.0, process_time(), account.received
        late = await talk(callers, seconds)
        own = process_time() - own_before
        used = (cpu_seconds(pid) if pid else 0.0) - before
        minutes = (account.received - got_before) * FRAME_SECONDS / 60
        account.measuring = False
    kb = (memory_kb(pid) - before_kb) / calls if pid else 0.0
    await _wait_for_tail(account)
    for caller in callers:
        caller.leave()
    await asyncio.sleep(0.5)
    p50, p99 = account.percentiles(0.5, 0.99)
    return Row(
        name=name,
        calls=calls,
        seconds=seconds,
        sent=account.sent,
        lost=account.lost,
        altered=account.altered,
        reordered=account.reordered,
        p50_ms=p50,
        p99_ms=p99,
        cpu_per_minute=used / minutes if minutes else float("nan"),
        kb_per_call=kb,
        late_ms=late * 1000,
        generator_share=own / seconds,
    )


async def _warm_up(make: Callable[[int, Account], Awaitable[Caller]], count: int) -> None:
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
            str(row.lost),
            str(row.altered),
            str(row.reordered),
            f"{row.p50_ms:.2f}",
            f"{row.p99_ms:.2f}",
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
