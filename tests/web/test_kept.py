"""Personas and evaluation templates: kept from a scenario or a file, exported, taken into a scenario, deleted."""

from uuid import UUID

import pytest
from flask import Flask

from roleplay.scenarios import authoring, keeping
from roleplay.scenarios.keeping import EvaluationTemplate, Kept, KeptPersona
from tenants.db import db
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import as_member
from tests.web.reading import read
from tests.web.writing import TABLE, filled, text_of, written

PERSONAS, TEMPLATES = "/o/acme/personas", "/o/acme/evaluation-templates"
ONE = """\
- language: en
  opening: You have ten minutes.
  persona:
    name: Ines Prado
    job: Buyer
    organization: Norda
    biography: She bought steel for ten years.
    ecosystem: customers
    trait: analytical
    emotional_state: calm
    communication_style: direct
    decision_making: evidence
    voice: dry
    motivations: [A saving]
    concerns: [A fine]
"""
TEMPLATE = "language: en\nname: Complaints\ninstructions: Judge the promise, not the tone.\n"


def kept(app: Flask, cast: Cast, kind: type[Kept] = KeptPersona) -> list[tuple[UUID, str]]:
    with as_member(app, cast.anna):
        return [(row.id, row.text["opening" if kind is KeptPersona else "instructions"]) for row in keeping.kept(kind)]


def test_the_persona_of_a_scenario_is_kept_and_leaves_as_a_file(anna: Browser, app: Flask, cast: Cast) -> None:
    scenario_id = written(app, cast)
    page = read(anna.get(anna.post(f"{TABLE}/{scenario_id}/persona").location))
    assert "Martin Keller" in page.words
    ((persona_id, _),) = kept(app, cast)
    file = anna.get(f"{PERSONAS}/{persona_id}/file")
    assert file.headers["Content-Disposition"] == 'attachment; filename="martin-keller.yaml"'
    assert file.text == anna.get(f"{PERSONAS}/file").text == anna.get(f"{TABLE}/{scenario_id}/persona/file").text
    assert "Proud" in read(anna.get(f"{PERSONAS}/{persona_id}")).words


def test_a_file_of_people_goes_round_exactly(anna: Browser, app: Flask, cast: Cast) -> None:
    anna.post(f"{PERSONAS}/imports", {"source": ONE})
    out = anna.get(f"{PERSONAS}/file").text
    again = read(anna.get(anna.post(f"{PERSONAS}/imports", {"source": out}).location))
    assert "1 was here already." in again.words
    assert anna.get(f"{PERSONAS}/file").text == out


def test_nobody_is_replaced_unless_it_is_said(anna: Browser, app: Flask, cast: Cast) -> None:
    anna.post(f"{PERSONAS}/imports", {"source": ONE})
    other = ONE.replace("ten minutes", "one minute") + ONE.replace("Ines Prado", "Ada")
    refused = anna.post(f"{PERSONAS}/imports", {"source": other})
    assert refused.status_code == 409
    assert "Ines Prado" in read(refused).words and "one minute" in refused.text
    assert [opening for _, opening in kept(app, cast)] == ["You have ten minutes."], "nothing of it is in"
    anna.post(f"{PERSONAS}/imports", {"source": other, "replace": "yes"})
    assert {opening for _, opening in kept(app, cast)} == {"You have one minute.", "You have ten minutes."}


def test_a_file_with_a_fault_brings_nobody(anna: Browser, app: Flask, cast: Cast) -> None:
    refused = anna.post(f"{PERSONAS}/imports", {"source": ONE + "- language: en\n  opening: Hm.\n  persona: {name: A}"})
    assert refused.status_code == 422
    assert "Line 18, Persona 2, Job: is missing" in read(refused).words
    assert kept(app, cast) == []


def test_a_scenario_file_is_no_template(anna: Browser) -> None:
    refused = anna.post(f"{TEMPLATES}/imports", {"source": "title: x\ngoals: []"})
    assert "There is no field “title” here." in read(refused).words


def test_there_is_an_end_to_what_is_kept(
    anna: Browser, app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", 1)
    refused = anna.post(f"{PERSONAS}/imports", {"source": ONE + ONE.replace("Ines Prado", "Ada")})
    assert refused.status_code == 409
    assert "There is room for 1." in read(refused).words
    assert kept(app, cast) == []


def test_a_kept_person_begins_a_scenario_and_stays_in_it_when_deleted(anna: Browser, app: Flask, cast: Cast) -> None:
    anna.post(f"{PERSONAS}/imports", {"source": ONE})
    ((persona_id, _),) = kept(app, cast)
    steps = anna.post(f"{PERSONAS}/{persona_id}/scenarios").location
    anna.post(f"{PERSONAS}/{persona_id}/deletion")
    assert kept(app, cast) == []
    text = text_of(app, cast, steps)
    assert (text["persona"]["name"], text["opening"], text["language"]) == ("Ines Prado", "You have ten minutes.", "en")


def test_instructions_become_a_template_and_go_round(anna: Browser, app: Flask, cast: Cast) -> None:
    scenario_id = written(app, cast, evaluation_instructions="Judge the promise.")
    anna.post(f"{TABLE}/{scenario_id}/evaluation-template")
    out = anna.get(f"{TEMPLATES}/file").text
    assert out == "- language: en\n  name: The missed deadline\n  instructions: Judge the promise.\n"
    anna.post(f"{TEMPLATES}/imports", {"source": out.replace("promise", "tone"), "replace": "yes"})
    ((template_id, instructions),) = kept(app, cast, EvaluationTemplate)
    assert instructions == "Judge the tone."
    assert "Judge the tone." in read(anna.get(f"{TEMPLATES}/{template_id}")).words
    anna.post(f"{TEMPLATES}/{template_id}/deletion")
    assert kept(app, cast, EvaluationTemplate) == []


def test_a_step_takes_what_is_kept_here(anna: Browser, app: Flask, cast: Cast) -> None:
    anna.post(f"{PERSONAS}/imports", {"source": ONE + ONE.replace("language: en", "language: fr")})
    anna.post(f"{TEMPLATES}/imports", {"source": TEMPLATE})
    scenario_id = written(app, cast, evaluation_instructions="Mind the law.")
    step = f"{TABLE}/{scenario_id}/edit/persona"
    taking = [one.attributes.get("value", "") for one in read(anna.get(step)).all("button")]
    ids = [each for each in taking if each.startswith("take:") and each.count("-") == 4]
    assert len(ids) == 1, "the one who speaks the language of the scenario"
    anna.post(step, {**filled(read(anna.get(step))), "do": ids[0]})
    step = f"{TABLE}/{scenario_id}/edit/evaluation"
    for _twice in range(2):
        sent = {"evaluation_instructions": text_of(app, cast, step)["evaluation_instructions"]}
        anna.post(
            step, {**filled(read(anna.get(step))), **sent, "do": f"use:{kept(app, cast, EvaluationTemplate)[0][0]}"}
        )
    text = text_of(app, cast, step)
    assert text["persona"]["name"] == "Ines Prado"
    assert text["evaluation_instructions"] == "Mind the law.\n\nJudge the promise, not the tone."


def test_what_is_not_written_yet_cannot_be_kept(anna: Browser, app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as author:
        scenario_id = authoring.begin_from({"title": "Begun", "language": "en"}, by=author).id
        db.session.commit()
    for part, complaint in (("persona", "persona is still missing"), ("evaluation-template", "Not kept")):
        assert complaint in read(anna.get(anna.post(f"{TABLE}/{scenario_id}/{part}").location)).words
    assert kept(app, cast) == kept(app, cast, EvaluationTemplate) == []


def test_a_name_that_is_kept_already_is_not_overwritten_from_a_scenario(anna: Browser, app: Flask, cast: Cast) -> None:
    anna.post(f"{TABLE}/{written(app, cast)}/persona")
    page = anna.get(anna.post(f"{TABLE}/{written(app, cast, opening='Well?')}/persona").location)
    assert "is kept already and says something else" in read(page).words
    assert len(kept(app, cast)) == 1


def test_an_author_sees_which_goals_the_practice_engine_cannot_score(anna: Browser, app: Flask, cast: Cast) -> None:
    page = read(anna.get(f"{TABLE}/{written(app, cast)}")).words
    assert "too few examples" in page and "fewer than 4 example sentences" in page


def test_a_coach_reads_and_a_learner_is_told(enter: Enter, anna: Browser, app: Flask, cast: Cast) -> None:
    anna.post(f"{PERSONAS}/imports", {"source": ONE})
    ((persona_id, _),) = kept(app, cast)
    coach, learner = enter(cast.carl), enter(cast.lea)
    assert "Ines Prado" in read(coach.get(f"{PERSONAS}/{persona_id}")).words
    assert coach.post(f"{PERSONAS}/{persona_id}/deletion").status_code == 403
    assert learner.get(PERSONAS).status_code == 403
    assert learner.get(f"{PERSONAS}/{persona_id}").status_code == 404


@pytest.mark.parametrize("shelf", [PERSONAS, TEMPLATES])
def test_the_shelves_are_found_from_the_scenarios(anna: Browser, shelf: str) -> None:
    page = anna.get(TABLE).text
    assert f'href="{shelf}"' in page and f'href="{shelf}/imports"' in page
    page = read(anna.get(shelf))
    assert "kept yet" in page.words
    here = [one.attributes["href"] for one in page.all("a") if one.attributes.get("aria-current") == "page"]
    assert here == [TABLE, shelf]
