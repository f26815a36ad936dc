"""What a test about writing scenarios starts from: a text that is complete, and one author's draft of it."""

from typing import Any

from roleplay.scenarios import authoring
from roleplay.scenarios.models import Scenario
from tenants.members import Member
from tests.practice import THE_SCENARIO

COMPLETE: dict[str, Any] = THE_SCENARIO.model_dump(mode="json")
AWKWARD = {
    "right-to-left": "تفاوض على السعر مع عميل غاضب",
    "emoji": "Calm 🧘 the 👩‍👩‍👧 down",
    "html": "<script>alert(1)</script><b>bold</b>",
    "quotes": """It's "fine" & 100% {{ 7 * 7 }}""",
}


def write(by: Member, **changes: Any) -> Scenario:
    """A complete draft of the member's own."""
    return authoring.begin_from({**COMPLETE, **changes}, by=by)
