"""The documentation names every setting, permission, job, command and table there is, and nothing there is not."""

import ast
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from roleplay.cli import main
from roleplay.embedded import encoder, weights
from roleplay.jobs.registry import JOBS
from roleplay.relay.messages import ClientMessage
from roleplay.relay.stage import WARNINGS
from roleplay.settings import Settings
from tenants.permissions import PERMISSIONS, Permission, Role
from tests.rules.test_budgets import ROOT, tracked
from tests.tenancy.schema import DEFINER_FUNCTIONS, PLATFORM_TABLES

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
AGPL = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
"""SHA-256 of the text that the Free Software Foundation publishes."""
RATE = re.compile(r'limiter\.limit\("([^"]+)"')


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def words(text: str) -> str:
    """Without line ends and the signs of a comment, so that a text is the same however it is wrapped."""
    return " ".join(re.sub(r"^# ?", "", text, flags=re.MULTILINE).split())


def table(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, its header row included."""
    section = re.split(r"^#+ ", read(page).split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return [row for row in cells if set(row[0]) - set("-: ")]


def named(page: str, heading: str) -> dict[str, list[str]]:
    """The rows of a table by the `name` in their first cell."""
    return {row[0].strip("`"): row[1:] for row in table(page, heading)[1:]}


@pytest.mark.parametrize("page", ["docs/operations.md", ".env.example"])
@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_text(page: str, name: str) -> None:
    described = Settings.model_fields[name].description
    assert described, f"{name} has a text"
    assert words(described) in words(read(page))
    assert re.search(rf"\b{name.upper()}\b", read(page))


def test_no_setting_is_documented_that_does_not_exist() -> None:
    offered = re.findall(r"^#?([A-Z][A-Z_]+)=", read(".env.example"), re.MULTILINE)
    assert {name.lower() for name in offered} == set(Settings.model_fields)
    assert len(offered) == len(set(offered))


def test_the_example_shows_the_defaults(tmp_path: Path) -> None:
    """With the sign off every line that shows a default, nothing changes."""
    offered = re.findall(r"^#?([A-Z][A-Z_]+=.*)$", read(".env.example"), re.MULTILINE)
    defaults = {name for name, field in Settings.model_fields.items() if field.default not in ("", None)}
    shown = [line for line in offered if line.split("=")[0].lower() in defaults - {"secret_key"}]
    assert len(shown) > 10
    (tmp_path / ".env").write_text("\n".join(shown))
    assert Settings(_env_file=tmp_path / ".env") == Settings(_env_file=None)


def test_every_permission_is_listed_with_the_roles_that_hold_it() -> None:
    header, *rows = table("docs/tenancy.md", "Who may do what")
    assert header[1:] == [role.value for role in Role]
    documented = {
        row[0].strip("`"): {role for role, cell in zip(header[1:], row[1:], strict=True) if cell == "yes"}
        for row in rows
    }
    held = {str(wanted): {role.value for role in Role if wanted in PERMISSIONS[role]} for wanted in Permission}
    assert documented == held


def test_every_job_is_listed() -> None:
    assert named("docs/operations.md", "Jobs").keys() == JOBS.keys()


def test_every_command_is_listed() -> None:
    listed = {name.removeprefix("python -m roleplay ") for name in named("docs/operations.md", "Processes")}
    assert listed == main.commands.keys()


def test_the_protocol_of_the_socket_is_told() -> None:
    said = {kind.strip("` ") for cell in named("docs/realtime.md", "Browser to server") for kind in cell.split(",")}
    assert said == {get_args(message.model_fields["type"].annotation)[0] for message in get_args(ClientMessage)}
    warnings = named("docs/realtime.md", "Server to browser")["warn"][1]
    assert set(re.findall(r"`(\w+)`", warnings)) == WARNINGS.keys()


def test_every_rate_limit_is_told() -> None:
    told = read("docs/security.md")
    limits = [limit for path in (ROOT / "roleplay/web").glob("*.py") for limit in RATE.findall(path.read_text("utf-8"))]
    assert len(limits) >= 4
    assert not [limit for limit in limits if f"`{limit}`" not in told]


def test_every_use_of_the_operations_role_is_listed_with_its_reason() -> None:
    listed = named("docs/tenancy.md", "Where the operations role works")
    assert listed.keys() == set(operations())
    assert all(cells[0] for cells in listed.values())


def operations() -> Iterator[str]:
    """Every function that enters the operations scope or takes the engine of its role."""
    for path in tracked("roleplay/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(is_operations, ast.walk(node))):
                yield ".".join((*path.relative_to(ROOT).with_suffix("").parts, node.name))


def is_operations(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="operations_scope")):
            return True
        case ast.Subscript(value=ast.Attribute(attr="engines"), slice=ast.Name(id="OPERATIONS")):
            return True
    return False


def test_every_table_of_the_platform_has_its_reason() -> None:
    listed = named("docs/tenancy.md", "Tables of the platform")
    assert listed.keys() == PLATFORM_TABLES
    assert all(len(cells[0]) > 20 for cells in listed.values())


def test_every_definer_function_is_explained() -> None:
    assert not [name for name in DEFINER_FUNCTIONS if f"`{name}(" not in read("docs/tenancy.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert not broken


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_told_exists(page: Path) -> None:
    told = "\n".join(re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
    targets = set(re.findall(r"^([\w-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^make ([\w-]+)", told, re.MULTILINE)) <= targets
    assert set(re.findall(r"python -m roleplay (\w+)", page.read_text("utf-8"))) <= main.commands.keys()
    paths = re.findall(r"(?:^|pytest )((?:scripts|bench|tests)/[\w./-]+)", told, re.MULTILINE)
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_every_path_that_the_docs_name_exists() -> None:
    prefixes = "roleplay|tenants|migrations|templates|tests|scripts|bench|docs"
    missing = [
        f"{page.name}: {path}"
        for page in PAGES
        if page.name != "adding-a-feature.md"  # its worked example makes new files
        for path in re.findall(rf"`((?:{prefixes})/[\w./-]+)`", page.read_text("utf-8"))
        if not (ROOT / path).exists()
    ]
    assert not missing


def test_third_party_files_are_listed_with_their_hashes() -> None:
    listed = read("THIRD-PARTY.md")
    models = [value.sha256 for value in vars(weights).values() if isinstance(value, weights.Weight)]
    vendored = [*(ROOT / "roleplay/static/vendor").rglob("*.woff2"), *(ROOT / "roleplay/static/vendor").rglob("*.js")]
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in vendored]
    assert models and hashes
    assert not [value for value in (*models, *encoder.WEIGHTS.values(), *hashes) if value not in listed]


def test_the_licence_is_the_whole_agpl() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == AGPL
