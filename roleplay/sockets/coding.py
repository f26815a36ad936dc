"""How sound lies in the text messages of an engine."""

from typing import NamedTuple


class Coding(NamedTuple):
    """To the engine a message is `before`, the sound as base64, `behind`. From the engine it starts with `begins`, is
    flat and without escapes up to `key`, and holds there its `item` (with the item's name at %b) and perhaps an
    `event`; the sound and `behind` follow."""

    before: bytes
    begins: bytes
    item: bytes
    event: bytes
    key: bytes
    behind: bytes
    bytes_per_second: int
