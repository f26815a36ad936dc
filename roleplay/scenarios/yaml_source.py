"""A YAML file as plain data: what it says, and on which line. Nothing in a file is run, expanded or guessed.

Anchors, tags and a second document are refused rather than followed, so that a small file cannot grow and no object can
be made. A date stays the words that were written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import yaml

from roleplay.scenarios.content import storable
from tenants.errors import Invalid

LARGEST_FILE = 256 * 1024
"""Bytes; the longest scenario of the library has a tenth of it."""
_DEEPEST = 12
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TYPED = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float")}

Path = tuple[str | int, ...]


class Wrong(StrEnum):
    """What can be wrong with a file, or with a part of it."""

    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    NOT_YAML = "not_yaml"
    ALIAS = "alias"
    TAG = "tag"
    TOO_DEEP = "too_deep"
    SECOND_DOCUMENT = "second_document"
    UNSTORABLE = "unstorable"
    TWICE = "twice"
    OTHER_KIND = "other_kind"
    """A readable file of something else."""
    UNKNOWN = "unknown"
    MISSING = "missing"
    NOT_TEXT = "not_text"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_LIST = "not_a_list"
    NOT_FIELDS = "not_fields"
    NOT_YES_OR_NO = "not_yes_or_no"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    OUT_OF_RANGE = "out_of_range"
    NO_CHOICE = "no_choice"
    SAME_ID = "same_id"
    SAME_NAME = "same_name"
    HERE_ALREADY = "here_already"
    UNREADABLE = "unreadable"


class Fault(NamedTuple):
    """`where` is a path such as `goals.0.text`; `known` says more: the limit, the choices, a name."""

    what: Wrong
    where: str = ""
    line: int | None = None
    known: str = ""


class UnreadableFile(Invalid):
    code = "unreadable_file"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(field="file")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Parsed:
    value: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int | None:
        """Of the part, or of the smallest part around it that is in the file."""
        return next((self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), None)


def parse(source: str | bytes) -> Parsed:
    """Raises `UnreadableFile`."""
    text = _decoded(source)
    odd = _UNPRINTABLE.search(text)
    if odd:
        raise UnreadableFile(Fault(Wrong.UNSTORABLE, line=_line_at(text, odd.start())))
    try:
        _refuse_more_than_data(yaml.parse(text, Loader=_LOADER))
        root = yaml.compose(text, Loader=_LOADER)
        lines: dict[Path, int] = {}
        return Parsed(_plain(root, (), lines) if root else None, lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        end = _line_at(text.rstrip(), len(text))
        raise UnreadableFile(Fault(Wrong.NOT_YAML, line=min(mark.line + 1, end) if mark else None)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableFile(Fault(Wrong.NOT_YAML)) from error


def _decoded(source: str | bytes) -> str:
    raw = source if isinstance(source, bytes) else source.encode(errors="surrogatepass")
    if len(raw) > LARGEST_FILE:
        raise UnreadableFile(Fault(Wrong.TOO_LARGE))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(Fault(Wrong.NOT_UTF8, line=raw.count(b"\n", 0, error.start) + 1)) from error


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _refuse_more_than_data(events: Iterator[yaml.Event]) -> None:
    """Before anything is built: a deep or aliased file would cost more than it weighs."""
    depth = documents = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UnreadableFile(Fault(Wrong.ALIAS, line=line))
        tag = getattr(event, "tag", None)
        if tag:
            raise UnreadableFile(Fault(Wrong.TAG, line=line, known=str(tag).replace("tag:yaml.org,2002:", "!!")[:60]))
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise UnreadableFile(Fault(Wrong.SECOND_DOCUMENT, line=line))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise UnreadableFile(Fault(Wrong.TOO_DEEP, line=line))


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*path, number), lines) for number, each in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _fields(node, path, lines)
    if node.tag not in _TYPED:
        return _stored(node.value, lines[path])
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except ValueError as error:
        raise UnreadableFile(Fault(Wrong.NOT_A_NUMBER, line=lines[path])) from error


def _fields(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        name = _stored(key.value, line) if isinstance(key, yaml.ScalarNode) else ""
        if not name:
            raise UnreadableFile(Fault(Wrong.NOT_YAML, line=line))
        if name in found:
            raise UnreadableFile(Fault(Wrong.TWICE, line=line, known=name[:60]))
        found[name] = _plain(value, (*path, name), lines)
        lines[(*path, name)] = line
    return found


def _stored(text: str, line: int) -> str:
    try:
        return storable(text)
    except ValueError as error:
        raise UnreadableFile(Fault(Wrong.UNSTORABLE, line=line)) from error
