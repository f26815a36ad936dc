"""A scenario as a YAML file: out of one organization, into another, or into an editor and back."""

from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from roleplay.scenarios.content import ScenarioContent, storable
from roleplay.scenarios.validity import said
from tenants.errors import Invalid

LARGEST_FILE = 256 * 1024
"""Bytes; the longest scenario of the library has a tenth of it."""
_DEEPEST = 12


class Fault(NamedTuple):
    """What is wrong in a file, and where: a path such as `goals.0.text`, or a line number."""

    where: str
    what: str


class UnreadableFile(Invalid):
    code = "unreadable_file"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(field="file")
        self.faults = faults


def written(text: dict[str, Any]) -> str:
    """The draft as YAML, in the order of the steps, without what was left blank."""
    ordered = {name: value for name in ScenarioContent.model_fields if (value := said(text).get(name)) is not None}
    return yaml.safe_dump(ordered, allow_unicode=True, sort_keys=False, width=110)


def read(source: str) -> dict[str, Any]:
    """The text of a draft. A file may be incomplete, never wrong: raises `UnreadableFile` with every fault in it."""
    if len(source.encode(errors="surrogatepass")) > LARGEST_FILE:
        raise UnreadableFile(Fault("", "too_large"))
    found = _parsed(source)
    if not isinstance(found, dict) or not found:
        raise UnreadableFile(Fault("", "not_a_scenario"))
    _refuse_unstorable(found)
    try:
        return ScenarioContent.model_validate(said(found)).model_dump(mode="json")
    except ValidationError as error:
        faults = [each for each in error.errors(include_url=False, include_input=False) if each["type"] != "missing"]
        if faults:
            raise UnreadableFile(*(Fault(".".join(map(str, f["loc"])), f["msg"]) for f in faults[:20])) from error
    return said(found)


def _parsed(source: str) -> object:
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(source)):
            raise UnreadableFile(Fault("", "aliases"))
        return yaml.safe_load(source)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise UnreadableFile(Fault(f"line {line}" if line else "", error.problem or "not_yaml")) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableFile(Fault("", "not_yaml")) from error


def _refuse_unstorable(value: object, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise UnreadableFile(Fault("", "too_deep"))
    if isinstance(value, str):
        try:
            storable(value)
        except ValueError as error:
            raise UnreadableFile(Fault("", "unstorable")) from error
    elif isinstance(value, dict):
        for key, each in value.items():
            _refuse_unstorable(str(key), depth + 1)
            _refuse_unstorable(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _refuse_unstorable(each, depth + 1)
