"""The far end of an encrypted line, with memories of its own."""

import ssl
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from roleplay.sockets.tls import Tls

Contexts = tuple[ssl.SSLContext, ssl.SSLContext]
"""Of a server, and of clients that trust it."""


@dataclass
class Server:
    """A peer with a memory of its own."""

    context: ssl.SSLContext
    incoming: ssl.MemoryBIO = field(default_factory=ssl.MemoryBIO)
    outgoing: ssl.MemoryBIO = field(default_factory=ssl.MemoryBIO)

    def __post_init__(self) -> None:
        self.end = self.context.wrap_bio(self.incoming, self.outgoing, server_side=True)

    def take(self, data: bytes) -> bytes:
        """Goes on shaking hands; returns what it answers."""
        self.incoming.write(data)
        with suppress(ssl.SSLWantReadError):
            self.end.do_handshake()
        return self.outgoing.read()

    def read(self, data: bytes) -> bytes:
        self.incoming.write(data)
        return self.end.read(100_000)

    def write(self, data: bytes) -> bytes:
        self.end.write(data)
        return self.outgoing.read()


def make_contexts(folder: Path) -> Contexts:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command = ["openssl", "req", "-x509", *curve, *name, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return server, ssl.create_default_context(cafile=str(certificate))


def shake(contexts: Contexts, *, meanwhile: Callable[[], object] = lambda: None) -> tuple[Tls, Server]:
    server, tls = Server(contexts[0]), Tls(contexts[1], "localhost")
    answers: list[bytes] = []

    def receive() -> bytes:
        meanwhile()
        return answers.pop(0)

    tls.shake_hands(lambda data: answers.append(server.take(data)), receive)
    behind = b"".join(answers)
    assert not b"".join(bytes(piece) for piece, _ in tls.decrypt(behind))
    return tls, server
