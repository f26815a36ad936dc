"""How a scenario is practised by those who take part: how often, until when, and what they are told."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput

from roleplay.assignments import assigning
from roleplay.assignments.deadlines import move_deadline, open_deadlines
from roleplay.assignments.models import Assignment
from roleplay.assignments.weeks import ends_at
from roleplay.scenarios.access import access_scenario
from roleplay.scenarios.content import MOST_PER_WEEK
from roleplay.scenarios.models import Scenario
from roleplay.web.forms import one_line
from roleplay.web.organization import this_member, this_organization
from roleplay.web.scenarios.forms import text
from roleplay.web.scenarios.refusals import explain
from tenants.clock import now
from tenants.errors import Forbidden, NotFound
from tenants.permissions import Permission

blueprint = Blueprint("assignments", __name__, url_prefix="/scenarios/<uuid:scenario_id>/assignment")
blueprint.register_error_handler(Forbidden, explain)
KEEP, MOVE, LIFT = "keep", "move", "lift"


class AssignmentForm(FlaskForm):  # type: ignore[misc]
    sessions_per_week = SelectField(_("Sessions per week"), coerce=int)
    deadline = RadioField(
        _("Deadline"),
        choices=[
            SelectChoice(KEEP, _("Leave it as it is")),
            SelectChoice(MOVE, _("Another day")),
            SelectChoice(LIFT, _("No deadline")),
        ],
        default=KEEP,
    )
    day = StringField(_("Day"), filters=[one_line], widget=DateInput())
    instructions = text("instructions", 6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions_per_week.choices = [
            SelectChoice(0, lazy_gettext("No rhythm: once")),
            *(SelectChoice(n, str(n)) for n in range(1, MOST_PER_WEEK + 1)),
        ]

    def validate_day(self, field: Any) -> None:
        if self.deadline.data == MOVE and end_of_day(field.data) is None:
            raise ValidationError(gettext("Choose a day that is still to come."))


def end_of_day(typed: str) -> datetime | None:
    """Where the organization is; None for what is no day, or none that is still to come."""
    try:
        end = ends_at(date.fromisoformat(typed), this_organization().time_zone)
    except (ValueError, OverflowError):
        return None
    return end if end > now() else None


def _assigned(scenario_id: UUID) -> tuple[Scenario, Assignment]:
    scenario = access_scenario(this_member(), scenario_id, to=Permission.SCENARIOS_AUTHOR)
    assignment = assigning.assignment_of(scenario)
    if assignment is None:
        raise NotFound
    return scenario, assignment


@blueprint.get("")
def edit(scenario_id: UUID) -> str:
    scenario, assignment = _assigned(scenario_id)
    filled = {"sessions_per_week": assignment.sessions_per_week or 0, "instructions": assignment.instructions}
    return _page(scenario, assignment, _form(assignment, formdata=None, data=filled))


def _form(assignment: Assignment, **options: Any) -> AssignmentForm:
    """Without a deadline where none could change."""
    form = AssignmentForm(**options)
    if not open_deadlines(assignment).sessions:
        del form.deadline, form.day
    return form


@blueprint.post("")
def change(scenario_id: UUID) -> BaseResponse | tuple[str, int]:
    scenario, assignment = _assigned(scenario_id)
    form = _form(assignment)
    if not form.validate_on_submit():
        return _page(scenario, assignment, form), 422
    assigning.change(
        assignment,
        sessions_per_week=form.sessions_per_week.data or None,
        instructions=form.instructions.data or None,
        by=this_member(),
    )
    told = 0
    if form.deadline and form.deadline.data != KEEP:
        deadline_at = end_of_day(form.day.data) if form.deadline.data == MOVE else None
        told = move_deadline(assignment, deadline_at, by=this_member())
    news = ngettext("%(num)d person is told of the deadline.", "%(num)d people are told of the deadline.", told)
    flash(f"{gettext('Saved.')} {news if told else ''}".strip(), "good")
    return redirect(url_for("organization.scenarios.show", scenario_id=scenario.id), 303)


def _page(scenario: Scenario, assignment: Assignment, form: AssignmentForm) -> str:
    return render_template(
        "participants/assignment.html", scenario=scenario, form=form, still_to_do=open_deadlines(assignment)
    )
