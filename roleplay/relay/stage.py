"""What the browser of a call sees and hears. While it is away, nothing is said to anybody."""

from threading import Lock

from flask_babel import force_locale
from flask_babel import lazy_gettext as _

from roleplay.ports import Speaker
from roleplay.relay.browser import Browser

WARNINGS: dict[str, object] = {
    "time_120": _("About two minutes are left."),
    "time_30": _("Thirty seconds are left."),
    "text_only": _("The practice engine speaks English only. This conversation goes on in writing."),
    "not_heard": _("Your last words could not be written down. Say them again if they matter."),
    "pause_used_up": _("This conversation was paused as long as it can be. It goes on now."),
    "already_extended": _("This conversation was already extended."),
    "fixed_time": _("This conversation has a fixed length."),
    "engine_busy": _("All places are taken at the moment. You will be connected as soon as one is free."),
    "engine_slow": _("The answer takes longer than usual."),
    "no_answer": _("The answer did not come. Your words are kept: say or write something to try again."),
}


class Stage:
    """`seq` numbers every message of an epoch, so that a browser can tell what it has seen."""

    def __init__(self) -> None:
        self.browser: Browser | None = None
        self.seq = 0
        self.language = "en"
        self._state = ""
        self._order = Lock()

    def tell(self, kind: str, **fields: object) -> None:
        with self._order:
            if self.browser:
                self.seq += 1
                self.browser.tell(kind, self.seq, **fields)

    def show(self, state: str, *, again: bool = False) -> None:
        if again or state != self._state:
            self._state = state
            self.tell("state", state=state)

    @property
    def state(self) -> str:
        return self._state

    def warn(self, code: str) -> None:
        with force_locale(self.language):
            self.tell("warn", code=code, message=str(WARNINGS[code]))

    def caption(self, turn: int, speaker: Speaker, text: str, *, final: bool) -> None:
        """The whole of a turn so far; an empty final one takes it back."""
        self.tell("caption", turn=turn, speaker=speaker, text=text, final=final)

    def sound(self, item: str, pcm: bytes) -> None:
        if self.browser:
            self.browser.sound(item, pcm)

    def drop_sound(self) -> dict[str, int]:
        return self.browser.drop_sound() if self.browser else {}

    def leave(self, code: int) -> None:
        """Closes the browser's socket after what was said to it so far."""
        if self.browser:
            self.browser.close(code)
            self.browser = None
