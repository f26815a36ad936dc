"""One row of the table: so many calls through one thing, for so long."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import gevent

from bench.live.callers import Caller, connect, talk
from bench.live.frames import FRAME_SECONDS, Account
from bench.live.processes import cpu_seconds, memory_kb

SETTLE_SECONDS = 2.0
TAIL_SECONDS = 5.0


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
    """Processor seconds for one call's minute."""
    kb_per_call: float
    late_ms: float
    """How late the generator itself sent at worst: a row where that is much says little about delays."""

    def as_json(self) -> dict[str, Any]:
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


def measure(name: str, make: Callable[[int, Account], Caller], calls: int, seconds: float, pid: int | None) -> Row:
    """`pid`: whose processor time and memory count; memory from before the first call."""
    warm = connect(min(5, calls), lambda number: make(number, Account()))
    talk(warm, 0.5)
    for caller in warm:
        caller.leave()
    gevent.sleep(1.5)
    before_kb = memory_kb(pid) if pid else 0
    account = Account()
    callers = connect(calls, lambda number: make(len(warm) + number, account))
    talk(callers, SETTLE_SECONDS)
    account.measuring = True
    before = cpu_seconds(pid) if pid else 0.0
    late = talk(callers, seconds)
    used = (cpu_seconds(pid) if pid else 0.0) - before
    account.measuring = False
    kb = (memory_kb(pid) - before_kb) / calls if pid else 0.0
    _wait_for_tail(account)
    for caller in callers:
        caller.leave()
    gevent.sleep(0.5)
    return Row(
        name=name,
        calls=calls,
        seconds=seconds,
        sent=account.sent,
        lost=account.lost,
        altered=account.altered,
        reordered=account.reordered,
        p50_ms=account.percentile(0.5),
        p99_ms=account.percentile(0.99),
        cpu_per_minute=used / seconds / calls * 60,
        kb_per_call=kb,
        late_ms=late * 1000,
    )


def _wait_for_tail(account: Account) -> None:
    waited = 0.0
    while account.lost > 0 and waited < TAIL_SECONDS:
        gevent.sleep(FRAME_SECONDS)
        waited += FRAME_SECONDS


HEAD = ("", "calls", "lost", "altered", "reordered", "p50 ms", "p99 ms", "CPU s/call-min", "KB/call", "sent late ms")


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
            f"{row.late_ms:.0f}",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
