"""What two authors wrote in the same step, side by side, in the words in which the pages show it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from roleplay.scenarios.authoring import merged
from roleplay.scenarios.options import DIALS, ECOSYSTEMS, EVALUATION_TEMPLATES, VERTICALS
from roleplay.scenarios.validity import said
from roleplay.web.scenarios.words import label_in, name_of
from roleplay.web.words import DIFFICULTIES, SPOKEN_LANGUAGES, TYPES


class Difference(NamedTuple):
    label: str
    theirs: str
    mine: str


_CHOICES: dict[str, Mapping[Any, Any]] = {"type": TYPES, "difficulty": DIFFICULTIES, "language": SPOKEN_LANGUAGES}
_OPTIONS = {
    "evaluation_template": EVALUATION_TEMPLATES,
    "persona.ecosystem": ECOSYSTEMS,
    "persona.vertical": VERTICALS,
    **{f"persona.{dial}": options for dial, options in DIALS.items()},
}


def differences(theirs: Mapping[str, Any], patch: Mapping[str, Any]) -> list[Difference]:
    """Between the draft as somebody else left it and what was typed meanwhile."""
    left, right = dict(_fields(theirs)), dict(_fields(merged(theirs, patch)))
    return [
        Difference(name_of(field), shown(field, left.get(field)), shown(field, right.get(field)))
        for field in dict.fromkeys((*left, *right))
        if left.get(field) != right.get(field)
    ]


def _fields(text: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in said(text).items():
        if name == "persona":
            yield from ((f"persona.{part}", words) for part, words in value.items())
        else:
            yield name, value


def shown(field: str, value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_row(each) if isinstance(each, dict) else str(each) for each in value)
    if field in _CHOICES:
        return str(_CHOICES[field].get(value, value or ""))
    return label_in(_OPTIONS.get(field, {}), "" if value is None else str(value))


def _row(row: Mapping[str, Any]) -> str:
    """A goal, lever or fact on one line: its text first, then whatever else it says."""
    rest = (value for name, value in row.items() if name not in {"id", "text"})
    return " · ".join(words for words in (row.get("text") or "", *(_words(value) for value in rest)) if words)


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return " / ".join(filter(None, map(_words, value.values())))
    if isinstance(value, (list, tuple)):
        return " / ".join(map(str, value))
    return "" if value is None or isinstance(value, bool) else str(value)
