"""The items of one conversation, in order, and how much of each spoken one was heard."""

from dataclasses import dataclass, field
from typing import Any, Literal

from roleplay.embedded.wire import ProtocolError, new_id

Role = Literal["user", "assistant", "system"]
Medium = Literal["input_text", "input_audio", "output_text", "output_audio"]

_NEARLY_ALL = 0.9


@dataclass
class Item:
    """`pieces` are the sentences of spoken words with their milliseconds; a learner's sound itself is not kept."""

    role: Role
    medium: Medium
    text: str | None = None
    id: str = field(default_factory=lambda: new_id("item"))
    status: Literal["completed", "incomplete", "in_progress"] = "completed"
    audio_ms: int = 0
    pieces: list[tuple[str, int]] = field(default_factory=list)

    def rendered(self) -> dict[str, Any]:
        word = "transcript" if self.medium.endswith("audio") else "text"
        content = [{"type": self.medium, word: self.text}] if self.text is not None or self.role == "user" else []
        return {
            "id": self.id,
            "object": "realtime.item",
            "type": "message",
            "role": self.role,
            "status": self.status,
            "content": content,
        }

    def heard_until(self, ms: int) -> str:
        """The whole words that had been spoken by then."""
        heard = []
        for sentence, lasts in self.pieces:
            if ms >= lasts:
                heard.append(sentence)
                ms -= lasts
                continue
            heard.append(sentence[: len(sentence) * ms // lasts + 1].rpartition(" ")[0])
            break
        return " ".join(filter(None, heard))

    def unheard_after(self, ms: int) -> str:
        """The sentences that had not been spoken to their end by then."""
        unheard = []
        for sentence, lasts in self.pieces:
            if ms < lasts * _NEARLY_ALL:
                unheard.append(sentence)
            ms = max(ms - lasts, 0)
        return " ".join(unheard)


class Conversation:
    def __init__(self) -> None:
        self.id = new_id("conv")
        self._items: list[Item] = []

    def add(self, item: Item, after: str | None = None) -> str | None:
        """Put the item at the end, after another, or first (`root`); answer which one it follows."""
        place = len(self._items)
        if after is not None:
            place = 0 if after == "root" else self._place(after, "create") + 1
        if any(item.id == other.id for other in self._items):
            raise ProtocolError(
                "item_create_invalid_item_id", f"Item with item_id already exists: {item.id}", "item.id"
            )
        self._items.insert(place, item)
        return self._items[place - 1].id if place else None

    @property
    def last_id(self) -> str | None:
        return self._items[-1].id if self._items else None

    def previous_id(self, item: Item) -> str | None:
        place = self._items.index(item)
        return self._items[place - 1].id if place else None

    def find(self, item_id: str, verb: str) -> Item:
        return self._items[self._place(item_id, verb)]

    def delete(self, item_id: str) -> Item:
        return self._items.pop(self._place(item_id, "delete"))

    def truncate(self, item_id: str, audio_end_ms: int) -> Item:
        """Forget what of a spoken item was not heard."""
        item = self.find(item_id, "truncate")
        if item.medium != "output_audio" or not item.pieces:
            raise ProtocolError("unsupported_content_type", "Only model output audio messages can be truncated.")
        if audio_end_ms > item.audio_ms:
            raise ProtocolError(
                "invalid_value",
                f"Audio content of {item.audio_ms}ms is already shorter than {audio_end_ms}ms",
                "audio_end_ms",
            )
        item.audio_ms = audio_end_ms
        item.text = item.heard_until(audio_end_ms)
        return item

    def _place(self, item_id: str, verb: str) -> int:
        for place, item in enumerate(self._items):
            if item.id == item_id:
                return place
        raise ProtocolError(f"item_{verb}_invalid_item_id", f"Item with item_id not found: {item_id}", "item_id")
