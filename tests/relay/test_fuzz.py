"""A relay in the hands of a browser that means no good: whatever it sends, the process stays up, small and quick."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import pack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roleplay.relay.messages import ClientMessage
from roleplay.sockets.codec import pure_mask
from tests.relay.conftest import Practice, RelayProcess

KEY = b"\x11\x22\x33\x44"
LENIENT = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
KINDS = [kind.model_fields["type"].annotation.__args__[0] for kind in ClientMessage.__args__]  # type: ignore[union-attr]


def frame(first: int, payload: bytes, *, masked: bool = True, size: int | None = None) -> bytes:
    size = len(payload) if size is None else size
    flag = 0x80 if masked else 0
    if size < 126:
        head = pack("!BB", first, flag | size)
    else:
        head = pack("!BBH", first, flag | 126, size) if size < 0x10000 else pack("!BBQ", first, flag | 127, size)
    return head + (KEY + pure_mask(payload, KEY) if masked else payload)


frames = st.one_of(
    st.builds(frame, st.integers(0, 255), st.binary(max_size=200), masked=st.booleans()),
    st.builds(frame, st.sampled_from([0x82, 0x02, 0x00, 0x80, 0x81]), st.binary(max_size=2000)),
    st.builds(frame, st.just(0x82), st.just(b""), size=st.sampled_from([65_537, 2**31, 2**63 - 1, 2**64 - 1])),
    st.just(frame(0x88, b"")),
    st.just(frame(0x89, b"ping") * 200),
    st.just(b"".join(frame(0x02 if not index else 0x00, b"x") for index in range(300))),
    st.binary(max_size=60),
)
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=40)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=8,
)
messages = st.one_of(
    st.text(max_size=200),
    anything.map(json.dumps),
    st.fixed_dictionaries(
        {"type": st.sampled_from([kind for kind in KINDS if kind != "end"]), "cid": st.text("abc1", max_size=5)},
        optional=dict.fromkeys(("item", "ms", "text", "down", "on", "patience_ms", "seq"), anything),
    ).map(json.dumps),
)


@contextmanager
def raw_socket(practice: Practice) -> Iterator[socket.socket]:
    """The handshake as it should be, and no more manners than that."""
    with socket.create_connection(("127.0.0.1", practice.relay.port), timeout=5) as connected:
        connected.sendall(
            f"GET /relay/calls?ticket={practice.ticket()} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            head += connected.recv(1)
        assert b" 101 " in head
        yield connected


def read_to_the_end(connected: socket.socket) -> None:
    """Raises `TimeoutError` when the relay keeps a socket that it was asked to close."""
    try:
        while connected.recv(65_536):
            pass
    except ConnectionResetError:
        pass


def memory_kb(relay: RelayProcess) -> int:
    pids = [
        relay.process.pid,
        *map(int, Path(f"/proc/{relay.process.pid}/task/{relay.process.pid}/children").read_text().split()),
    ]
    return sum(
        int(line.split()[1])
        for pid in pids
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        if line.startswith("Pss:")
    )


@pytest.fixture
def victim(practice: Practice) -> Iterator[Practice]:
    """Afterwards a call is as good as ever, and the process has hardly grown."""
    for _ in range(5):
        with raw_socket(practice) as connected:
            connected.sendall(frame(0x88, b""))
            read_to_the_end(connected)
    before = memory_kb(practice.relay)
    yield practice
    assert memory_kb(practice.relay) < 1.2 * before
    browser = practice.open()
    browser.send("mute", cid="still-there", on=True)
    browser.wait_for("ack", cid="still-there")
    browser.leave()


@LENIENT
@given(sent=st.lists(frames, max_size=6))
def test_no_frame_upsets_the_relay(victim: Practice, sent: list[bytes]) -> None:
    with raw_socket(victim) as connected:
        try:
            for piece in sent:
                connected.sendall(piece)
            connected.sendall(frame(0x88, b""))
            connected.shutdown(socket.SHUT_WR)
        except (ConnectionResetError, BrokenPipeError):
            pass
        read_to_the_end(connected)


@LENIENT
@given(sent=st.lists(messages, max_size=8))
def test_no_message_upsets_the_call(victim: Practice, sent: list[str]) -> None:
    with raw_socket(victim) as connected:
        try:
            for message in sent:
                connected.sendall(frame(0x81, message.encode()))
            connected.sendall(frame(0x88, b""))
        except (ConnectionResetError, BrokenPipeError):
            pass
        read_to_the_end(connected)


def test_pings_without_end_are_not_answered_without_end(victim: Practice) -> None:
    before = memory_kb(victim.relay)
    with raw_socket(victim) as connected:
        connected.settimeout(2)
        try:
            for _ in range(400):
                connected.sendall(frame(0x89, b"p" * 125) * 100)
        except (TimeoutError, ConnectionResetError, BrokenPipeError):
            pass
        assert memory_kb(victim.relay) - before < 3_000
