"""One name per thing, and no drawers for things without one."""

import re
from pathlib import Path

import pytest

from tests.rules.test_budgets import ROOT, tracked

DRAWERS = {"utils", "helpers", "services", "managers", "base", "common", "misc"}
NEVER = {
    r"\btenant_id\b": "organization_id",
    r"\bworkspace_id\b": "organization_id",
    r"\buser_id\b": "identity_id or member_id",
    r"\brealm\b": "organization",
    r"\bcurrent_account\b": "organization",
    r"\bclass Session\b": "PracticeSession or SignIn",
    r"\bclass (User|Account|Company|Character|Bot|Feedback|Message)\b": "a word of the vocabulary",
}


@pytest.mark.parametrize("pattern", NEVER, ids=lambda pattern: re.sub(r"\W+", "-", pattern))
def test_code_uses_the_vocabulary(pattern: str) -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in tracked("roleplay/*.py", "tenants/*.py", "migrations/*.py")
        if re.search(pattern, path.read_text("utf-8"))
    ]
    assert not guilty, f"say {NEVER[pattern]}"


def test_no_module_is_a_drawer() -> None:
    assert not [str(path) for path in tracked("roleplay/*.py", "tenants/*.py") if path.stem in DRAWERS]


def test_the_top_level_holds_what_the_architecture_says() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {"roleplay", "tenants", "migrations", "tests"}


def test_a_query_for_one_row_by_id_is_in_an_access_module_or_in_its_own_domain() -> None:
    """Pages reach rows through `access_*`; only the few lines listed here load by id, and say whose row it is."""
    allowed = {"account.py", "dev.py"}
    guilty = [
        path.name
        for path in (ROOT / "roleplay" / "web").glob("*.py")
        if "session.get(" in path.read_text("utf-8") and path.name not in allowed
    ]
    assert not guilty


def test_nothing_committed_names_a_machine_or_a_registry() -> None:
    words = ["/" + "work/", "/" + "root/", "pypi" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org"]
    guilty = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked()
        if path.suffix not in {".woff2", ".wav", ".png", ".ico"} and path != Path(__file__)
        for word in words
        if word in path.read_text("utf-8", errors="ignore")
    ]
    assert not guilty
