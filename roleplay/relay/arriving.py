"""What a call does when a browser comes: it takes the attempt anew, and tells the browser how things stand."""

from typing import TYPE_CHECKING

from roleplay.attempts.lifecycle import Superseded
from roleplay.attempts.models import EndReason
from roleplay.attempts.tickets import Admission
from roleplay.relay import timers
from roleplay.relay.browser import FAILED, NORMAL, TAKEN_OVER, Browser
from roleplay.relay.conversation import Conversation
from roleplay.relay.exchange import Exchange
from roleplay.relay.records import Taken
from roleplay.relay.scribe import Scribe
from tenants import current
from tenants.clock import now

if TYPE_CHECKING:
    from roleplay.relay.call import Call

HEARTBEAT_MS = 20_000


def arrive(call: "Call", browser: Browser, admission: Admission) -> None:
    call.request_id = browser.request_id
    current.request_id.set(browser.request_id)
    held = call.records.epoch
    taken = _take(call, browser)
    if call.stage.browser:
        call.say_goodbye("taken_over", TAKEN_OVER)
    _begin(call, taken, held)
    call.admission = admission
    call.stage.browser, call.stage.language = browser, taken.language
    _greet(call, taken)
    call.connection.balance()
    call.log.info("browser came", epoch=taken.epoch)
    call.alarms.clear("grace")
    timers.start(call)
    call.go_on()


def _take(call: "Call", browser: Browser) -> Taken:
    try:
        return call.records.take()
    except Superseded:
        browser.tell("ended", 1, reason=EndReason.LEARNER)
        browser.close(NORMAL)
        raise
    except Exception:
        browser.close(FAILED)
        raise


def _begin(call: "Call", taken: Taken, held: int) -> None:
    """`held` is the epoch that the call had before; 0 in a new one."""
    known = held > 0
    if known and taken.epoch != held + 1:
        # Another process held the attempt in between: what is known here is out of date.
        known = False
        call.connection.hang_up()
        call.alarms.clear("answer", "again", "transcription", "played", "dial")
    elif known and taken.mode is not call.mode:
        call.connection.hang_up()
        call.exchange.settle_all()
    call.mode, call.clock, call.patience_ms = taken.mode, taken.clock, taken.patience_ms
    if known:
        return
    call.stage.seq = taken.seq
    conversation = Conversation(stored=len(taken.turns))
    call.exchange = Exchange(Scribe(call.stage, call.records, call.elapsed_ms, conversation), call.alarms)
    call.exchange.learner.typed_before = frozenset(turn.item_id for turn in taken.turns)


def _greet(call: "Call", taken: Taken) -> None:
    at = now()
    call.stage.tell(
        "hello",
        attempt=str(call.admission.attempt_id),
        epoch=taken.epoch,
        heartbeat_ms=HEARTBEAT_MS,
        remaining_ms=call.clock.remaining_ms(at),
        elapsed_ms=call.clock.elapsed_ms(at),
        mode=taken.mode,
        engine=call.engine_label,
        can_extend=taken.can_extend,
    )
    for turn in taken.turns:
        call.stage.caption(turn.number, turn.speaker, turn.text, final=True)
