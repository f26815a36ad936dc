"""The forms of the six steps. They let a draft be incomplete; what is too long or unreadable is said at its field."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import URL, Length, Optional, Regexp, ValidationError

from roleplay.scenarios.content import LONGEST_LINE, LONGEST_TEXT, MOST_PER_WEEK, TIME_LIMITS, Difficulty
from roleplay.scenarios.options import DIALS, ECOSYSTEMS, EVALUATION_TEMPLATES, VERTICALS, Dial
from roleplay.web.forms import one_line
from roleplay.web.scenarios.words import FIELDS, choices_of
from roleplay.web.words import DIFFICULTIES, SPOKEN_LANGUAGES, TYPES

OWN_WORDS = "own"


def at_most(longest: int) -> Callable[[object, Any], None]:
    """Says it at the field. A `maxlength` would cut off what is pasted without a word."""

    def check(_form: object, field: Any) -> None:
        if len(field.data or "") > longest:
            raise ValidationError(gettext("Use at most %(max)d characters.", max=longest))

    return check


LINE, TEXT = at_most(LONGEST_LINE), at_most(LONGEST_TEXT)


def paragraphs(typed: str | None) -> str:
    """Line breaks as every system writes them, and no other control characters."""
    plain = (typed or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in plain if letter in "\n\t" or ord(letter) >= 32).strip()


def lines_of(typed: str | None) -> list[str]:
    return [line for raw in (typed or "").split("\n") if (line := one_line(raw))]


def each_line_fits(_form: object, field: Any) -> None:
    if any(len(entry) > LONGEST_LINE for entry in lines_of(field.data)):
        raise ValidationError(gettext("Each line has at most %(max)d characters.", max=LONGEST_LINE))


def line(name: str, **options: Any) -> StringField:
    return StringField(FIELDS.get(name, name), filters=[one_line], validators=[LINE], render_kw=options or None)


def text(name: str, rows: int = 4) -> TextAreaField:
    return TextAreaField(FIELDS[name], filters=[paragraphs], validators=[TEXT], render_kw={"rows": rows})


def lines(label: Any, rows: int = 4) -> TextAreaField:
    """One entry on each line."""
    return TextAreaField(label, filters=[paragraphs], validators=[TEXT, each_line_fits], render_kw={"rows": rows})


def linkedin_field() -> StringField:
    """Of a real person. The address is kept and shown, never fetched."""
    return StringField(
        FIELDS["persona.linkedin_url"],
        filters=[one_line],
        validators=[
            Optional(),
            at_most(300),
            URL(message=_("This is not a web address.")),
            Regexp(
                r"^https://([a-z]{2,3}\.)?linkedin\.com/[^\s<>\"]+$",
                message=_("A LinkedIn address begins with https://www.linkedin.com/"),
            ),
        ],
        render_kw={"placeholder": "https://www.linkedin.com/in/…", "inputmode": "url"},
    )


class StepForm(FlaskForm):  # type: ignore[misc]
    """`fill` is what the form shows of a draft; `patch` what it says about one. Blank means: nothing said."""

    revision = IntegerField(default=0, validators=[Optional()])
    do = HiddenField()

    @staticmethod
    def fill(draft: Mapping[str, Any]) -> dict[str, Any]:
        return dict(draft)

    def patch(self, _draft: Mapping[str, Any]) -> dict[str, Any]:
        return {field.name: field.data or None for field in self if field.name not in {"revision", "do", "csrf_token"}}


class PersonaForm(StepForm):
    ecosystem = SelectField(FIELDS["persona.ecosystem"], validate_choice=False)
    vertical = SelectField(FIELDS["persona.vertical"], validate_choice=False)
    name = line("persona.name", autocomplete="off")
    job = line("persona.job")
    organization = line("persona.organization")
    biography = text("persona.biography")
    motivations = lines(FIELDS["persona.motivations"])
    concerns = lines(FIELDS["persona.concerns"])
    behaviours = lines(FIELDS["persona.behaviours"])
    opening = line("opening")
    linkedin_url = linkedin_field()
    profile_text = text("persona.profile_text", 6)

    _LISTS = ("motivations", "concerns", "behaviours")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ecosystem.choices = [SelectChoice("", _("Any ecosystem")), *choices_of(ECOSYSTEMS)]
        self.vertical.choices = [SelectChoice("", _("Any vertical")), *choices_of(VERTICALS)]

    @classmethod
    def fill(cls, draft: Mapping[str, Any]) -> dict[str, Any]:
        persona = draft.get("persona") or {}
        listed = {name: "\n".join(persona.get(name) or ()) for name in cls._LISTS}
        return {**persona, **listed, "opening": draft.get("opening")}

    def patch(self, draft: Mapping[str, Any]) -> dict[str, Any]:
        said = super().patch(draft)
        opening = said.pop("opening")
        said.update({name: lines_of(said[name]) for name in self._LISTS})
        said["ecosystem"] = said["ecosystem"] if said["ecosystem"] in ECOSYSTEMS else None
        said["vertical"] = said["vertical"] if said["vertical"] in VERTICALS else None
        return {"opening": opening, "persona": said}


class PersonalityForm(StepForm):
    """For each dial: a choice, or words of one's own."""

    @classmethod
    def fill(cls, draft: Mapping[str, Any]) -> dict[str, Any]:
        persona = draft.get("persona") or {}
        shown: dict[str, Any] = {}
        for dial, options in DIALS.items():
            words = persona.get(dial)
            shown[dial] = words if words in options or not words else OWN_WORDS
            shown[f"{dial}_own"] = "" if words in options else words
        return shown

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for dial, options in DIALS.items():
            self[dial].choices = [*choices_of(options), SelectChoice(OWN_WORDS, _("In my own words"))]

    def patch(self, _draft: Mapping[str, Any]) -> dict[str, Any]:
        return {"persona": {dial: self._said(dial) for dial in Dial}}

    def _said(self, dial: Dial) -> str | None:
        picked = self[dial].data
        if picked == OWN_WORDS:
            return self[f"{dial}_own"].data or None
        return picked if picked in DIALS[dial] else None


for _dial in Dial:
    setattr(PersonalityForm, _dial, RadioField(FIELDS[f"persona.{_dial}"], choices=[], validate_choice=False))
    setattr(
        PersonalityForm,
        f"{_dial}_own",
        StringField(_("In my own words"), filters=[one_line], validators=[LINE]),
    )


class EvaluationForm(StepForm):
    evaluation_template = RadioField(FIELDS["evaluation_template"], choices=[], validate_choice=False)
    evaluation_instructions = text("evaluation_instructions", 6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evaluation_template.choices = [SelectChoice("", _("Goals only")), *choices_of(EVALUATION_TEMPLATES)]
        if self.evaluation_template.data not in EVALUATION_TEMPLATES:
            self.evaluation_template.data = ""


class FrequencyForm(StepForm):
    sessions_per_week = SelectField(_("Sessions per week"), coerce=int)
    instructions = text("instructions", 6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions_per_week.choices = [
            SelectChoice(0, _("No rhythm: once")),
            *(SelectChoice(n, str(n)) for n in range(1, MOST_PER_WEEK + 1)),
        ]

    @staticmethod
    def fill(draft: Mapping[str, Any]) -> dict[str, Any]:
        return {**draft, "sessions_per_week": draft.get("sessions_per_week") or 0}


class ParticipantsForm(StepForm):
    q = StringField(_("Find people"), filters=[one_line], validators=[Length(max=100)])
    members = SelectMultipleField(_("Participants"), choices=[], validate_choice=False)
    teams = SelectMultipleField(_("Teams"), choices=[], validate_choice=False)

    def patch(self, _draft: Mapping[str, Any]) -> dict[str, Any]:
        return {}


DIFFICULTY_CHOICES = [SelectChoice(key.value, label) for key, label in DIFFICULTIES.items()]
TYPE_CHOICES = [SelectChoice("", _("Choose a type")), *(SelectChoice(key.value, label) for key, label in TYPES.items())]
LANGUAGE_CHOICES = [SelectChoice(*pair) for pair in SPOKEN_LANGUAGES.items()]
LIMIT_CHOICES = [SelectChoice(minutes, _("%(minutes)s minutes", minutes=minutes)) for minutes in TIME_LIMITS]
DEFAULTS = {"time_limit_minutes": 10, "difficulty": Difficulty.REALISTIC.value}
