"""What callers and engine have in common on their sockets."""

import socket

from picows import WSMsgType, WSTransport

TEXT, BINARY, CLOSE = WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CLOSE
ROOM = 14
"""Bytes before a message in which its frame's head is written."""


def spare(transport: WSTransport) -> None:
    """Pacing (bbr) sets a timer for each packet; on one machine that only costs."""
    transport.underlying_transport.get_extra_info("socket").setsockopt(
        socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"reno"
    )
