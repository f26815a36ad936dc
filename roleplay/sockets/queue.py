"""What waits to be sent on one socket: in order, bounded by whoever watches its size, and partly revocable."""

from collections import deque
from itertools import islice

MOST_AT_ONCE = 16
"""Messages that leave together, when there are so many."""
HIGH_WATER, LOW_WATER = 512 * 1024, 128 * 1024
"""Bytes waiting from which whoever writes is asked to stop, and under which to go on."""


class WriteQueue:
    __slots__ = ("_entries", "_gone", "size")

    def __init__(self) -> None:
        self._entries: deque[tuple[bytes, str | None, int]] = deque()
        self._gone = 0
        """Bytes of the first entry that have left."""
        self.size = 0

    def push(self, data: bytes, *, item: str | None = None, weight: int = 0, gone: int = 0) -> None:
        """What belongs to an `item` may be taken back as long as none of it has left; `weight` is its size unframed.
        `gone` bytes of an entry that comes first have left already."""
        if gone:
            self._gone = gone
        self._entries.append((data, item, weight))
        self.size += len(data) - gone

    def head(self) -> list[bytes | memoryview]:
        """What goes out next, as much as one call of the system should take."""
        head: list[bytes | memoryview] = [data for data, _, _ in islice(self._entries, MOST_AT_ONCE)]
        if self._gone:
            head[0] = memoryview(head[0])[self._gone :]
        return head

    def left(self, size: int) -> None:
        """So many bytes went out."""
        self.size -= size
        self._gone += size
        while self._entries and self._gone >= len(self._entries[0][0]):
            self._gone -= len(self._entries.popleft()[0])

    def revoke(self) -> dict[str, int]:
        """Forgets what may be taken back; returns the weight of each item's share."""
        kept: deque[tuple[bytes, str | None, int]] = deque()
        revoked: dict[str, int] = {}
        for index, entry in enumerate(self._entries):
            data, item, weight = entry
            if item is None or (index == 0 and self._gone):
                kept.append(entry)
            else:
                revoked[item] = revoked.get(item, 0) + weight
                self.size -= len(data)
        self._entries = kept
        return revoked

    def clear(self) -> None:
        self._entries.clear()
        self._gone = self.size = 0
