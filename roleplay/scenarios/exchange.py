"""Scenarios, personas and evaluation templates as YAML files: out of one organization, into another, or into an editor
and back. Whatever is wrong in a file is told with its place, and nothing of the file is taken.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from roleplay.scenarios.cards import Card
from roleplay.scenarios.content import ScenarioContent
from roleplay.scenarios.validity import said
from roleplay.scenarios.yaml_source import Fault, Parsed, Path, UnreadableFile, Wrong, parse

MOST_CARDS = 100
"""In one file."""
_MOST_FAULTS = 20
_WRONG = {
    "missing": Wrong.MISSING,
    "extra_forbidden": Wrong.UNKNOWN,
    "string_type": Wrong.NOT_TEXT,
    "int_type": Wrong.NOT_A_NUMBER,
    "tuple_type": Wrong.NOT_A_LIST,
    "model_type": Wrong.NOT_FIELDS,
    "bool_type": Wrong.NOT_YES_OR_NO,
    "string_too_short": Wrong.EMPTY,
    "too_short": Wrong.EMPTY,
    "string_too_long": Wrong.TOO_LONG,
    "too_long": Wrong.TOO_MANY,
    "greater_than_equal": Wrong.OUT_OF_RANGE,
    "less_than_equal": Wrong.OUT_OF_RANGE,
    "enum": Wrong.NO_CHOICE,
    "time_limit": Wrong.NO_CHOICE,
    "same_id": Wrong.SAME_ID,
}
_INCOMPLETE = {"missing", "string_too_short", "too_short"}
_NEEDED = {"id", "direction"}
"""Of a goal, a lever or a fact that is only begun."""

AnyCard = TypeVar("AnyCard", bound=Card)


def written(text: dict[str, Any]) -> str:
    """The draft, in the order of the steps, without what was left blank."""
    kept = said(text)
    return _dumped({name: kept[name] for name in ScenarioContent.model_fields if name in kept})


def read(source: str | bytes) -> dict[str, Any]:
    """The text of a draft. A file may be incomplete, never wrong: raises `UnreadableFile` with every fault in it."""
    found = parse(source)
    if not isinstance(found.value, dict) or not found.value:
        raise UnreadableFile(Fault(Wrong.OTHER_KIND))
    if not isinstance(found.value.get("persona") or {}, dict):
        raise UnreadableFile(Fault(Wrong.NOT_FIELDS, "persona", found.line_of(("persona",))))
    text = said(found.value)
    try:
        content = ScenarioContent.model_validate_json(json.dumps(text), strict=True)
    except ValidationError as error:
        faults = [_fault(each, found) for each in _errors_in(error) if not _is_only_begun(each)]
        if faults:
            raise UnreadableFile(*_in_order(faults)) from error
        return text
    return content.model_dump(mode="json", exclude_unset=True)


def written_cards(cards: Iterable[Card]) -> str:
    return _dumped([card.model_dump(mode="json", exclude_none=True) for card in cards])


def read_cards(source: str | bytes, kind: type[AnyCard]) -> list[AnyCard]:
    """Those of the file, a list of them or a single one. Raises `UnreadableFile` with every fault in it."""
    found = parse(source)
    single = isinstance(found.value, dict)
    entries = [found.value] if single else found.value
    if not isinstance(entries, list) or not entries or not all(isinstance(each, dict) for each in entries):
        raise UnreadableFile(Fault(Wrong.OTHER_KIND))
    if len(entries) > MOST_CARDS:
        raise UnreadableFile(Fault(Wrong.TOO_MANY, known=str(MOST_CARDS)))
    cards, faults = [], []
    for number, entry in enumerate(entries):
        try:
            cards.append(kind.model_validate_json(json.dumps(entry), strict=True))
        except ValidationError as error:
            faults += [_fault(each, found, () if single else (number,)) for each in _errors_in(error)]
    faults = faults or _same_names(cards, found)
    if faults:
        raise UnreadableFile(*_in_order(faults))
    return cards


def _dumped(value: object) -> str:
    return yaml.safe_dump(_without_blanks(value), allow_unicode=True, sort_keys=False, width=110)


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_blanks(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each is not None and each not in ("", [], {})}
    return [_without_blanks(each) for each in value] if isinstance(value, list | tuple) else value


def _errors_in(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_input=False)


def _in_order(faults: Sequence[Fault]) -> list[Fault]:
    """The first of them, as they stand in the file."""
    return sorted(faults, key=lambda fault: fault.line or 0)[:_MOST_FAULTS]


def _is_only_begun(error: ErrorDetails) -> bool:
    return error["type"] in _INCOMPLETE and error["loc"][-1] not in _NEEDED


def _fault(error: ErrorDetails, found: Parsed, inside: Path = ()) -> Fault:
    path = (*inside, *error["loc"])
    what = _WRONG.get(error["type"], Wrong.UNREADABLE)
    return Fault(what, ".".join(map(str, path)), found.line_of(path), _known(what, error.get("ctx") or {}))


def _known(what: Wrong, context: dict[str, Any]) -> str:
    if what in {Wrong.TOO_LONG, Wrong.TOO_MANY}:
        return str(context["max_length"])
    if what is Wrong.OUT_OF_RANGE:
        return f"≥ {context['ge']}" if "ge" in context else f"≤ {context['le']}"
    if what is Wrong.NO_CHOICE:
        return ", ".join(re.findall(r"\w+", str(context["expected"]).replace(" or ", " ")))
    return ""


def _same_names(cards: Sequence[Card], found: Parsed) -> list[Fault]:
    seen: set[tuple[str, str]] = set()
    faults = []
    for number, card in enumerate(cards):
        if (card.language, card.called) in seen:
            faults.append(Fault(Wrong.SAME_NAME, str(number), found.line_of((number,)), card.called))
        seen.add((card.language, card.called))
    return faults
