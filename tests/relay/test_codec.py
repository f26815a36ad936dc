"""The frames of RFC 6455, as a peer may send them, and as nobody should."""

import json
from collections.abc import Iterator
from itertools import pairwise
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.speedups import apply_mask as compiled_mask

from roleplay.sockets import codec
from roleplay.sockets.codec import BINARY, CLOSE, CONTINUATION, PING, TEXT, Malformed, Parser

MOST = 70_000
KEY = b"\x01\x02\x03\x04"
Message = tuple[int, str | bytes]


def raw(first: int, payload: bytes = b"", *, mask: bytes = b"", size: int | None = None) -> bytes:
    """A frame with any first byte, and a length that need not be true."""
    size = len(payload) if size is None else size
    flag = 0x80 if mask else 0
    if size > 0xFFFF:
        head = pack("!BBQ", first, flag | 127, size)
    else:
        head = pack("!BB", first, flag | size) if size < 126 else pack("!BBH", first, flag | 126, size)
    return head + mask + (codec.pure_mask(payload, mask) if mask else payload)


def parse(*pieces: bytes, masked: bool = False, most: int = MOST) -> list[Message]:
    """As a channel does it: the short way first."""
    parser = Parser(masked=masked, most=most)
    got: list[Message] = []
    for piece in pieces:
        whole = parser.whole(piece)
        if whole is None:
            got += parser.feed(piece)
        else:
            got.append((TEXT if isinstance(whole, str) else BINARY, whole))
    return got


def refused(*pieces: bytes, masked: bool = False, most: int = MOST) -> int:
    with pytest.raises(Malformed) as malformed:
        parse(*pieces, masked=masked, most=most)
    return malformed.value.code


def cut(data: bytes, places: list[int]) -> Iterator[bytes]:
    at = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return (data[start:end] for start, end in pairwise(at))


messages = st.lists(st.one_of(st.text(max_size=300), st.binary(max_size=300), st.just(b"\x07" * MOST)), max_size=5)


@given(messages, st.lists(st.integers(min_value=0), max_size=12), st.booleans())
def test_messages_come_out_as_they_went_in_however_they_are_cut(
    sent: list[str | bytes], places: list[int], masked: bool
) -> None:
    build = codec.masked_frame if masked else codec.frame
    frames = (build(TEXT, message.encode()) if isinstance(message, str) else build(BINARY, message) for message in sent)
    got = parse(*cut(b"".join(frames), places), masked=masked)
    assert got == [(TEXT if isinstance(message, str) else BINARY, message) for message in sent]


@given(st.binary(max_size=70_000), st.sampled_from([Opcode.BINARY, Opcode.PING]), st.booleans())
def test_frames_are_those_of_the_websockets_package(payload: bytes, opcode: Opcode, masked: bool) -> None:
    payload = payload[:125] if opcode is Opcode.PING else payload
    theirs = Frame(opcode, payload).serialize(mask=masked)
    assert parse(theirs, masked=masked) == [(int(opcode), payload)]
    if not masked:
        assert codec.frame(opcode, payload) == theirs


@given(st.binary(max_size=3000), st.binary(min_size=4, max_size=4))
def test_the_mask_is_the_same_without_the_compiled_function(data: bytes, mask: bytes) -> None:
    assert codec.pure_mask(data, mask) == compiled_mask(data, mask)


@given(st.lists(st.binary(max_size=5), min_size=1, max_size=30), st.binary(max_size=20))
def test_fragments_are_put_together_around_control_frames(parts: list[bytes], ping: bytes) -> None:
    frames = [
        raw(BINARY if not index else CONTINUATION, part) + raw(0x80 | PING, ping) for index, part in enumerate(parts)
    ]
    got = parse(*frames, raw(0x80, b"") if parts else b"")
    assert got[:-1] == [(PING, ping)] * len(parts)
    assert got[-1] == (BINARY, b"".join(parts))


@given(st.binary(max_size=400), st.booleans())
def test_nothing_that_arrives_breaks_the_parser_in_another_way(noise: bytes, masked: bool) -> None:
    parser = Parser(masked=masked, most=1000)
    code = None
    try:
        for byte in noise:
            for opcode, payload in parser.feed(bytes([byte])):
                assert opcode in {TEXT, BINARY, CLOSE, PING, codec.PONG}
                assert len(payload) <= 1000
                if opcode == CLOSE:
                    codec.close_code(bytes(payload))  # type: ignore[arg-type]
    except Malformed as malformed:
        code = malformed.code
    assert code in {None, codec.PROTOCOL_ERROR, codec.NOT_UTF8, codec.TOO_BIG}


@pytest.mark.parametrize(
    "frame",
    [raw(0x83), raw(0x8B), raw(0x8F, b"x"), raw(0xC2, b"x"), raw(0xA1), raw(0x09), raw(0x88, b"x", size=126)],
    ids=["opcode 3", "opcode 11", "opcode 15", "RSV1", "RSV2", "ping in fragments", "long close"],
)
def test_a_frame_that_does_not_exist_is_refused(frame: bytes) -> None:
    assert refused(frame) == codec.PROTOCOL_ERROR


def test_a_browser_must_mask_and_a_server_must_not() -> None:
    assert refused(raw(0x82, b"x"), masked=True) == codec.PROTOCOL_ERROR
    assert refused(raw(0x82, b"x", mask=KEY)) == codec.PROTOCOL_ERROR


@pytest.mark.parametrize("masked", [True, False])
def test_no_length_is_taken_for_another(masked: bool) -> None:
    for size in [*range(300), 65_535, 65_536]:
        for mask in (b"", KEY):
            frame = raw(0x82, b"x" * size, mask=mask)
            if bool(mask) is masked:
                assert parse(frame, masked=masked) == [(BINARY, b"x" * size)]
            else:
                assert refused(frame, masked=masked) == codec.PROTOCOL_ERROR


def test_a_fragment_needs_a_beginning_and_a_message_an_end() -> None:
    assert refused(raw(0x80, b"x")) == codec.PROTOCOL_ERROR
    assert refused(raw(TEXT, b"x") + raw(0x81, b"y")) == codec.PROTOCOL_ERROR


def test_a_huge_length_is_refused_by_its_header_alone() -> None:
    assert refused(raw(0x82, size=2**62)) == codec.TOO_BIG
    assert refused(raw(0x82, size=2**64 - 1)) == codec.TOO_BIG
    assert refused(raw(BINARY, b"x" * 60_000), raw(CONTINUATION, size=60_000)) == codec.TOO_BIG


def test_text_must_be_utf_8() -> None:
    assert refused(raw(0x81, b"\xc3\x28")) == codec.NOT_UTF8
    assert parse(raw(TEXT, b"\xc3"), raw(0x80, b"\xa9")) == [(TEXT, "é")]


@pytest.mark.parametrize("code", [1000, 1001, 1012, 3000, 4001])
def test_a_close_says_why(code: int) -> None:
    assert codec.close_code(codec.close_payload(code) + b"because") == code


@pytest.mark.parametrize("payload", [b"\x03", pack("!H", 999), pack("!H", 1005), pack("!H", 5000), b"\x03\xe8\xff"])
def test_a_close_that_may_not_be_said_is_refused(payload: bytes) -> None:
    with pytest.raises(Malformed):
        codec.close_code(payload)


def test_a_close_without_a_code_is_none() -> None:
    assert codec.close_code(b"") == codec.NO_STATUS
    assert codec.close_payload(codec.NO_STATUS) == b""


@given(st.text(max_size=50))
def test_sound_is_found_in_json_or_left_to_its_reader(item: str) -> None:
    from roleplay.providers.openai.realtime_events import read_sound, translate  # noqa: PLC0415

    message = {"type": "response.output_audio.delta", "event_id": "e1", "item_id": item, "delta": "AQI="}
    compact = json.dumps(message, separators=(",", ":"))
    found, again, later = (read_sound(text) for text in (compact, compact, compact.replace('"e1"', '"e2"')))
    assert found is not None or "\\" in compact or "{" in item
    if found and again and later:
        assert found[0] == translate(message)
        assert found[1] == again[1] != later[1]
    assert read_sound(json.dumps(message)) is None, "put differently"
