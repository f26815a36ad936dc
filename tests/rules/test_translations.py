"""Every sentence a person reads is in every catalog: nothing missing, nothing fuzzy, no placeholder lost."""

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from roleplay.translating import catalogs
from roleplay.web.language import LANGUAGES
from tests.rules.test_budgets import ROOT

SOURCE = "en"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def extracted() -> Catalog:
    """What the code and the templates say, in the source language."""
    found = Catalog()
    methods = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
    keywords = {**DEFAULT_KEYWORDS, "lazy_gettext": None}
    for folder in ("roleplay", "templates"):
        for _file, line, message, comments, context in extract_from_dir(ROOT / folder, methods, keywords=keywords):
            found.add(message, None, auto_comments=comments, context=context, locations=[(_file, line)])
    assert len(found) > 300
    return found


def test_there_is_a_catalog_for_every_language_but_the_source() -> None:
    assert catalogs().keys() == LANGUAGES.keys() - {SOURCE}


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {SOURCE}))
def test_nothing_is_missing_or_fuzzy(extracted: Catalog, language: str) -> None:
    catalog = catalogs()[language]
    open_entries = []
    for message in extracted:
        if not message.id:
            continue
        entry = catalog.get(message.id)
        texts = entry.string if entry and isinstance(entry.string, tuple | list) else [entry and entry.string]
        if entry is None or entry.fuzzy or not all(texts):
            open_entries.append(message.id)
    assert not open_entries


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {SOURCE}))
def test_placeholders_survive_translation(language: str) -> None:
    for message in catalogs()[language]:
        if not message.id:
            continue
        wanted = set(_PLACEHOLDER.findall(" ".join(message.id) if isinstance(message.id, tuple) else message.id))
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        for text in strings:
            missing = wanted - set(_PLACEHOLDER.findall(text)) - {"%(num)d"}
            assert not missing, message.id


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {SOURCE}))
def test_no_entry_is_left_over(extracted: Catalog, language: str) -> None:
    used = {message.id for message in extracted}
    assert not [message.id for message in catalogs()[language] if message.id and message.id not in used]
