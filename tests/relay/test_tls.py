"""Encrypted lines share the memory that they are decrypted from and encrypted into: none may notice another."""

import ssl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleplay.sockets.tls import Tls
from tests.relay.tls_peer import Contexts, Server, shake


def decrypt(tls: Tls, data: bytes) -> bytes:
    return b"".join(bytes(piece) for piece, _ in tls.decrypt(data))


def memory_is_empty() -> bool:
    return not Tls.incoming.pending and not Tls.outgoing.pending


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.binary(min_size=1, max_size=3000), st.integers(1, 3000)), max_size=20))
def test_lines_that_take_turns_in_the_middle_of_records_hear_only_their_own(
    contexts: Contexts, said: list[tuple[int, bytes, int]]
) -> None:
    lines = [shake(contexts) for _ in range(3)]
    under_way, got, expected = [b""] * 3, [b""] * 3, [b""] * 3
    for number, words, size in said:
        tls, server = lines[number]
        assert server.read(tls.encrypt(words)) == words
        under_way[number] += server.write(words)
        expected[number] += words
        now, under_way[number] = under_way[number][:size], under_way[number][size:]
        got[number] += decrypt(tls, now)
        assert memory_is_empty()
    for number, (tls, _) in enumerate(lines):
        for byte in under_way[number]:
            got[number] += decrypt(tls, bytes([byte]))
    assert got == expected


def test_a_line_is_used_while_another_shakes_hands(contexts: Contexts) -> None:
    tls, server = shake(contexts)
    heard = []
    other, peer = shake(contexts, meanwhile=lambda: heard.append(decrypt(tls, server.write(b"meanwhile"))))
    assert heard
    assert set(heard) == {b"meanwhile"}
    assert decrypt(other, peer.write(b"and then")) == b"and then"


def test_a_broken_record_breaks_only_its_own_line(contexts: Contexts) -> None:
    (tls, server), (other, peer) = shake(contexts), shake(contexts)
    record = bytearray(server.write(b"something"))
    record[-1] ^= 1
    with pytest.raises(ssl.SSLError):
        decrypt(tls, bytes(record))
    assert memory_is_empty()
    assert decrypt(other, peer.write(b"all is well")) == b"all is well"


def test_a_certificate_of_somebody_else_is_refused_and_leaves_nothing(contexts: Contexts) -> None:
    server, tls = Server(contexts[0]), Tls(contexts[1], "elsewhere.example")
    answers: list[bytes] = []
    with pytest.raises(ssl.SSLCertVerificationError):
        tls.shake_hands(lambda data: answers.append(server.take(data)), lambda: answers.pop(0))
    assert memory_is_empty()


def test_a_peer_that_says_goodbye_is_not_heard_any_more(contexts: Contexts) -> None:
    tls, server = shake(contexts)
    with pytest.raises(ssl.SSLWantReadError):
        server.end.unwrap()
    assert decrypt(tls, server.outgoing.read()) == b""
    assert memory_is_empty()
