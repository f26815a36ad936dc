"""A session of one's own in four steps: its writer says little, and a starter for its type says the rest.

The text is kept as the draft of a personal scenario, which is in no list and which its writer alone can open.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import select

from roleplay.scenarios.authoring import draft_of, merged
from roleplay.scenarios.contacts import Contact
from roleplay.scenarios.models import Scenario, ScenarioDraft, ScenarioVersion
from roleplay.scenarios.options import Dial
from roleplay.scenarios.validity import Reason, Step, content_of, reasons_against, said
from roleplay.scenarios.versions import use
from tenants import audit
from tenants.db import db
from tenants.errors import Forbidden, NotFound
from tenants.members import Member
from tenants.permissions import Permission

SHELF = Path(__file__).parent / "starters"
DIALS: dict[str, str] = {
    Dial.TRAIT: "analytical",
    Dial.EMOTIONAL_STATE: "calm",
    Dial.COMMUNICATION_STYLE: "direct",
    Dial.DECISION_MAKING: "evidence",
    Dial.VOICE: "warm",
}
"""Chosen until the writer chooses."""
OF_PERSONA = ("job", "organization", "biography", "motivations", "concerns")


def begin(*, by: Member, language: str, contact: Contact | None = None) -> Scenario:
    """A new session in the making, or the one that the member began before and wrote nothing in. Raises `Forbidden`
    `read_only_seat`."""
    if not by.may(Permission.SESSIONS_CREATE):
        raise Forbidden(code="read_only_seat")
    untouched = select(Scenario).join(Scenario.draft).where(*_of(by), ScenarioDraft.revision == 0)
    scenario = db.session.scalar(untouched.where(Scenario.version_number == 0).limit(1)) or _new(by)
    scenario.contact_id = contact.id if contact else None
    draft = draft_of(scenario)
    draft.text = {"language": language if language in starters() else "en", "persona": {**DIALS, **_known(contact)}}
    db.session.flush()
    return scenario


def _new(by: Member) -> Scenario:
    scenario = Scenario(created_by_id=by.id, is_personal=True)
    db.session.add(scenario)
    db.session.flush()
    db.session.add(ScenarioDraft(scenario_id=scenario.id, text={}, member_ids=[], saves=[], revision=0))
    db.session.flush()
    audit.record("scenario.created", by=by, about=scenario.id)
    return scenario


def _known(contact: Contact | None) -> dict[str, Any]:
    if contact is None:
        return {}
    return {
        "name": contact.name,
        "job": contact.job or None,
        "organization": contact.company or None,
        "profile_text": contact.notes or None,
        "linkedin_url": contact.linkedin_url,
    }


def access_personal(member: Member, scenario_id: UUID) -> Scenario:
    """A session in the making, or made, by its own writer."""
    scenario = db.session.scalar(select(Scenario).where(*_of(member), Scenario.id == scenario_id))
    if scenario is None:
        raise NotFound
    return scenario


def _of(member: Member) -> tuple[Any, ...]:
    return (Scenario.created_by_id == member.id, Scenario.is_personal, Scenario.deleted_at.is_(None))


def steps_of(scenario: Scenario) -> list[Step]:
    """Whoever starts from a contact has the persona already."""
    four = [Step.DETAILS, Step.PERSONA, Step.PERSONALITY, Step.EVALUATION]
    return [step for step in four if step is not Step.PERSONA or scenario.contact_id is None]


def reasons(text: Mapping[str, Any]) -> list[Reason]:
    """What the writer still has to say; all the rest has a starter."""
    return reasons_against(completed(text))


def put_in_use(scenario: Scenario, *, by: Member) -> ScenarioVersion:
    """The version to practise. Raises `Invalid` `scenario_not_valid`."""
    return use(scenario, content_of(completed(draft_of(scenario).text)), by=by)


def completed(text: Mapping[str, Any]) -> dict[str, Any]:
    """The text with the starter of its type for everything that was left out."""
    spoken = said(text)
    starter = starters().get(str(spoken.get("language")), starters()["en"])
    of_type = starter["types"].get(spoken.get("type"), starter["types"]["sales"])
    persona: dict[str, Any] = {key: of_type[key] for key in OF_PERSONA}
    persona |= {**DIALS, "name": spoken["persona"].get("name")}
    filled = {key: _named(value, persona["name"]) for key, value in of_type.items() if key not in OF_PERSONA}
    return merged({**starter["common"], **filled, "persona": persona}, spoken)


def _named(value: Any, name: str | None) -> Any:
    return value.replace("{name}", name or "…") if isinstance(value, str) else value


@cache
def starters() -> dict[str, Any]:
    """By language."""
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(SHELF.glob("*.yaml"))}
