"""`make chaos`, which is `python -m bench.chaos [discord|slack] [--quick] [--seed N]`: what came of a run.

Without a platform, that of Discord and then that of Slack. Prints a table of each, writes
bench/results/chaos.json and chaos-slack.json, and ends with exit code 1 where anything is not as it has
to be.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.chaos.check import Found, check
from bench.chaos.drive import Plan, Ran, Run
from bench.chaos.plans import PLANS
from bench.table import Result, Row, Target, report

SHOWN = 20  # violations of one kind


def main() -> int:
    """Runs them; 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description="Kills the bot, and counts.")
    parser.add_argument("platform", nargs="?", choices=[*PLANS], help="else both, one after the other")
    parser.add_argument("--quick", action="store_true", help="the short run that is part of the tests")
    parser.add_argument("--seed", type=int, default=None, help="of all that is drawn; else a new one")
    parser.add_argument("--keep", type=Path, help="a folder for the runs, kept to look into them")
    given = parser.parse_args()
    seed = int.from_bytes(os.urandom(3)) if given.seed is None else given.seed
    # Judging each request against Discord's description would cost more than the bot does.
    os.environ["DISCORD_OPENAPI"] = ""
    folder: Path = given.keep or Path(tempfile.mkdtemp(prefix="exomars-chaos-"))
    broken = False
    try:
        for platform in [given.platform] if given.platform else PLANS:
            long, short = PLANS[platform]
            words = [platform, *(["--quick"] if given.quick else []), "--seed", str(seed)]
            print(f"chaos; to run it again: python -m bench.chaos {' '.join(words)}", flush=True)
            broken |= not passes(short if given.quick else long, folder / platform, seed)
    finally:
        if not given.keep:
            shutil.rmtree(folder)
    return int(broken)


def passes(plan: Plan, folder: Path, seed: int) -> bool:
    """Runs one, tells what came of it, and whether every promise is kept."""
    ran = asyncio.run(Run(plan, folder, seed)())
    found = check(ran)
    result = outcome(ran, found)
    report(result)
    for violations in found.violations.values():
        for violation in violations[:SHOWN]:
            print(violation, file=sys.stderr)
    return all(target.met for target in result.targets)


def outcome(ran: Ran, found: Found) -> Result:
    """The figures of a run, and what was promised of them."""
    plan, platform = ran.plan, ran.stage.platform
    name = ["chaos", *([] if platform == "discord" else [platform])]
    targets = [
        Target("editions that arrived", plan.editions, found.editions, least=True),
        Target("kills", plan.kills, ran.killer.kills.total(), least=True),
        *(Target(what, 0, len(wrong)) for what, wrong in found.violations.items()),
        Target("time", plan.seconds, ran.seconds, " s"),
    ]
    return Result(
        "-".join([*name, *([] if plan.name == "long" else [plan.name])]),
        f"{ran.stage.title}: {len(ran.wishes)} subscriptions, {plan.places} channels, a bot that is killed",
        [*_rows(ran, found)],
        targets,
    )


def _rows(ran: Ran, found: Found) -> Iterator[Row]:
    days = sum(count for _, count in ran.plan.stretches)
    yield {"what": "days gone through", "n": days}
    yield {"what": "moments gone to", "n": ran.steps}
    yield {"what": "editions that arrived", "n": found.editions}
    yield {"what": "of these, late by more than 5 minutes", "n": found.late}
    yield {"what": "private words to admins", "n": found.notices}
    yield {"what": "facts corrected after they were told", "n": len(ran.story.corrected)}
    yield {"what": "messages that show a correction", "n": found.edited}
    yield {"what": "kills", "n": ran.killer.kills.total()}
    for what, count in sorted(ran.killer.kills.items()):
        yield {"what": f"killed: {what}", "n": count}
    yield {"what": "deliveries under way when it was killed", "n": ran.killer.under_way}
    yield {"what": "of these, stored by the platform and not recorded", "n": ran.killer.unrecorded}
    yield {"what": "faults", "n": sum(ran.stage.met.values())}
    for what, count in sorted(ran.stage.met.items()):
        yield {"what": f"fault: {what}", "n": count}
    yield {"what": "open dates without an edition of their own", "n": sum(found.reasons.values())}
    for what, count in sorted(found.reasons.items()):
        yield {"what": f"explained: {what}", "n": count}
    for what, wrong in found.violations.items():
        yield {"what": what, "n": len(wrong)}
    yield {"what": "seconds", "n": round(ran.seconds)}


if __name__ == "__main__":
    raise SystemExit(main())
