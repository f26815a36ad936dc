"""Scenarios, personas and templates as YAML: out and in again, and what is not let in."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from roleplay.scenarios.cards import PersonaCard, TemplateCard
from roleplay.scenarios.exchange import MOST_CARDS, read, read_cards, written, written_cards
from roleplay.scenarios.library import shelf
from roleplay.scenarios.personas import people
from roleplay.scenarios.validity import content_of, reasons_against
from roleplay.scenarios.yaml_source import LARGEST_FILE, UnreadableFile, Wrong, parse
from tests.authoring import AWKWARD, COMPLETE

CARDS = [
    PersonaCard(language=language, line=one.line, opening=one.opening, persona=one.persona)
    for language in ("en", "fr")
    for one in people(language)
]
TEMPLATE = TemplateCard(language="fr", name="Réclamation", instructions="Jugez la promesse.\n\n- Une date ?\n")
ODD = [
    *AWKWARD.values(),
    "yes",
    "~",
    "12:30",
    "0x1F",
    "= 1",
    "- a",
    "# b",
    "key: value",
    "a\u202f?",
    "«\xa0»",
    "a\u2028b",
]


@pytest.mark.parametrize("name", list(shelf())[::4])
def test_a_scenario_survives_the_way_out_and_in(name: str) -> None:
    content = shelf()[name]
    file = written(content.model_dump(mode="json"))
    assert content_of(read(file)) == content
    assert written(read(file)) == file


@pytest.mark.parametrize("words", ODD)
def test_words_of_any_kind_survive_it(words: str) -> None:
    assert read(written({**COMPLETE, "title": words}))["title"] == words.strip()


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_whatever_is_typed_survives_it(words: str) -> None:
    file = written({**COMPLETE, "stakes": words})
    assert written(read(file)) == written({**COMPLETE, "stakes": words.strip()})


def test_an_incomplete_file_is_a_draft() -> None:
    draft = read("title: Half a scenario\npersona:\n  name: Ines\ngoals:\n- id: goal-1\n")
    assert draft == {"title": "Half a scenario", "persona": {"name": "Ines"}, "goals": [{"id": "goal-1"}]}
    assert reasons_against(draft)
    assert read(written(draft)) == draft


def test_people_and_templates_survive_it_too() -> None:
    file = written_cards(CARDS)
    assert read_cards(file, PersonaCard) == CARDS
    assert written_cards(read_cards(file, PersonaCard)) == file
    assert read_cards(written_cards([TEMPLATE]), TemplateCard) == [
        TEMPLATE.model_copy(update={"instructions": TEMPLATE.instructions.strip()})
    ]


def test_one_person_needs_no_list() -> None:
    alone = yaml.safe_dump(yaml.safe_load(written_cards(CARDS[:1]))[0], allow_unicode=True)
    assert read_cards(alone, PersonaCard) == CARDS[:1]


@pytest.mark.parametrize(
    ("source", "what", "where", "line"),
    [
        ("", Wrong.OTHER_KIND, "", None),
        ("just words", Wrong.OTHER_KIND, "", None),
        ("- a\n- b", Wrong.OTHER_KIND, "", None),
        ("title: x\ncontext: 'unclosed\n", Wrong.NOT_YAML, "", 2),
        ("title: x\nevil: 1", Wrong.UNKNOWN, "evil", 2),
        ("title: x\n<<: {evil: 1}", Wrong.UNKNOWN, "<<", 2),
        ("title: x\ntitle: y", Wrong.TWICE, "", 2),
        ("title: x\n---\ntitle: y", Wrong.SECOND_DOCUMENT, "", 2),
        ("title: 12", Wrong.NOT_TEXT, "title", 1),
        ("title: yes", Wrong.NOT_TEXT, "title", 1),
        ("title: x\ntime_limit_minutes: soon", Wrong.NOT_A_NUMBER, "time_limit_minutes", 2),
        ("title: x\ntime_limit_minutes: 7", Wrong.NO_CHOICE, "time_limit_minutes", 2),
        ("n: " + "1" * 6000, Wrong.NOT_A_NUMBER, "", 1),
        ("persona: me", Wrong.NOT_FIELDS, "persona", 1),
        ("goals: win", Wrong.NOT_A_LIST, "goals", 1),
        ("goals:\n- win", Wrong.NOT_FIELDS, "goals.0", 2),
        ("goals:\n- text: win", Wrong.MISSING, "goals.0.id", 2),
        ("levers:\n- id: a\n  text: b", Wrong.MISSING, "levers.0.direction", 2),
        ("goals:\n- {id: a, text: b}\n- {id: a, text: c}", Wrong.SAME_ID, "goals", 1),
        ("goals:\n- id: a\n  text: b\n  weight: 9", Wrong.OUT_OF_RANGE, "goals.0.weight", 4),
        ("goals:\n- id: a\n  text: " + "x" * 10_000, Wrong.TOO_LONG, "goals.0.text", 3),
        ("facts:\n- {id: a, text: b, guarded: 'no'}", Wrong.NOT_YES_OR_NO, "facts.0.guarded", 2),
        ("title: x\npersona:\n  linkedin_url: javascript:alert(1)", Wrong.UNREADABLE, "persona.linkedin_url", 3),
        ("type: sale", Wrong.NO_CHOICE, "type", 1),
        ("title: &a x\nsummary: *a", Wrong.ALIAS, "", 1),
        ("title: !!python/object/apply:os.system ['true']", Wrong.TAG, "", 1),
        ("title: x\ncontext: !mine y", Wrong.TAG, "", 2),
        ('title: x\ncontext: "nul \\0"', Wrong.UNSTORABLE, "", 2),
        ("title: x\ncontext: bell \a", Wrong.UNSTORABLE, "", 2),
        ('title: "half \\ud83d"', Wrong.NOT_YAML, "", 1),
        ("title: " + "x" * LARGEST_FILE, Wrong.TOO_LARGE, "", None),
        ("title: " + "[" * 300 + "]" * 300, Wrong.TOO_DEEP, "", 1),
        (b"title: x\ncontext: caf\xe9", Wrong.NOT_UTF8, "", 2),
        ("title: x".encode("utf-16"), Wrong.NOT_UTF8, "", 1),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_wrong_is_said_with_its_place(source: str | bytes, what: Wrong, where: str, line: int | None) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(source)
    assert refusal.value.faults[0][:3] == (what, where, line)


def test_a_file_of_the_largest_size_is_read_or_refused_at_once() -> None:
    aliases = "a: &a [x, x]\n" + "".join(f"k{n}: [*a, *a]\n" for n in range(9_000))
    for source in ("a: [" + "x, " * 80_000 + "]", aliases[: LARGEST_FILE - 20]):
        with pytest.raises(UnreadableFile):
            read(source)


def test_a_file_may_begin_with_the_mark_that_windows_writes() -> None:
    assert parse("title: x".encode("utf-8-sig")).value == {"title": "x"}


@pytest.mark.parametrize(
    ("source", "what", "where", "line"),
    [
        ("", Wrong.OTHER_KIND, "", None),
        ("[]", Wrong.OTHER_KIND, "", None),
        ("- words", Wrong.OTHER_KIND, "", None),
        ("language: fr\nopening: Bonjour.", Wrong.MISSING, "persona", 1),
        ("- language: fr\n  opening: Bonjour.\n  persona: {name: A}", Wrong.MISSING, "0.persona.job", 3),
        ("- language: fr\n  opening: ''\n  persona: {}", Wrong.EMPTY, "0.opening", 2),
        ("- language: french\n  opening: Bonjour.\n  persona: {}", Wrong.UNREADABLE, "0.language", 1),
        (written_cards([CARDS[0], CARDS[0]]), Wrong.SAME_NAME, "1", None),
        ("- {}\n" * (MOST_CARDS + 1), Wrong.TOO_MANY, "", None),
    ],
    ids=lambda value: str(value)[:24],
)
def test_people_are_refused_with_their_place(source: str, what: Wrong, where: str, line: int | None) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_cards(source, PersonaCard)
    fault = refusal.value.faults[0]
    assert fault[:2] == (what, where)
    assert fault.line == line or line is None
