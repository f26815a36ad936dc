"""Browsers that talk and listen all the time: one frame up and one down every 40 ms, twice what a talk is."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import gevent
import orjson
from gevent.event import Event
from pybase64 import b64decode, b64encode

from bench.live.frames import FRAME_SECONDS, Account, Track
from roleplay.sockets.channel import Channel
from roleplay.sockets.codec import BINARY, NORMAL, TEXT
from roleplay.sockets.dialing import dial

ORIGIN = "http://localhost"


class Caller:
    def __init__(self, call: int, account: Account, url: str) -> None:
        self.track = Track(call, account)
        self.ready = Event()
        self.close_code: int | None = None
        self.due = 0.0
        dialled = dial(url, {"Origin": ORIGIN}, seconds=60)
        self.channel = Channel(dialled.connected, self, client=True, most=2**20, tls=dialled.tls)
        self.channel.start(dialled.already_read)

    def speak(self) -> None:
        raise NotImplementedError

    def take(self, data: str | bytes) -> None:
        raise NotImplementedError

    def pressed(self, full: bool) -> None:
        pass

    def closed(self, code: int) -> None:
        self.close_code = code
        self.ready.set()

    def leave(self) -> None:
        self.channel.close(NORMAL)


class RelayCaller(Caller):
    """As the room does it: binary frames, and small JSON beside them."""

    def __init__(self, call: int, account: Account, url: str) -> None:
        self._item = ""
        self._played = 0
        self._cid = 0
        super().__init__(call, account, url)

    def speak(self) -> None:
        self.channel.send(BINARY, self.track.next())

    def _begin(self, item: str) -> None:
        """The room accounts for an item when the next one follows."""
        if self._item:
            self._cid += 1
            report = {"type": "played", "cid": f"c{self._cid}", "item": self._item, "ms": self._played // 48}
            self.channel.send(TEXT, orjson.dumps(report))
        self._item, self._played = item, 0

    def take(self, data: str | bytes) -> None:
        if isinstance(data, bytes):
            self._played += len(data)
            self.track.check(data)
            return
        message = orjson.loads(data)
        if message["type"] == "audio":
            self._begin(message["item"])
        elif message["type"] == "state" and message["state"] in {"thinking", "speaking"}:
            self.ready.set()


class JsonCaller(Caller):
    """What passes through a plain proxy: the provider's own JSON, end to end."""

    def speak(self) -> None:
        self.channel.send(TEXT, b'{"type":"input_audio_buffer.append","audio":"%b"}' % b64encode(self.track.next()))

    def take(self, data: str | bytes) -> None:
        assert isinstance(data, str)
        at = data.find('"delta":"')
        if at < 0:
            self.ready.set()
        else:
            self.track.check(b64decode(data[at + 9 : -2]))


def connect(count: int, make: Callable[[int], Any], *, at_once: int = 8) -> list[Any]:
    """That many callers, each ready to talk."""
    callers: list[Any] = []

    def one(number: int) -> None:
        caller = make(number)
        if not caller.ready.wait(30) or caller.close_code is not None:
            raise RuntimeError(f"call {number} did not begin (closed: {caller.close_code})")
        callers.append(caller)

    from gevent.pool import Pool  # noqa: PLC0415

    pool = Pool(at_once)
    jobs = [pool.spawn(one, number) for number in range(count)]
    gevent.joinall(jobs, raise_error=True)
    return callers


def talk(callers: list[Any], seconds: float) -> float:
    """All of them talk, evenly spread over a frame's time; returns how late the latest frame was sent, in seconds."""
    began = monotonic() + 0.1
    for index, caller in enumerate(callers):
        caller.due = began + FRAME_SECONDS * index / len(callers)
    ends, latest, at = began + seconds, 0.0, 0
    while True:
        caller = callers[at]
        now = monotonic()
        if caller.due > now:
            gevent.sleep(min(0.001, caller.due - now))
            continue
        if caller.due >= ends:
            return latest
        latest = max(latest, now - caller.due)
        caller.speak()
        caller.due += FRAME_SECONDS
        at = (at + 1) % len(callers)
        if now - caller.due > 0:
            gevent.sleep(0)
