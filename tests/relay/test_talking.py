"""A spoken conversation over the call's socket: sound both ways, captions, and turns that are stored in order."""

from roleplay.attempts.models import AttemptStatus, EndReason
from tests.relay.conftest import Practice


def test_the_persona_begins_and_its_opening_is_stored(practice: Practice) -> None:
    browser, _ = practice.begin("You wanted to see me?")
    assert browser.captions() == {1: ("persona", "You wanted to see me?")}
    assert practice.told() == [(1, "persona", "You wanted to see me?", "heard")]
    browser.leave()


def test_a_learner_ends_the_conversation(practice: Practice) -> None:
    browser, _ = practice.begin()
    browser.send("end")
    assert browser.wait_for("ended")["reason"] == "learner"
    assert browser.wait_until_closed() == 1000
    attempt = practice.attempt()
    assert (attempt.status, attempt.end_reason) == (AttemptStatus.ENDED, EndReason.LEARNER)
