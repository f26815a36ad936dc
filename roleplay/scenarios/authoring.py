"""Writing a scenario step by step. Nothing is lost between the steps, and nobody's work is undone without a word.

A draft counts its saves. Whoever saves says which revision they started from: when somebody else has saved the same
step since, the save is refused and names them. Saving again from the newest revision means "mine shall stand".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from roleplay.scenarios.models import Scenario, ScenarioDraft, ScenarioVersion, digest_of
from roleplay.scenarios.validity import Step, content_of, reasons_against
from roleplay.scenarios.versions import use, version_in_use
from tenants import audit
from tenants.clock import now
from tenants.db import db
from tenants.errors import Conflict, Forbidden
from tenants.members import Member

REMEMBERED_SAVES = 30


@dataclass(frozen=True, slots=True)
class Save:
    revision: int
    step: Step
    member_id: UUID
    at: datetime


class EditedMeanwhile(Conflict):
    """Somebody else saved this step since the writer opened it."""

    code = "edited_meanwhile"

    def __init__(self, save: Save, *, revision: int) -> None:
        super().__init__()
        self.save = save
        self.revision = revision
        """To save from, by a writer who has been told."""


def begin(*, by: Member) -> Scenario:
    """A new scenario; the one that the member began before and never wrote a word of, when there is one."""
    untouched = db.session.scalar(
        select(Scenario)
        .join(Scenario.draft)
        .where(
            Scenario.created_by_id == by.id,
            Scenario.is_personal.is_(False),
            Scenario.deleted_at.is_(None),
            ScenarioDraft.revision == 0,
        )
    )
    return untouched or _new(by, text={})


def duplicate(scenario: Scenario, *, title: str, by: Member) -> Scenario:
    """A scenario of the member's own that starts from this one's present text."""
    return _new(by, text={**draft_of(scenario).text, "title": title})


def begin_from(text: Mapping[str, Any], *, by: Member) -> Scenario:
    """A scenario of the member's own that starts from a text written elsewhere."""
    return _new(by, text=dict(text))


def _new(by: Member, *, text: dict[str, Any]) -> Scenario:
    scenario = Scenario(created_by_id=by.id)
    db.session.add(scenario)
    db.session.flush()
    draft = ScenarioDraft(scenario_id=scenario.id, text=text, member_ids=[], saves=[], revision=1 if text else 0)
    db.session.add(draft)
    _summarise(scenario, text)
    db.session.flush()
    audit.record("scenario.created", by=by, about=scenario.id)
    return scenario


def draft_of(scenario: Scenario) -> ScenarioDraft:
    """The draft; one that starts from the version in use, and is not stored yet, when nobody has written since."""
    query = select(ScenarioDraft).where(ScenarioDraft.scenario_id == scenario.id)
    stored = db.session.scalar(query, execution_options={"populate_existing": True})
    if stored:
        return stored
    version = version_in_use(scenario)
    return ScenarioDraft(
        organization_id=scenario.organization_id,
        scenario_id=scenario.id,
        text=version.text if version else {},
        member_ids=[],
        revision=0,
        saves=[],
    )


def saves_of(draft: ScenarioDraft) -> list[Save]:
    return [Save(number, Step(step), UUID(who), datetime.fromisoformat(at)) for number, step, who, at in draft.saves]


def newest_save(draft: ScenarioDraft, step: Step, *, by: Member) -> int:
    """The revision of the member's last save of this step; 0 when there is none."""
    own = (save.revision for save in saves_of(draft) if save.member_id == by.id and save.step is step)
    return max(own, default=0)


def save(
    scenario: Scenario,
    step: Step,
    patch: Mapping[str, Any],
    *,
    revision: int,
    by: Member,
    member_ids: Sequence[UUID] | None = None,
) -> ScenarioDraft:
    """Keeps what one step says: `patch` replaces those parts of the draft, inside the persona one by one.

    Raises `EditedMeanwhile` when another member saved the same step after `revision`.
    """
    refuse_library(scenario)
    db.session.flush()
    db.session.refresh(scenario, with_for_update=True)
    draft = draft_of(scenario)
    for earlier in reversed(saves_of(draft)):
        if earlier.revision > revision and earlier.step is step and earlier.member_id != by.id:
            raise EditedMeanwhile(earlier, revision=draft.revision)
    draft.text = merged(draft.text, patch)
    if member_ids is not None:
        draft.member_ids = [str(member_id) for member_id in member_ids]
    draft.revision += 1
    draft.saves = [*draft.saves, [draft.revision, step, str(by.id), now().isoformat()]][-REMEMBERED_SAVES:]
    db.session.add(draft)
    if not scenario.version_number:
        _summarise(scenario, draft.text)
    db.session.flush()
    return draft


def merged(text: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    persona = {**(text.get("persona") or {}), **(patch.get("persona") or {})}
    return {**text, **patch, "persona": persona}


def refuse_library(scenario: Scenario) -> None:
    """A scenario of the library is brought up to date with the product, which would undo what somebody wrote in it."""
    if scenario.is_from_library:
        raise Forbidden(code="library_scenario")


def put_in_use(scenario: Scenario, *, by: Member) -> ScenarioVersion:
    """The draft becomes the version that people practise. Raises `Invalid` `scenario_not_valid`."""
    refuse_library(scenario)
    return use(scenario, content_of(draft_of(scenario).text), by=by)


def invited(draft: ScenarioDraft) -> None:
    """The members to invite have been invited; a later start does not invite them again."""
    draft.member_ids = []


def has_changes(scenario: Scenario, draft: ScenarioDraft) -> bool:
    """Whether the draft says something else than the version in use."""
    version = version_in_use(scenario)
    if version is None or not draft.revision:
        return False
    return bool(reasons_against(draft.text)) or digest_of(content_of(draft.text)) != version.digest


def _summarise(scenario: Scenario, text: Mapping[str, Any]) -> None:
    scenario.title = str(text.get("title") or "")
    scenario.type = text.get("type") or None
    scenario.persona_name = str((text.get("persona") or {}).get("name") or "")
