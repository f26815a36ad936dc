"""Templates under a strict content security policy, and usable without JavaScript."""

import hashlib
import re

import pytest
from flask import Flask

from tests.rules.test_budgets import ROOT, tracked

PAGES = [path for path in tracked("templates/*.html") if "/emails/" not in str(path)]


def test_every_template_compiles(app: Flask) -> None:
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ("no style attribute", r"<[^>]*\sstyle\s*="),
        ("no style element", r"<style[\s>]"),
        ("no event handler attribute", r"<[a-z][^>]*\son[a-z]+\s*="),
        ("no hx-on", r"\bhx-on\b"),
        ("no evaluated values", r"hx-vals\s*=\s*['\"]js:"),
        ("no trigger filter", r"hx-trigger\s*=\s*\"[^\"]*\[[^\"]*\""),
        ("no boosting", r"\bhx-boost\b"),
        ("no javascript address", r"javascript:"),
        ("nothing marked safe", r"\|\s*safe\b"),
    ],
)
def test_templates_keep_to_the_policy(rule: str, pattern: str) -> None:
    guilty = [str(path.relative_to(ROOT)) for path in PAGES if re.search(pattern, path.read_text("utf-8"))]
    assert not guilty, rule


def test_every_script_has_a_nonce() -> None:
    for path in PAGES:
        for tag in re.findall(r"<script\b[^>]*>", path.read_text("utf-8")):
            assert "csp_nonce()" in tag or 'type="application/json"' in tag, f"{path.name}: {tag}"


def test_every_form_says_where_it_goes() -> None:
    for path in PAGES:
        for tag in re.findall(r"<form\b(?:[^>{]|{[{%].*?[%}]})*>", path.read_text("utf-8"), re.DOTALL):
            if 'method="dialog"' in tag or path.name.startswith("_room_"):  # the live room alone needs JavaScript
                continue
            assert "method=" in tag and "action=" in tag, f"{path.name}: {tag}"


def test_every_posting_form_carries_its_token() -> None:
    for path in PAGES:
        text = path.read_text("utf-8")
        posts = len(re.findall(r'<form\b[^>]*method="post"', text))
        tokens = len(re.findall(r"csrf_token\(\)|hidden_tag\(\)", text))
        assert tokens >= posts, path.name


def test_streams_hold_partials_only() -> None:
    for path in tracked("templates/*.stream.html"):
        outside = re.sub(r"<hx-partial.*?</hx-partial>|{#.*?#}|{%.*?%}", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert not outside.strip(), path.name


def test_vendored_files_are_the_ones_we_checked() -> None:
    vendor = ROOT / "roleplay" / "static" / "vendor"
    listed = dict(
        reversed(line.split(maxsplit=1)) for line in (vendor / "CHECKSUMS").read_text().splitlines() if line.strip()
    )
    present = {str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file()} - {"CHECKSUMS"}
    unlisted = {name for name in present - listed.keys() if not name.endswith("LICENSE")}
    assert not unlisted
    for name, checksum in listed.items():
        digest = hashlib.sha384((vendor / name).read_bytes())
        assert checksum == digest.hexdigest(), name
