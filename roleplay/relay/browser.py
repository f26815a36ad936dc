"""One open socket of a browser, as a call sees it. Two kinds keep it: `pumped_browser` and `threaded_browser`."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from roleplay.sockets.channel import Channel

NORMAL, UNWELCOME, GOING_AWAY, TAKEN_OVER, SIGNED_OUT, FAILED = 1000, 1008, 1012, 4001, 4003, 4500
"""What a call's socket closes with."""


class Caller(Protocol):
    """Whoever a browser talks to. None of these may wait."""

    def hear(self, browser: "Browser", pcm: bytes) -> None: ...

    def said(self, browser: "Browser", text: str) -> None: ...

    def pressed(self) -> None:
        """A browser fell far behind, or caught up (`is_full`)."""

    def gone(self, browser: "Browser") -> None:
        """Nothing more will come from it. Said once."""


class Browser(Protocol):
    """What is sent goes out in order. Nothing here waits, except perhaps `listen`."""

    request_id: str

    @property
    def channel(self) -> "Channel | None":
        """The socket itself, where one has it in hand: what sound may flow through without anybody looking at it."""

    @property
    def is_full(self) -> bool:
        """Whether so much sound waits for it that the engine must wait, too."""

    def listen(self, caller: Caller) -> None:
        """Hands on what the browser says until it goes or is closed; may return before."""

    def hold(self, on: bool) -> None:
        """Reads no more for a while, so that a browser waits for an engine that takes nothing."""

    def tell(self, kind: str, seq: int, **fields: object) -> None: ...

    def sound(self, item: str, pcm: bytes) -> None: ...

    def drop_sound(self) -> dict[str, int]:
        """Forgets the sound that has not left yet; returns how many bytes of each item that was."""

    def close(self, code: int) -> None:
        """Closes once everything before it is out."""
