"""What a learner and a persona say to each other: whose words are unanswered, which were cut, what comes next."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from roleplay.embedded.conversation import Item
from roleplay.embedded.wire import ProtocolError
from roleplay.ports.dialogue import Dialogue, Reply
from tenants.errors import ProviderFailed

T = TypeVar("T")

_BACKCHANNELS = frozenset({"mm", "mmm", "mhm", "mm-hmm", "hmm", "uh-huh", "yeah", "yes", "right", "okay", "ok", "sure"})


class Aside(Protocol):
    """Runs thinking away from the event loop."""

    def __call__(self, work: Callable[..., T], *args: object) -> Awaitable[T]: ...


@dataclass
class Spoken:
    """The persona's last words, and after how many milliseconds they were cut short, if they were."""

    reply: Reply
    item: Item
    cut_ms: int | None = None


class Call:
    def __init__(self, aside: Aside) -> None:
        self._aside = aside
        self._dialogue: Dialogue | None = None
        self._begun = False
        self._unanswered: list[str] = []
        self._text_tokens = self._audio_tokens = 0
        self.spoken: Spoken | None = None
        self.over = False

    @property
    def begun(self) -> bool:
        return self._begun

    async def meet(self, dialogue: Dialogue, history: Sequence[tuple[str, str]]) -> None:
        """Bring the persona in; a history's last learner words, if nobody answered them, still want an answer."""
        self._dialogue = dialogue
        if not history:
            return
        *before, (speaker, text) = history
        if speaker == "learner":
            self._unanswered.append(text)
            history = before
        self._begun = True
        await self._aside(dialogue.resume, history)

    def learner_said(self, text: str, audio_ms: int = 0) -> None:
        self._unanswered.append(text)
        self._text_tokens += 0 if audio_ms else len(text) // 4
        self._audio_tokens += audio_ms // 100

    def take_input_tokens(self) -> tuple[int, int]:
        """Text and audio tokens since last asked, counted as the protocol's author bills them: 4 letters, 100 ms."""
        taken = self._text_tokens, self._audio_tokens
        self._text_tokens = self._audio_tokens = 0
        return taken

    def persona_said(self) -> None:
        """The client put words into the persona's mouth: what went before is answered."""
        self._unanswered = []
        self._begun = True

    @property
    def wants_answer(self) -> bool:
        """Whether something waits to be said: an answer, or the rest of words that a mere noise cut short."""
        return not self.over and bool(self._unanswered or self._rest())

    async def answer(self) -> Reply | None:
        """The persona's next words: its answer, the rest of what it was saying, its opening, or to the silence."""
        said, self._unanswered = self._unanswered, []
        words = " ".join(said)
        rest = self._rest()
        if rest and (not words or _is_backchannel(words)):
            self.spoken = None
            return rest
        if not words and not self._begun:
            self._begun = True
            return await self._think(self._persona.open)
        if not words:
            return await self.sit_in_silence()
        try:
            return await self._hear(words)
        except ProtocolError:
            self._unanswered = [*said, *self._unanswered]
            raise

    async def sit_in_silence(self) -> Reply | None:
        return await self._think(self._persona.sit_in_silence)

    async def time_left(self, seconds: int) -> Reply | None:
        return await self._think(self._persona.time_left, seconds)

    def cut(self, item: Item, ms: int) -> None:
        """The learner heard only so much of this item."""
        if self.spoken and self.spoken.item is item:
            self.spoken.cut_ms = ms

    @property
    def _persona(self) -> Dialogue:
        if self._dialogue is None:
            raise ProtocolError("scenario_missing", "No scenario was given in session.prompt.", "session.prompt")
        return self._dialogue

    async def _think(self, work: Callable[..., T], *args: object) -> T:
        """What the persona thinks with may be elsewhere, and away."""
        try:
            return await self._aside(work, *args)
        except ProviderFailed as failure:
            raise ProtocolError(failure.code, "The persona found no words.", kind="server_error") from failure

    async def _hear(self, words: str) -> Reply:
        self._begun = True
        spoken, self.spoken = self.spoken, None
        if spoken and spoken.cut_ms is not None:
            await self._aside(self._persona.interrupted, spoken.item.heard_until(spoken.cut_ms))
        return await self._think(self._persona.hear, words)

    def _rest(self) -> Reply | None:
        if self.spoken is None or self.spoken.cut_ms is None:
            return None
        unheard = self.spoken.item.unheard_after(self.spoken.cut_ms)
        return Reply(unheard, self.spoken.reply.ends_call, self.spoken.reply.state) if unheard else None


def _is_backchannel(words: str) -> bool:
    """ "Mm-hm", "yeah": a listener's noises, after which a speaker just goes on."""
    return set(re.findall(r"[\w-]+", words.lower())) <= _BACKCHANNELS
