"""The first step: the exercise itself, with its goals, its levers and its facts as rows that come and go."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from roleplay.scenarios.content import MOST_GOALS, MOST_ROWS
from roleplay.web.scenarios.forms import (
    DEFAULTS,
    DIFFICULTY_CHOICES,
    LANGUAGE_CHOICES,
    LIMIT_CHOICES,
    TYPE_CHOICES,
    StepForm,
    line,
    lines,
    lines_of,
    text,
)
from roleplay.web.scenarios.words import FIELDS

Row = dict[str, Any]
WEIGHTS = [
    SelectChoice(1, _("Counts once")),
    *(SelectChoice(n, _("Counts %(times)s times", times=n)) for n in range(2, 6)),
]
STRENGTHS = [
    SelectChoice(1, _("Nudges")),
    SelectChoice(2, _("Moves")),
    SelectChoice(3, _("Turns the conversation")),
]
EXAMPLES = _("Learner sentences that do it, one on each line")


class GoalForm(Form):  # type: ignore[misc]
    id = HiddenField()
    text = line(_("What the learner should achieve"))
    weight = SelectField(_("Weight"), coerce=int, choices=WEIGHTS, default=1)
    positive = lines(EXAMPLES, 3)
    negative = lines(_("Sentences that only seem to do it, one on each line"), 3)
    better = line(_("One sentence the learner could say"))


class LeverForm(Form):  # type: ignore[misc]
    id = HiddenField()
    text = line(_("What the learner does"))
    strength = SelectField(_("Strength"), coerce=int, choices=STRENGTHS, default=2)
    positive = lines(EXAMPLES, 3)
    lines = lines(_("What the persona answers, one answer on each line"), 3)


class FactForm(Form):  # type: ignore[misc]
    id = HiddenField()
    text = line(_("What the persona knows"))
    guarded = BooleanField(_("Only told once the persona has opened up"))
    asked_by = lines(_("Questions that ask for it, one on each line"), 3)
    lines = lines(_("How the persona says it, one way on each line"), 3)


class DetailsForm(StepForm):
    title = line("title", autocomplete="off")
    summary = line("summary")
    type = SelectField(FIELDS["type"], choices=TYPE_CHOICES)
    use_case = line("use_case", list="use-cases")
    language = SelectField(FIELDS["language"], choices=LANGUAGE_CHOICES)
    time_limit_minutes = SelectField(FIELDS["time_limit_minutes"], coerce=int, choices=LIMIT_CHOICES)
    fixed_time = BooleanField(FIELDS["fixed_time"])
    difficulty = RadioField(FIELDS["difficulty"], choices=DIFFICULTY_CHOICES)
    learner_role = text("learner_role", 3)
    context = text("context")
    stakes = text("stakes", 3)
    objective = text("objective", 2)
    goals = FieldList(FormField(GoalForm), max_entries=MOST_GOALS)
    opens = FieldList(FormField(LeverForm), max_entries=MOST_ROWS // 2)
    closes = FieldList(FormField(LeverForm), max_entries=MOST_ROWS // 2)
    facts = FieldList(FormField(FactForm), max_entries=MOST_ROWS)
    tuning = text("tuning")
    next_step = line("next_step")

    @staticmethod
    def fill(draft: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "language": str(get_locale()),
            **DEFAULTS,
            **draft,
            **{group: [_shown(row) for row in rows_of(group, draft)] for group in ROWS},
        }

    def patch(self, draft: Mapping[str, Any]) -> dict[str, Any]:
        said = super().patch(draft)
        groups = {name: arranged(name, said.pop(name) or [], self.do.data) for name in ROWS}
        for direction in ("opens", "closes"):
            groups[direction] = [{**row, "direction": direction} for row in groups[direction]]
        levers = [*groups["opens"], *groups["closes"]]
        return {
            **said,
            "goals": _kept("goal", groups["goals"], draft.get("goals") or []),
            "levers": _kept("lever", levers, draft.get("levers") or []),
            "facts": _kept("fact", groups["facts"], draft.get("facts") or []),
        }


ROWS = {"goals": MOST_GOALS, "opens": MOST_ROWS // 2, "closes": MOST_ROWS // 2, "facts": MOST_ROWS}


def arranged(group: str, rows: list[Row], do: str | None) -> list[Row]:
    """The rows after a button such as `goals:add`, `goals:remove:1`, `goals:up:1` or `goals:down:1`."""
    name, _colon, rest = (do or "").partition(":")
    action, _colon, number = rest.partition(":")
    at = int(number) if number.isdecimal() else -1
    if name != group:
        return rows
    if action == "add" and len(rows) < ROWS[group]:
        return [*rows, {}]
    if 0 <= at < len(rows):
        others = [*rows[:at], *rows[at + 1 :]]
        if action == "remove":
            return others
        if action in {"up", "down"}:
            others.insert(max(0, at - 1) if action == "up" else at + 1, rows[at])
            return others
    return rows


def row_after(group: str, rest: str, text: Mapping[str, Any]) -> str:
    """The id of the control to go on from: what was added is written in, what was moved may move again."""
    action, _colon, number = rest.partition(":")
    last = len(rows_of(group, text)) - 1
    if action == "add":
        return f"{group}-{last}-text"
    if action not in {"up", "down"} or not number.isdecimal():
        return f"{group}-add"
    moved = min(max(0, int(number) + (1 if action == "down" else -1)), last)
    stuck = {"up": moved == 0, "down": moved == last}[action]
    return f"{group}-{moved}-{({'up': 'down', 'down': 'up'}[action]) if stuck else action}"


def rows_of(group: str, text: Mapping[str, Any]) -> list[Row]:
    """The rows of a draft in one group of the form, which has two for the levers."""
    if group in {"opens", "closes"}:
        return [row for row in text.get("levers") or [] if row["direction"] == group]
    return list(text.get(group) or [])


def _shown(row: Mapping[str, Any]) -> Row:
    examples = row.get("examples") or {}
    listed = {name: "\n".join(row.get(name) or ()) for name in ("asked_by", "lines")}
    told = {name: "\n".join(examples.get(name) or ()) for name in ("positive", "negative")}
    return {**row, **listed, **told}


def _kept(kind: str, rows: list[Row], before: list[Row]) -> list[Row]:
    """The rows as the draft stores them. What the form does not show stays with the row of the same id."""
    known = {row["id"]: row for row in before}
    taken = {row.get("id") for row in rows}
    stored = []
    for row in rows:
        old = known.get(row.get("id"), {})
        row_id = old.get("id") or _free(kind, taken | known.keys())
        taken.add(row_id)
        stored.append({**old, **_said(row, old), "id": row_id})
    return stored


def _free(kind: str, taken: set[Any]) -> str:
    return next(name for number in range(1, 1000) if (name := f"{kind}-{number}") not in taken)


def _said(row: Row, old: Row) -> Row:
    said: Row = {key: row[key] for key in ("weight", "strength", "direction", "guarded") if key in row}
    said["text"] = row.get("text") or ""
    if "better" in row:
        said["better"] = row["better"] or None
    said.update({name: lines_of(row[name]) for name in ("asked_by", "lines") if name in row})
    if "positive" in row:
        examples = {name: lines_of(row[name]) for name in ("positive", "negative") if name in row}
        said["examples"] = {**(old.get("examples") or {}), **examples}
    return said
