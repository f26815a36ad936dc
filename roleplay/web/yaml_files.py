"""YAML files on the pages: the download, the upload, and what is wrong with a file in words."""

import re

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from roleplay.scenarios.yaml_source import LARGEST_FILE, Fault, Wrong
from roleplay.web.scenarios.words import name_of

_ROWS = {"goals", "levers", "facts"}
_OF_A_CARD = {
    "name": lazy_gettext("Name"),
    "line": lazy_gettext("In one sentence"),
    "description": lazy_gettext("In one sentence"),
}


def download(body: str, name: str) -> Response:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-")
    return Response(
        body,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{plain or "roleplay"}.yaml"'},
    )


def uploaded() -> str | bytes:
    """The file that was sent, or what was pasted."""
    upload = request.files.get("file")
    raw = upload.read(LARGEST_FILE + 1) if upload and upload.filename else b""
    return raw or request.form.get("source", "")


def shown_again(source: str | bytes) -> str:
    """What was sent, to be put right in the page, unless it cannot be shown whole."""
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    except UnicodeDecodeError:
        return ""
    return text if len(text) <= LARGEST_FILE else ""


def sentence_of(fault: Fault, *, entry: str = "", this_is_not: str = "") -> str:
    """`entry` is what one of several in a file is called; `this_is_not` says what the file should have been."""
    where, _dot, last = fault.where.rpartition(".")
    places = [_("Line %(line)s", line=fault.line)] if fault.line else []
    places += _places(where if fault.what is Wrong.UNKNOWN else fault.where, entry)
    problem = _of_the_file(fault, this_is_not) or _of_a_part(fault, last)
    return str(_("%(field)s: %(problem)s", field=", ".join(places), problem=problem)) if places else problem


def _places(where: str, entry: str) -> list[str]:
    """`2.persona.name` → Persona 3, Name of the persona; `goals.0.weight` → Goal 1, weight."""
    first, _dot, rest = where.partition(".")
    if not where:
        return []
    if first.isdecimal():
        return [f"{entry} {int(first) + 1}", *_places(rest, entry)]
    last = where.rpartition(".")[2]
    name = str(_OF_A_CARD.get(where) or name_of(where))
    return [name, last] if first in _ROWS and "." in rest and not last.isdecimal() else [name]


def _of_the_file(fault: Fault, this_is_not: str) -> str | None:
    """What is wrong with the file itself."""
    return {
        Wrong.TOO_LARGE: _("The file is larger than 256 kB."),
        Wrong.NOT_UTF8: _("The file is not written in UTF-8. Save it again with that encoding."),
        Wrong.NOT_YAML: _(
            "This cannot be read as YAML. Often a text with a colon needs quotes, or the indentation is off."
        ),
        Wrong.ALIAS: _("Anchors and aliases are not taken; write every text out."),
        Wrong.TAG: _("Tags such as %(tag)s are not taken.", tag=fault.known),
        Wrong.TOO_DEEP: _("The file is nested more deeply than it can be."),
        Wrong.SECOND_DOCUMENT: _("A second document begins here; a file holds one."),
        Wrong.UNSTORABLE: _("The file holds a character that no text can hold."),
        Wrong.TWICE: _("The field “%(name)s” is there twice.", name=fault.known),
        Wrong.OTHER_KIND: this_is_not,
    }.get(fault.what)


def _of_a_part(fault: Fault, name: str) -> str:
    """What is wrong with one of its parts."""
    known = {
        Wrong.UNKNOWN: _("There is no field “%(name)s” here.", name=name[:60]),
        Wrong.MISSING: _("is missing"),
        Wrong.NOT_TEXT: _("has to be a text; put it in quotes"),
        Wrong.NOT_A_NUMBER: _("has to be a whole number"),
        Wrong.NOT_A_LIST: _("has to be a list"),
        Wrong.NOT_FIELDS: _("has to hold fields with their values"),
        Wrong.NOT_YES_OR_NO: _("has to be true or false"),
        Wrong.EMPTY: _("is empty"),
        Wrong.TOO_LONG: _("is longer than %(most)s characters", most=fault.known),
        Wrong.TOO_MANY: _("There are more than %(most)s.", most=fault.known),
        Wrong.OUT_OF_RANGE: _("has to be %(limit)s", limit=fault.known),
        Wrong.NO_CHOICE: _("has to be one of: %(choices)s", choices=fault.known),
        Wrong.SAME_ID: _("Two of them have the same id."),
        Wrong.SAME_NAME: _("“%(name)s” is in the file twice.", name=fault.known),
    }
    return str(known.get(fault.what, _("cannot be read as it is")))
