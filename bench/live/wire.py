"""What callers and engine have in common on their sockets."""

import socket

from picows import WSTransport


def spare(transport: WSTransport) -> None:
    """Pacing (bbr) sets a timer for each packet; on one machine that only costs."""
    transport.underlying_transport.get_extra_info("socket").setsockopt(
        socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"reno"
    )
