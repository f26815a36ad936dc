"""Who may open a call's socket, what the socket accepts, and who is made to leave it."""

import http.client
import json
import time

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from roleplay.attempts import tickets
from tenants.db import db
from tenants.identities import Identity
from tenants.members import Member
from tenants.scope import platform_scope
from tenants.sign_ins import Method, find_sign_in, sign_in, sign_out
from tests.practice import as_member, load
from tests.relay.browser import TestBrowser
from tests.relay.conftest import Practice


def refusal(url: str, origin: str | None = "http://localhost") -> int:
    with pytest.raises(InvalidStatus) as refused:
        connect(url, origin=origin)  # type: ignore[arg-type]
    return refused.value.response.status_code


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:9", "null", None])
def test_another_site_cannot_open_it(practice: Practice, origin: str | None) -> None:
    assert refusal(practice.url(), origin) == 403


def test_a_refused_origin_does_not_use_the_ticket_up(practice: Practice) -> None:
    ticket = practice.ticket()
    refusal(practice.url(ticket), "https://evil.example")
    TestBrowser(practice.url(ticket)).wait_for("hello")


@pytest.mark.parametrize("ticket", ["nonsense", "0" * 32 + ".secret"])
def test_nobody_comes_in_without_a_ticket(practice: Practice, ticket: str) -> None:
    assert refusal(practice.url(ticket)) == 401


def test_a_ticket_opens_one_socket(practice: Practice) -> None:
    ticket = practice.ticket()
    TestBrowser(practice.url(ticket)).wait_for("hello")
    assert refusal(practice.url(ticket)) == 401


def test_it_is_no_page(practice: Practice) -> None:
    assert practice.relay.get("/relay/calls") == 400


def test_compression_is_not_offered(practice: Practice) -> None:
    browser, _ = practice.begin()
    assert browser.extensions == ""


def test_small_frames_are_not_held_back(practice: Practice) -> None:
    """Nagle's algorithm would hold the second of two small messages for 40 ms."""
    browser, _ = practice.begin()
    waits = []
    for _ in range(15):
        began = time.perf_counter()
        browser.wait_for("ack", cid=browser.send("mute", on=False))
        waits.append(time.perf_counter() - began)
    assert sorted(waits)[7] < 0.03


@pytest.mark.parametrize(
    "message",
    ["", "nonsense", "[]", '{"type":"text"}', '{"type":"shout","cid":"a"}', '{"type":"end","cid":"not a cid!"}'],
)
def test_what_is_no_message_closes_the_socket(practice: Practice, message: str) -> None:
    browser, _ = practice.begin()
    browser.send_raw(message)
    assert browser.wait_until_closed() == 1008


def test_a_message_too_big_closes_the_socket(practice: Practice) -> None:
    browser, _ = practice.begin()
    browser.send_raw(bytes(70_000))
    assert browser.wait_until_closed() in {1006, 1009}


def test_a_browser_that_stalls_gets_every_byte_in_the_end(practice: Practice) -> None:
    """A partial send that went unnoticed would shift every frame after it."""
    ticket_url = practice.url()
    with connect(ticket_url, origin="http://localhost", max_queue=64, max_size=None) as stalled:  # type: ignore[arg-type]
        line = practice.engine.line()
        response, item = line.begin_answer()
        line.speak(response, item, "A very long speech", 120_000)
        time.sleep(1.0)
        heard = b""
        while len(heard) < 120_000 * 48:
            data = stalled.recv(timeout=5)
            heard += data if isinstance(data, bytes) else b""
    assert heard == b"\x01\x02" * (len(heard) // 2)


def test_who_signs_out_is_out_of_the_call(practice: Practice) -> None:
    with practice.app.app_context(), platform_scope():
        identity = db.session.get_one(Identity, practice.learner.identity_id)
        secret = sign_in(identity, method=Method.DEMO)
        db.session.flush()
        found = find_sign_in(secret)
        assert found
        sign_in_id = found.id
        db.session.commit()
    with as_member(practice.app, practice.learner):
        ticket = tickets.issue(load(practice.attempt_id), to=found)
        db.session.commit()
    browser = TestBrowser(practice.url(ticket))
    browser.wait_for("hello")
    with practice.app.app_context(), platform_scope():
        sign_out(sign_in_id)
        db.session.commit()
    assert browser.wait_for("ended")["reason"] == "signed_out"
    assert browser.wait_until_closed() == 4003


def test_a_member_who_loses_access_is_out_of_the_call(practice: Practice) -> None:
    browser, _ = practice.begin()

    def deactivate(_attempt: object) -> None:
        member = db.session.get_one(Member, (practice.learner.organization_id, practice.learner.member_id))
        member.deactivated_at = member.created_at

    practice.change(deactivate)
    assert browser.wait_for("ended")["reason"] == "signed_out"


def test_the_relay_says_how_it_is(practice: Practice) -> None:
    browser, _ = practice.begin()
    assert practice.relay.get("/healthz") == 200
    connection = http.client.HTTPConnection("127.0.0.1", practice.relay.port)
    connection.request("GET", "/metrics")
    assert b"roleplay_live_calls 1" in connection.getresponse().read()
    connection.close()
    browser.leave()


def test_the_log_knows_ids_and_no_words(practice: Practice) -> None:
    browser, line = practice.begin("The canary of the persona sings.")
    line.hear("The canary of the learner sings.")
    browser.wait_for("caption", turn=2, final=True)
    browser.wait_for("ack", cid=browser.send("text", text="The canary in writing sings."))
    browser.send("end")
    browser.wait_until_closed()
    log = practice.relay.log.read_text()
    of_the_call = [json.loads(line) for line in log.splitlines() if str(practice.attempt_id) in line]
    assert {"browser came", "line open", "attempt ended"} <= {entry["event"] for entry in of_the_call}
    assert all(entry["organization_id"] == str(practice.learner.organization_id) for entry in of_the_call)
    assert len({entry["request_id"] for entry in of_the_call}) == 1
    assert "canary" not in log
