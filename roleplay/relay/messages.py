"""What a browser may say on the call's socket. Anything else is refused, and closes it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

LONGEST_TEXT = 4_000
Cid = Annotated[str, StringConstraints(pattern=r"^[\w.:-]{1,64}$")]


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    cid: Cid


class Played(_Message):
    """How much of a persona's item has come out of the loudspeaker so far."""

    type: Literal["played"]
    item: Annotated[str, StringConstraints(max_length=100)]
    ms: int = Field(ge=0, le=3_600_000)


class Pause(_Message):
    type: Literal["pause"]


class Resume(_Message):
    type: Literal["resume"]


class Text(_Message):
    type: Literal["text"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT)]


class Talk(_Message):
    """The push-to-talk button went down or up."""

    type: Literal["talk"]
    down: bool


class Mute(_Message):
    type: Literal["mute"]
    on: bool


class Tune(_Message):
    """A setting changed during the call; what is left out stays."""

    type: Literal["tune"]
    patience_ms: int | None = Field(default=None, ge=200, le=5000)
    push_to_talk: bool | None = None


class Extend(_Message):
    type: Literal["extend"]


class End(_Message):
    type: Literal["end"]


class Ack(_Message):
    type: Literal["ack"]
    seq: int = Field(ge=0)


ClientMessage = Played | Pause | Resume | Text | Talk | Mute | Tune | Extend | End | Ack
_ADAPTER: TypeAdapter[ClientMessage] = TypeAdapter(Annotated[ClientMessage, Field(discriminator="type")])


def parse(text: str) -> ClientMessage:
    """Raises `ValueError` when it is none of the messages."""
    return _ADAPTER.validate_json(text)
