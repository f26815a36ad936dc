from typing import Any

import pytest

from roleplay.embedded.session import RealtimeSession, ResponseSettings
from roleplay.embedded.wire import ProtocolError
from tests.embedded.realtime import scenario


def updated(**changes: Any) -> RealtimeSession:
    session = RealtimeSession("test")
    session.update({"type": "realtime", **changes})
    return session


def detecting(**turn_detection: Any) -> RealtimeSession:
    return updated(audio={"input": {"turn_detection": turn_detection}})


def test_a_new_session_hears_and_speaks_and_announces_that_it_plays_scenarios() -> None:
    shown = RealtimeSession("test").rendered()
    assert shown["prompt"] == {"id": "roleplay-scenario"}
    assert shown["output_modalities"] == ["audio"]
    assert shown["audio"]["input"]["turn_detection"]["type"] == "server_vad"


def test_what_is_left_out_stays_and_null_clears() -> None:
    session = updated(audio={"input": {"transcription": {"model": "x"}}, "output": {"speed": 1.2}})
    session.update({"type": "realtime", "audio": {"input": {"transcription": None}}})
    assert session.settings.audio.input.transcription is None
    assert session.settings.audio.output.speed == 1.2


def test_turn_detection_is_replaced_as_a_whole() -> None:
    session = detecting(type="server_vad", silence_duration_ms=900, idle_timeout_ms=6_000)
    session.update({"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad"}}}})
    assert session.rules
    assert (session.rules.silence_ms, session.rules.idle_ms) == (500, None)


@pytest.mark.parametrize(
    ("eagerness", "silence_ms", "patience_ms"),
    [("high", 300, 2_000), ("auto", 500, 4_000), ("medium", 500, 4_000), ("low", 900, 8_000)],
)
def test_semantic_turn_detection_waits_longer_for_what_sounds_unfinished(
    eagerness: str, silence_ms: int, patience_ms: int
) -> None:
    session = detecting(type="server_vad", silence_duration_ms=700)
    session.update({"audio": {"input": {"turn_detection": {"type": "semantic_vad", "eagerness": eagerness}}}})
    assert session.rules
    assert (session.rules.silence_ms, session.rules.patience_ms) == (silence_ms, patience_ms)


def test_no_turn_detection_is_push_to_talk() -> None:
    assert updated(audio={"input": {"turn_detection": None}}).rules is None


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"type": "transcription"}, "session.type"),
        ({"output_modalities": ["audio", "text"]}, "session.output_modalities"),
        ({"audio": {"output": {"speed": 9}}}, "session.audio.output.speed"),
        ({"audio": {"input": {"format": {"type": "audio/pcmu"}}}}, "session.audio.input.format.type"),
        ({"audio": None}, "session.audio"),
        ({"audio": {"input": {"turn_detection": {"type": "magic"}}}}, "session.audio.input.turn_detection"),
        ({"prompt": {"variables": {"scenario": "{}"}}}, "session.variables.scenario"),
        ({"prompt": {"variables": {"scenario": "not json"}}}, "session.variables.scenario"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_nothing_changes(changes: dict[str, Any], param: str) -> None:
    session = RealtimeSession("test")
    before = session.rendered()
    with pytest.raises(ProtocolError) as refused:
        session.update({"instructions": "changed", **changes})
    assert refused.value.body["code"] == "invalid_value"
    assert str(refused.value.body["param"]).startswith(param)
    assert session.rendered() == before


def test_a_scenario_stays_once_the_conversation_has_begun() -> None:
    session = updated(prompt={"variables": {"scenario": scenario().model_dump_json()}})
    kept = session.scenario
    session.update({"prompt": {"variables": {"scenario": scenario("fr").model_dump_json()}}}, begun=True)
    assert session.scenario is kept


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": {"variables": {"scenario": scenario("fr").model_dump_json()}}},
        {"audio": {"input": {"transcription": {"model": "x", "language": "fr"}}}},
    ],
)
def test_in_another_language_the_conversation_is_in_writing(changes: dict[str, Any]) -> None:
    session = updated(**changes)
    assert session.rendered()["output_modalities"] == ["text"]
    assert session.rules is None


def test_a_response_may_not_leave_the_conversation() -> None:
    with pytest.raises(ProtocolError) as refused:
        ResponseSettings.of({"conversation": "none"})
    assert refused.value.body["param"] == "response.conversation"


@pytest.mark.parametrize(
    ("voice", "speed"), [("brisk", 1.8), ("warm", 1.5), ("A soft, low voice", 1.23), ("unheard of", 1.5)]
)
def test_a_voice_character_is_played_by_its_pace(voice: str, speed: float) -> None:
    persona = scenario().persona.model_copy(update={"voice": voice})
    played = scenario().model_copy(update={"persona": persona}).model_dump_json()
    session = RealtimeSession("test")
    session.update(
        {"prompt": {"id": "roleplay-scenario", "variables": {"scenario": played}}, "audio": {"output": {"speed": 1.5}}}
    )
    assert session.speed == pytest.approx(speed)
