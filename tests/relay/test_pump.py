"""The compiled pump beside plain wires: the same bytes in, in whatever pieces, and the same messages out."""

import base64
import json
from collections.abc import Iterator
from time import monotonic
from typing import Any

import gevent
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleplay.providers.openai.realtime_events import read_sound
from roleplay.providers.openai.realtime_session import SOUND, audio_frame
from roleplay.sockets import wires
from roleplay.sockets.codec import BINARY, TEXT, frame, masked_frame
from tests.relay.coupled import SECONDS, pair
from tests.relay.tls_peer import Contexts, shake

pytestmark = pytest.mark.skipif(not wires.are_compiled(), reason="the pump was not built: there is no C compiler")

ITEM, OTHER = "persona_1", "persona_2"
PCM = b"\x01\x02" * 300


def delta(pcm: bytes, item: str = ITEM, *, event: str | None = None, **more: Any) -> bytes:
    named = {"event_id": event} if event else {}
    message = {"type": "response.output_audio.delta", **named, "item_id": item, **more}
    message["delta"] = base64.b64encode(pcm).decode()
    return json.dumps(message, separators=(",", ":")).encode()


WHOLE = {"browser": masked_frame(BINARY, PCM), "engine": frame(TEXT, delta(PCM, event="whole"))}
"""A piece of sound, from either side."""


def even(size: int) -> st.SearchStrategy[bytes]:
    return (
        st.binary(max_size=3).map(lambda seed: (seed + b"\x01\x80\xff\x00\x7f") * size).map(lambda pcm: pcm[: size * 2])
    )


pieces = st.integers(0, 2000).flatmap(even)
up = st.lists(
    st.one_of(
        pieces.map(lambda pcm: masked_frame(BINARY, pcm)),
        pieces.map(lambda pcm: masked_frame(BINARY, pcm)),
        st.binary(max_size=301).map(lambda data: masked_frame(BINARY, data)),
        st.text(max_size=200).map(lambda text: masked_frame(TEXT, text.encode())),
    ),
    max_size=14,
)
sounds = st.one_of(
    st.builds(lambda pcm: lambda event: delta(pcm, event=event), pieces),
    st.builds(lambda pcm: lambda event: delta(pcm, event=event), pieces),
    st.builds(lambda pcm: lambda event: delta(pcm, OTHER, event=event), pieces),
    st.builds(lambda pcm: lambda _: delta(pcm), pieces),
    st.builds(lambda pcm: lambda event: delta(pcm, event=event, part="\\"), pieces),
    st.builds(lambda pcm: lambda event: delta(pcm, event=event, part={"of": "it"}), pieces),
    st.builds(lambda pcm: lambda _: json.dumps(json.loads(delta(pcm))).encode(), pieces),
    st.builds(lambda pcm: lambda event: delta(pcm, event=event).replace(b'A"}', b'.A"}'), pieces),
    st.builds(lambda text: lambda _: text.encode(), st.text(max_size=200)),
)


@st.composite
def engines(draw: st.DrawFn) -> list[bytes]:
    """What an engine says, and now and then says again."""
    frames = []
    for number, make in enumerate(draw(st.lists(sounds, max_size=14))):
        message = make(f"e{number}")
        times = draw(st.sampled_from([1, 1, 1, 2])) if read_sound(message.decode()) else 1
        frames += [frame(TEXT, message)] * times
    return frames


def cut(frames: list[bytes], places: list[int]) -> Iterator[bytes]:
    data = b"".join(frames)
    ends = sorted({place % (len(data) + 1) for place in places} | {len(data)})
    return (data[start:end] for start, end in zip([0, *ends], ends, strict=False))


@settings(max_examples=60, deadline=None)
@given(up, engines(), st.lists(st.integers(0, 60_000), max_size=12), st.booleans())
def test_what_flows_is_what_would_have_been_passed_on(
    contexts: Contexts, up: list[bytes], down: list[bytes], places: list[int], tls: bool
) -> None:
    ends = masked_frame(TEXT, b"the end"), frame(TEXT, b"the end")
    results = []
    for compiled in (False, True):
        with pair(compiled=compiled, shaken=shake(contexts) if tls else None) as between:
            between.feed(browser=cut([*up, ends[0]], places), engine=cut([*down, ends[1]], places))
            between.wait(lambda: between.others.count("the end") >= 2)
            between.wait(lambda: between.browser.channel.waiting + between.engine.channel.waiting == 0)
            sides = between.browser, between.engine
            results.append((*(side.got for side in sides), sorted(between.others), between.accounted))
            assert all(side.channel.wire.received for side in sides)
    assert results[0] == results[1]


def test_sound_flows_without_being_looked_at() -> None:
    frames = [bytes([number % 251]) * 1920 for number in range(500)]
    with pair(compiled=True) as between:
        for number, pcm in enumerate(frames):
            between.feed(browser=[masked_frame(BINARY, pcm)])
            between.feed(engine=([frame(TEXT, delta(pcm, event=f"e{number}"))]))
        between.wait(lambda: len(between.browser.got) == len(between.engine.got) == 500)
        assert between.browser.got == frames
        assert between.engine.got == [audio_frame(pcm).decode() for pcm in frames]
        assert between.looked_at < 20
        assert between.accounted == (500 * 1920, 500 * 1920)
        assert between.coupling and between.coupling.until > 500 * 0.04


def test_what_a_browser_does_not_take_waits_and_belongs_to_its_item() -> None:
    pcm = b"\x05\x06" * 2400
    with pair(compiled=True) as between:
        sent = 0
        while not between.browser.full:
            between.pour(frame(TEXT, delta(pcm, event=f"e{sent}")))
            sent += 1
        assert sent > 100
        waiting = between.browser.channel.waiting
        assert waiting > 500_000
        taken_back = between.browser.channel.revoke()
        assert set(taken_back) == {ITEM}
        assert taken_back[ITEM] % len(pcm) == 0
        between.wait(lambda: sum(map(len, between.browser.got)) + taken_back[ITEM] == between.accounted[1])
        assert set(between.browser.got) == {pcm}


def test_a_closed_mouth_looks_at_the_next_piece_again() -> None:
    with pair(compiled=True) as between:
        for number in range(3):
            between.feed(engine=([frame(TEXT, delta(b"\x01" * 400, event=f"e{number}"))]))
        between.wait(lambda: len(between.browser.got) == 3)
        looked_at = between.looked_at
        assert between.coupling
        between.coupling.close()
        between.feed(engine=([frame(TEXT, delta(b"\x02" * 400, event="later"))]))
        between.wait(lambda: len(between.browser.got) == 4)
        assert between.looked_at == looked_at + 1


@pytest.mark.parametrize("newer", ["browser", "engine"])
def test_who_was_replaced_takes_nothing_along(newer: str) -> None:
    with pair(compiled=True) as before, pair(compiled=True) as between:
        browser = between.browser if newer == "browser" else before.browser
        engine = between.engine if newer == "engine" else before.engine
        coupling = wires.couple(browser.channel, engine.channel, SOUND)
        assert coupling
        coupling.open_ears()
        coupling.open_mouth(ITEM, 0.0)
        (before.browser if newer == "browser" else before.engine).channel.hung_up()
        before.feed(**{side: [one] for side, one in WHOLE.items() if side != newer})
        between.feed(**{newer: [WHOLE[newer]]})
        between.wait(lambda: coupling.heard == coupling.spoken == len(PCM))


def test_a_channel_that_closes_passes_nothing_on() -> None:
    with pair(compiled=True) as between:
        between.feed(browser=[WHOLE["browser"]], engine=[WHOLE["engine"]])
        between.wait(lambda: len(between.browser.got) == len(between.engine.got) == 1)
        between.browser.channel.close(1008)
        between.feed(browser=[WHOLE["browser"]] * 3)
        between.wait(lambda: between.browser.channel.wire.received == 4)
        assert len(between.engine.got) == 1
        assert between.accounted[0] == len(PCM)


def test_the_first_piece_is_not_passed_on_twice() -> None:
    with pair(compiled=True) as between:
        between.feed(engine=[frame(TEXT, delta(PCM, event="e1"))] * 3)
        between.feed(engine=[frame(TEXT, delta(PCM, event="e2"))])
        between.wait(lambda: len(between.browser.got) == 2)
        assert between.accounted[1] == 2 * len(PCM)


def test_a_peer_that_goes_in_the_middle_of_sound_ends_its_channel_only() -> None:
    with pair(compiled=True) as between:
        for number in range(3):
            between.feed(engine=([frame(TEXT, delta(b"\x01" * 400, event=f"e{number}"))]))
        between.browser.peer.close()
        for number in range(20):
            between.pour(frame(TEXT, delta(b"\x01" * 4000, event=f"f{number}")))
        deadline = monotonic() + SECONDS
        while not between.browser.code:
            assert monotonic() < deadline
            gevent.sleep(0.001)
        assert not between.engine.code
        assert between.engine.channel.is_open
