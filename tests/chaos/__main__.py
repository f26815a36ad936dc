"""`python -m tests.chaos --attempts 1000 --kills 150 --seed 7 --json`: see docs/operations.md, "Measured"."""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

from tests.chaos.product import tell
from tests.chaos.running import chaos

MUST_BE_ZERO = (
    "turns_lost",
    "evaluations_lost",
    "evaluations_doubled",
    "second_live_attempts",
    "left_open",
    "never_restarted",
    "over_the_cap_s",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--attempts", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--callers", type=int, default=24, help="learners who practise at the same time")
    parser.add_argument("--lease", type=float, default=30.0, help="seconds; the product's is 30")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--json", action="store_true", help="the last line is one object")
    asked = parser.parse_args()
    tell(f"seed {asked.seed}")
    with tempfile.TemporaryDirectory(prefix="roleplay-chaos-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)
        found = chaos(
            Path(directory),
            attempts=asked.attempts,
            kills=asked.kills,
            seed=asked.seed,
            callers=asked.callers,
            lease=asked.lease,
        )
    for name, value in found.items():
        print(f"{name:>22}  {value}")
    if asked.json:
        print(json.dumps(found))
    return 1 if any(found[name] for name in MUST_BE_ZERO) or found["restart_max_s"] > 60 else 0


if __name__ == "__main__":
    sys.exit(main())
