"""Sizes: a file, function, template or stylesheet that outgrows its budget is split, or named here until it is."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXCEPTIONS: dict[str, int] = {}
"""Path or `path:function` → lines it may have for now. The list only shrinks."""


def tracked(*patterns: str) -> list[Path]:
    """Files git knows of, or would on the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.splitlines() if "/vendor/" not in name)
    return sorted(path for path in paths if path.exists())


BUDGETS = [("*.py", 300), ("*.py[xi]", 300), ("*.px[di]", 300), ("*.js", 300), ("*.html", 80), ("*.css", 150)]


@pytest.mark.parametrize(("pattern", "budget"), BUDGETS, ids=str)
def test_no_file_outgrows_its_budget(pattern: str, budget: int) -> None:
    files = tracked(pattern)
    assert files
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert not {name: size for name, size in sizes.items() if size > EXCEPTIONS.get(name, budget)}


def test_no_function_outgrows_forty_lines() -> None:
    long = {}
    for path in tracked("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{path.relative_to(ROOT)}:{node.name}"
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > EXCEPTIONS.get(name, 40):
                    long[name] = lines
    assert not long


def test_every_exception_is_still_needed() -> None:
    for name, allowed in EXCEPTIONS.items():
        assert (ROOT / name.split(":")[0]).exists(), f"{name} ({allowed}) is gone"


def test_views_fit_on_a_screen() -> None:
    """25 lines, decorators left out: parse, access, act, respond."""
    long = {}
    for path in (ROOT / "roleplay" / "web").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any("blueprint" in ast.dump(d) for d in node.decorator_list):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 25:
                    long[f"{path.name}:{node.name}"] = lines
    assert not long
