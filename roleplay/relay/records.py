"""What a call writes and reads in the database: each function a short transaction in the call's own organization,
fenced by the epoch that the call holds. No transaction is ever open while somebody waits for a socket."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from time import sleep
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import OperationalError

from roleplay.attempts import lifecycle, transcript
from roleplay.attempts.appending import NewTurn, append
from roleplay.attempts.models import Attempt, EndReason, Mode, TurnStatus
from roleplay.attempts.tickets import Admission
from roleplay.ports import Speaker
from roleplay.ports.realtime import Said, Usage
from roleplay.relay.clock import CallClock
from roleplay.relay.conversation import Draft
from roleplay.scenarios.content import ScenarioContent
from tenants.db import db
from tenants.members import Member
from tenants.scope import organization_scope, platform_scope
from tenants.sign_ins import is_live

RETRIES = (0.2, 1.0, 2.0)
"""Seconds between tries when the database is away, as it is for a moment when it is restarted."""

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class StoredTurn:
    number: int
    item_id: str
    speaker: Speaker
    text: str
    status: TurnStatus


@dataclass(frozen=True, slots=True)
class Taken:
    """A call as it stands when this process takes it."""

    epoch: int
    seq: int
    mode: Mode
    clock: CallClock
    can_extend: bool
    patience_ms: int
    language: str
    turns: Sequence[StoredTurn]


def _persistent(method: "Callable[Concatenate[Records, P], R]") -> "Callable[Concatenate[Records, P], R]":
    @wraps(method)
    def persistent(self: "Records", /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            for pause in RETRIES:
                try:
                    return method(self, *args, **kwargs)
                except OperationalError:
                    sleep(pause)
            return method(self, *args, **kwargs)
        finally:
            self._resumed()

    return persistent


class Records:
    """Raises `lifecycle.Superseded` from every write once somebody else holds the attempt or it is over. `resumed` is
    told whenever the database was waited for: meanwhile, things happened."""

    def __init__(self, admission: Admission, engine: str, *, resumed: Callable[[], None]) -> None:
        self._organization_id = admission.organization_id
        self._attempt_id = admission.attempt_id
        self._engine = engine
        self._resumed = resumed
        self.epoch = 0

    @_persistent
    def take(self) -> Taken:
        with organization_scope(self._organization_id):
            attempt = lifecycle.take(self._attempt_id)
            attempt.engine = self._engine
            taken = _taken(attempt)
            db.session.commit()
        self.epoch = taken.epoch
        return taken

    @_persistent
    def save(self, drafts: Iterable[Draft], usage: Iterable[Usage], *, seq: int) -> None:
        """Appends turns and costs; committed when it returns."""
        turns = [
            NewTurn(
                item_id=draft.key,
                speaker=draft.speaker,
                text=draft.text,
                status=draft.status,
                started_ms=draft.started_ms,
                ended_ms=draft.ended_ms,
                persona_state=draft.persona_state,
            )
            for draft in drafts
        ]
        with organization_scope(self._organization_id):
            append(self._attempt_id, epoch=self.epoch, seq=seq, turns=turns, usage=usage, engine=self._engine)

    @_persistent
    def revise(self, draft: Draft) -> None:
        with self._held() as attempt:
            transcript.revise_turn(attempt, draft.key, text=draft.text, status=draft.status, ended_ms=draft.ended_ms)

    @_persistent
    def drop(self, draft: Draft) -> None:
        with self._held() as attempt:
            transcript.drop_turn(attempt, draft.key)

    @_persistent
    def change(self, change: Callable[[Attempt], None], clock: CallClock) -> None:
        """Pauses, resumes or extends."""
        with self._held() as attempt:
            change(attempt)
            clock.follow(attempt)

    @_persistent
    def complete(self, reason: EndReason) -> None:
        with self._held() as attempt:
            lifecycle.complete(attempt, reason=reason)

    @_persistent
    def script(self) -> tuple[ScenarioContent, list[Said]]:
        """What an engine has to know, read when one is dialled: the scenario, and what was said so far."""
        with self._held() as attempt:
            history = [Said(Speaker(turn.speaker), turn.text) for turn in transcript.turns_of(attempt) if turn.text]
            return attempt.version.content, history

    def may_stay(self, admission: Admission) -> bool:
        """Whether the sign-in and the membership behind the socket still hold, and the attempt is still this call's."""
        if admission.sign_in_id is not None:
            with platform_scope():
                if not is_live(admission.sign_in_id):
                    return False
        with self._held():
            member = db.session.get(Member, (self._organization_id, admission.member_id))
            return member is not None and member.deactivated_at is None

    @contextmanager
    def _held(self) -> Iterator[Attempt]:
        with organization_scope(self._organization_id):
            yield lifecycle.held(self._attempt_id, self.epoch)
            db.session.commit()


def _taken(attempt: Attempt) -> Taken:
    clock = CallClock(attempt.started_at, attempt.ends_at, attempt.paused_at, attempt.paused_ms)
    return Taken(
        epoch=attempt.epoch,
        seq=attempt.seq,
        mode=Mode(attempt.mode),
        clock=clock,
        can_extend=lifecycle.may_extend(attempt),
        patience_ms=int(attempt.member.preferences.get("patience_ms", 500)),
        language=attempt.member.identity.language or "en",
        turns=[
            StoredTurn(turn.number, turn.item_id, Speaker(turn.speaker), turn.text, TurnStatus(turn.status))
            for turn in transcript.turns_of(attempt)
        ],
    )
