"""A written call with the echoing persona: what is said in it, and how a test takes part."""

from tests.chaos.caller import SILENCE, SPEECH
from tests.relay.browser import TestBrowser
from tests.relay.conftest import Practice

OPENING = ("persona", "You wanted to see me?")
ONE, TWO = "You were two weeks late.", "What happened?"
WRITTEN = [OPENING, ("learner", ONE), ("persona", f"You say: {ONE}"), ("learner", TWO), ("persona", f"You say: {TWO}")]


def words(practice: Practice) -> list[tuple[str, str]]:
    return [(speaker, text) for _, speaker, text, _ in practice.told()]


def write(browser: TestBrowser, text: str, turn: int) -> None:
    """Is written, acknowledged and answered; `turn` is the number it gets."""
    cid = browser.send("text", text=text)
    browser.wait_for("ack", cid=cid)
    browser.wait_for("caption", turn=turn + 1, final=True)


def speak(browser: TestBrowser, ms: int = 1200) -> None:
    for frame in [*[SPEECH] * (ms // 40), *[SILENCE] * 20]:
        browser.send_raw(frame)
