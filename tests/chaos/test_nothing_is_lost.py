"""The bounded form of `python -m tests.chaos`, and that its counting can tell a loss when it sees one.

Workers hold a job for 5 s without a word instead of 30, so that the way back of a killed evaluation fits in.
"""

from collections import namedtuple
from hashlib import blake2s
from pathlib import Path

import pytest

from tests.chaos.__main__ import MUST_BE_ZERO
from tests.chaos.caller import Notes
from tests.chaos.counting import lost_turns
from tests.chaos.running import DEATHS, chaos

SEED = 20261120
Row = namedtuple("Row", "speaker text status")


def test_nothing_acknowledged_is_lost_whatever_dies(var: Path) -> None:
    found = chaos(var / "chaos", attempts=40, kills=10, seed=SEED, callers=10, lease=5.0)
    print(found)
    assert found["kills"] == 10
    assert set(found["killed"]) == set(DEATHS)
    assert found["attempts"] >= 40
    assert found["acknowledged"] > 100
    assert {name: found[name] for name in MUST_BE_ZERO} == dict.fromkeys(MUST_BE_ZERO, 0)
    assert found["restart_max_s"] < 60


@pytest.mark.parametrize(
    ("kept", "lost"),
    [
        ({1: Row("persona", "Yes?", "heard"), 2: Row("learner", "No.", "heard")}, 0),
        ({1: Row("persona", "Ye", "interrupted"), 2: Row("learner", "No.", "heard")}, 0),
        ({1: Row("persona", "Yes?", "heard")}, 1),
        ({1: Row("persona", "Yes?", "heard"), 2: Row("learner", "Nothing.", "heard")}, 1),
        ({2: Row("persona", "Yes?", "heard"), 1: Row("learner", "No.", "heard")}, 2),
        ({}, 2),
    ],
)
def test_a_turn_that_is_gone_or_changed_is_counted(kept: dict[int, Row], lost: int) -> None:
    notes = Notes("a", told={1: ("persona", "Yes?"), 2: ("learner", "No.")})
    assert len(lost_turns([notes], {("a", number): row for number, row in kept.items()})) == lost


def test_a_typed_line_is_known_by_the_id_that_the_page_gave_it() -> None:
    notes = Notes("a", typed={"page-1": "No."})
    item = "text/t" + blake2s(b"page-1", digest_size=12).hexdigest()
    assert not lost_turns([notes], {("a", item): Row("learner", "No.", "heard")})
    assert len(lost_turns([notes], {})) == 1
