"""Writing a scenario: drafts, versions, the catalog and what outlives them."""

import pytest
from flask import Flask

from roleplay.assignments.assigning import assign, assignment_of
from roleplay.assignments.models import Participant, PracticeSession
from roleplay.assignments.participation import participants_in
from roleplay.assignments.practising import practise
from roleplay.assignments.training import Wanted, list_sessions
from roleplay.attempts import lifecycle
from roleplay.attempts.models import Mode
from roleplay.scenarios import authoring, shelving
from roleplay.scenarios.access import access_published, access_scenario
from roleplay.scenarios.catalog import list_catalog
from roleplay.scenarios.library import stock
from roleplay.scenarios.models import Scenario, ScenarioVersion
from roleplay.scenarios.validity import Step
from roleplay.scenarios.versions import version_in_use
from tenants.audit import AuditEvent
from tenants.db import db
from tenants.errors import Conflict, Forbidden, Invalid, NotFound
from tenants.permissions import Permission
from tests.authoring import write
from tests.cast import Cast
from tests.practice import as_member, load, member_of


def test_a_draft_keeps_every_step_and_an_earlier_one_loses_nothing(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario = authoring.begin(by=anna)
        authoring.save(scenario, Step.DETAILS, {"title": "A hard call"}, revision=0, by=anna)
        authoring.save(scenario, Step.PERSONA, {"persona": {"name": "Ines"}}, revision=1, by=anna)
        authoring.save(scenario, Step.PERSONALITY, {"persona": {"trait": "proud"}}, revision=2, by=anna)
        authoring.save(scenario, Step.DETAILS, {"title": "A harder call"}, revision=3, by=anna)
        draft = authoring.draft_of(scenario)
        assert draft.text == {"title": "A harder call", "persona": {"name": "Ines", "trait": "proud"}}
        assert (draft.revision, scenario.title, scenario.persona_name) == (4, "A harder call", "Ines")


def test_beginning_twice_without_a_word_is_one_scenario(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        first = authoring.begin(by=anna)
        assert authoring.begin(by=anna).id == first.id
        authoring.save(first, Step.DETAILS, {"title": "x"}, revision=0, by=anna)
        assert authoring.begin(by=anna).id != first.id
        assert authoring.begin(by=member_of(cast.adam)).id != first.id


def test_a_second_author_of_the_same_step_is_told_and_nothing_is_overwritten(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario, adam = write(anna), member_of(cast.adam)
        seen = authoring.draft_of(scenario).revision
        authoring.save(scenario, Step.DETAILS, {"title": "Anna's"}, revision=seen, by=anna)
        with pytest.raises(authoring.EditedMeanwhile) as told:
            authoring.save(scenario, Step.DETAILS, {"title": "Adam's"}, revision=seen, by=adam)
        assert told.value.save.member_id == anna.id
        assert authoring.draft_of(scenario).text["title"] == "Anna's"
        authoring.save(scenario, Step.DETAILS, {"title": "Adam's"}, revision=told.value.revision, by=adam)
        assert authoring.draft_of(scenario).text["title"] == "Adam's"


def test_two_authors_in_different_steps_do_not_meet(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario, adam = write(anna), member_of(cast.adam)
        seen = authoring.draft_of(scenario).revision
        authoring.save(scenario, Step.DETAILS, {"title": "Anna's"}, revision=seen, by=anna)
        authoring.save(scenario, Step.PERSONA, {"persona": {"name": "Ines"}}, revision=seen, by=adam)
        text = authoring.draft_of(scenario).text
        assert (text["title"], text["persona"]["name"]) == ("Anna's", "Ines")


def test_one_s_own_second_window_is_no_stranger(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario = write(anna)
        for title in ("first", "second"):
            authoring.save(scenario, Step.DETAILS, {"title": title}, revision=1, by=anna)
        assert authoring.draft_of(scenario).text["title"] == "second"


def test_a_changed_scenario_in_use_becomes_a_new_version_and_attempts_keep_theirs(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario = write(anna)
        first = shelving.publish_draft(scenario, by=anna)
        attempt = lifecycle.start(first, by=anna, mode=Mode.TEXT)
        authoring.save(scenario, Step.DETAILS, {"title": "Another title"}, revision=1, by=anna)
        assert authoring.has_changes(scenario, authoring.draft_of(scenario))
        assert [card.title for card in list_catalog()] == ["The missed deadline"]
        second = authoring.put_in_use(scenario, by=anna)
        assert (first.number, second.number) == (1, 2)
        assert not authoring.has_changes(scenario, authoring.draft_of(scenario))
        assert [card.title for card in list_catalog()] == ["Another title"]
        assert load(attempt.id).version.content.title == "The missed deadline"


def test_putting_the_same_text_in_use_twice_is_one_version(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario = write(anna)
        assert authoring.put_in_use(scenario, by=anna).id == authoring.put_in_use(scenario, by=anna).id


def test_a_test_uses_the_draft_and_changes_nothing_for_others(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario = write(anna)
        shelving.publish_draft(scenario, by=anna)
        authoring.save(scenario, Step.DETAILS, {"title": "Only a try"}, revision=1, by=anna)
        tested = shelving.version_to_test(scenario)
        assert tested.content.title == "Only a try"
        assert shelving.version_to_test(scenario).id == tested.id
        in_use = version_in_use(scenario)
        assert in_use and in_use.title == "The missed deadline"
        assert access_published(member_of(cast.lea), scenario.id).id == in_use.id
        assert authoring.put_in_use(scenario, by=anna).id == tested.id


def test_an_incomplete_draft_is_neither_tested_nor_published_nor_put_in_use(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario = write(anna, goals=[])
        for attempted in (
            lambda: shelving.version_to_test(scenario),
            lambda: shelving.publish_draft(scenario, by=anna),
            lambda: authoring.put_in_use(scenario, by=anna),
        ):
            with pytest.raises(Invalid) as refusal:
                attempted()
            assert refusal.value.code == "scenario_not_valid"
        assert scenario.version_number == 0
        assert not db.session.query(ScenarioVersion).count()


def test_a_copy_is_the_copier_s_own_and_leaves_the_original_alone(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        original, adam = write(anna), member_of(cast.adam)
        shelving.publish_draft(original, by=anna)
        copy = authoring.duplicate(original, title="Copy", by=adam)
        assert (copy.created_by_id, copy.version_number, copy.published_at) == (adam.id, 0, None)
        authoring.save(copy, Step.PERSONA, {"persona": {"name": "Ines"}}, revision=1, by=adam)
        assert authoring.draft_of(original).text["persona"]["name"] == "Martin Keller"


def test_a_scenario_of_the_library_is_copied_and_never_changed(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        stock()
        scenario = db.session.query(Scenario).filter_by(library_slug="price-objection.en").one()
        for refused in (
            lambda: authoring.save(scenario, Step.DETAILS, {"title": "x"}, revision=0, by=anna),
            lambda: authoring.put_in_use(scenario, by=anna),
            lambda: shelving.delete(scenario, by=anna),
        ):
            with pytest.raises(Forbidden):
                refused()
        copy = authoring.duplicate(scenario, title="Ours", by=anna)
        version = authoring.put_in_use(copy, by=anna)
        assert version.content.levers == version_in_use(scenario).content.levers  # type: ignore[union-attr]
        shelving.archive(scenario, by=anna)
        stock()
        assert scenario.id not in {card.scenario_id for card in list_catalog()}
        shelving.publish_draft(scenario, by=anna)
        assert scenario.id in {card.scenario_id for card in list_catalog()}


def test_only_its_creator_deletes_a_scenario_and_what_was_practised_survives(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario, adam = write(anna), member_of(cast.adam)
        version = shelving.publish_draft(scenario, by=anna)
        attempt = lifecycle.start(version, by=anna, mode=Mode.TEXT, practice_session=practise(version, by=anna))
        with pytest.raises(Forbidden):
            shelving.delete(scenario, by=adam)
        shelving.delete(scenario, by=anna)
        assert not list_catalog()
        for gone in (access_published, access_scenario):
            with pytest.raises(NotFound):
                gone(anna, scenario.id)
        kept = load(attempt.id)
        assert kept.version.content.title == "The missed deadline"
        assert kept.practice_session is not None


def test_an_archived_scenario_leaves_the_catalog_and_its_sessions_go_on(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario = write(anna)
        shelving.publish_draft(scenario, by=anna)
        assign(scenario, members=[member_of(cast.lea)], sessions_per_week=None, instructions=None, by=anna)
        shelving.archive(scenario, by=anna)
        shelving.archive(scenario, by=anna)
        assert not list_catalog()
        session = db.session.query(PracticeSession).one()
        lifecycle.start(session.version, by=member_of(cast.lea), practice_session=session, mode=Mode.TEXT)
        events = [event.action for event in db.session.query(AuditEvent).filter_by(object_id=scenario.id)]
        assert events.count("scenario.archived") == 1


def test_who_is_assigned_becomes_a_participant_with_a_session_once(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario, lea, leo = write(anna), member_of(cast.lea), member_of(cast.leo)
        with pytest.raises(Conflict):
            assign(scenario, members=[lea], sessions_per_week=2, instructions="By Friday.", by=anna)
        authoring.put_in_use(scenario, by=anna)
        assign(scenario, members=[lea], sessions_per_week=2, instructions="By Friday.", by=anna)
        assign(scenario, members=[lea, leo], sessions_per_week=3, instructions=None, by=anna)
        assignment = assignment_of(scenario)
        assert assignment and (assignment.sessions_per_week, assignment.instructions) == (3, None)
        assert [row.name for row in participants_in(scenario, limit=9)] == ["Lea", "Leo"]
        sessions = db.session.query(PracticeSession).all()
        assert {(session.member_id, session.is_private) for session in sessions} == {(lea.id, False), (leo.id, False)}


def test_somebody_who_was_removed_can_be_invited_again(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario, lea = write(anna), member_of(cast.lea)
        authoring.put_in_use(scenario, by=anna)
        assign(scenario, members=[lea], sessions_per_week=None, instructions=None, by=anna)
        participant = db.session.query(Participant).one()
        participant.removed_at = participant.created_at
        assert not participants_in(scenario, limit=9)
        assign(scenario, members=[lea], sessions_per_week=None, instructions=None, by=anna)
        assert len(participants_in(scenario, limit=9)) == 1


def test_private_practice_stays_out_of_the_participation_history(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario, lea = write(anna), member_of(cast.lea)
        version = authoring.put_in_use(scenario, by=anna)
        practise(version, by=lea)
        assert not list_sessions(Wanted(scenario_id=scenario.id), by=anna).total
        assign(scenario, members=[lea], sessions_per_week=None, instructions=None, by=anna)
        (row,) = list_sessions(Wanted(scenario_id=scenario.id), by=anna).rows
        assert (row.participant, row.attempts, row.status) == ("Lea", 0, "to_do")


@pytest.mark.parametrize(("who", "outcome"), [("anna", None), ("adam", None), ("carl", Forbidden), ("lea", NotFound)])
def test_who_may_write_a_scenario(app: Flask, cast: Cast, who: str, outcome: type[Exception] | None) -> None:
    with as_member(app, cast.anna) as anna:
        scenario = write(anna)
        member = member_of(getattr(cast, who))
        if outcome is None:
            assert access_scenario(member, scenario.id, to=Permission.SCENARIOS_AUTHOR).id == scenario.id
        else:
            with pytest.raises(outcome):
                access_scenario(member, scenario.id, to=Permission.SCENARIOS_AUTHOR)
