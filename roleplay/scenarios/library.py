"""The ready-made library: one YAML file a scenario and language, copied into an organization when it is stocked."""

from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import select

from roleplay.scenarios.content import ScenarioContent
from roleplay.scenarios.models import Scenario
from roleplay.scenarios.versions import publish
from tenants.db import db
from tenants.members import Member

SHELF = Path(__file__).parent / "library"


def load(path: Path) -> ScenarioContent:
    return ScenarioContent.model_validate(yaml.load(path.read_text("utf-8"), Loader=_Loader))  # noqa: S506


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def shelf() -> dict[str, ScenarioContent]:
    """The whole library by file stem, e.g. `angry-customer.en`."""
    return {path.stem: load(path) for path in sorted(SHELF.glob("*.yaml"))}


def stock(*, by: Member | None = None) -> int:
    """Publishes the library in the organization of the scope and returns how many scenarios came new."""
    existing = {
        scenario.library_slug: scenario
        for scenario in db.session.scalars(select(Scenario).where(Scenario.library_slug.is_not(None)))
    }
    for slug, content in shelf().items():
        scenario = existing.get(slug)
        if scenario is None:
            scenario = Scenario(library_slug=slug, created_by_id=by.id if by else None)
            db.session.add(scenario)
            db.session.flush()
        publish(scenario, content, by=by)
    return len(shelf().keys() - existing.keys())
