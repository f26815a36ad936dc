"""Sound that flows by itself. A piece of it is looked at, and those behind it go the same way, straight from socket to
socket, until anything happens in the call: then what flowed is accounted for, and if nothing speaks against it, sound
flows on."""

from roleplay.ports.realtime import Coupling
from roleplay.relay.browser import Browser
from roleplay.relay.line import Line
from roleplay.relay.playback import Playback


class Flow:
    """Between one browser and one line at a time. Where their sockets cannot be coupled, nothing flows."""

    def __init__(self) -> None:
        self._line: Line | None = None
        self._browser: Browser | None = None
        self._coupling: Coupling | None = None
        self._playback: Playback | None = None
        self.item = ""
        """Whose sound came last."""

    def meet(self, line: Line, browser: Browser) -> None:
        """Nothing flows yet, and from now on nothing is passed on twice."""
        self._couple(line, browser)

    def hear(self, line: Line, browser: Browser) -> None:
        """The learner's sound goes on to the engine."""
        if coupling := self._couple(line, browser):
            coupling.open_ears()

    def speak(self, line: Line, browser: Browser, playback: Playback) -> None:
        """The sound of the item goes on to the browser."""
        if coupling := self._couple(line, browser):
            self._playback = playback
            coupling.open_mouth(self.item, playback.until)

    def _couple(self, line: Line, browser: Browser) -> Coupling | None:
        if line is not self._line or browser is not self._browser:
            if not line.is_open:
                return None
            self._line, self._browser, self._coupling = line, browser, line.couple(browser)
        return self._coupling

    def stop(self) -> None:
        coupling = self._coupling
        if coupling is None:
            return
        coupling.close()
        if self._line and coupling.heard:
            self._line.heard_bytes += coupling.heard
        if self._playback and coupling.spoken:
            self._playback.flowed(self.item, coupling.spoken, coupling.until)
        coupling.heard = coupling.spoken = 0
