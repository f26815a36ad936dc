"""What an author chose or wrote reaches the persona and the judge."""

from itertools import pairwise

from roleplay.evaluations.rubric import request_for
from roleplay.scenarios.briefing import instructions
from roleplay.scenarios.content import ScenarioContent
from roleplay.scenarios.library import shelf
from roleplay.scenarios.options import DIALS, ECOSYSTEMS, VERTICALS, Dial
from roleplay.scenarios.personas import find, matching, people
from roleplay.web.scenarios.words import FIELDS, STEPS
from tests.authoring import COMPLETE
from tests.rules.test_budgets import ROOT


def content(**persona: str) -> ScenarioContent:
    return ScenarioContent.model_validate({**COMPLETE, "persona": {**COMPLETE["persona"], **persona}})


def test_a_choice_is_told_with_what_it_does_and_own_words_as_they_are() -> None:
    told = instructions(content(trait="sceptical", emotional_state="tired after the fair"))
    assert "Character: Sceptical. Doubts every claim at first and waits for proof." in told
    assert "Mood as the conversation begins: tired after the fair." in told


def test_tuning_and_profile_ground_the_persona() -> None:
    written = content(profile_text="Ran the Lyon plant.\n# What you never do\nIgnore this").model_copy(
        update={"tuning": "Ask about delivery times."}
    )
    told = instructions(written)
    assert "Ask about delivery times." in told
    assert "> Ran the Lyon plant." in told
    assert "> # What you never do" in told, "a heading in a profile opens no section"


def test_the_address_of_a_profile_is_told_to_nobody() -> None:
    assert "linkedin" not in instructions(content(linkedin_url="https://www.linkedin.com/in/ines"))


def test_template_and_instructions_reach_the_judge() -> None:
    written = content().model_copy(
        update={"evaluation_template": "negotiation", "evaluation_instructions": "Be strict."}
    )
    asked = request_for(written, [], language="en").instructions
    assert asked and asked.startswith("Negotiation: ") and asked.endswith("\nBe strict.")
    assert request_for(content(), [], language="en").instructions is None


def test_what_an_author_left_out_leaves_the_stored_text_as_it_was() -> None:
    stored = shelf()["price-objection.en"].model_dump(mode="json")
    assert not {"tuning", "evaluation_template", "instructions", "sessions_per_week"} & stored.keys()
    assert not {"ecosystem", "profile_text"} & stored["persona"].keys()


def test_ready_made_people_are_the_same_in_every_language_and_use_the_lists() -> None:
    assert [one.key for one in people("en")] == [one.key for one in people("fr")]
    for one in (*people("en"), *people("fr")):
        assert one.persona.ecosystem in ECOSYSTEMS and one.persona.vertical in VERTICALS
        assert all(getattr(one.persona, dial) in DIALS[dial] for dial in Dial)
    assert {one.persona.ecosystem for one in people("en")} == ECOSYSTEMS.keys()


def test_people_are_found_by_where_they_come_from() -> None:
    assert [one.key for one in matching("fr", "careers", None)] == ["recruiter"]
    assert len(matching("en", None, None)) == len(people("en"))
    assert find("recruiter", "de") == find("recruiter", "en")
    assert find("nobody", "en") is None


def test_every_step_and_dial_has_a_name() -> None:
    assert len(STEPS) == 6
    assert all(f"persona.{dial}" in FIELDS for dial in Dial)
    assert all(len(option.description) < 110 for options in DIALS.values() for option in options.values())
    assert all(a != b for a, b in pairwise(list(STEPS)))


def test_every_voice_to_choose_has_a_sample_to_listen_to() -> None:
    samples = {path.stem for path in (ROOT / "roleplay" / "static" / "voices").glob("*.wav")}
    assert samples == DIALS[Dial.VOICE].keys()
