"""The command line: `python -m bench [NAME …] [--quick]`."""

import argparse
from importlib import import_module

from bench.table import Result, report

NAMES = (
    "process",
    "chat",
    "scale",
    "fanout",
    "slack_fanout",
    "corrections",
    "subscriptions",
    "ask",
    "questions",
    "chart",
)


def main() -> int:
    """Runs the benchmarks that are named, or all; 1 where a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures the bot.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; all without one")
    parser.add_argument("--quick", action="store_true", help="fewer runs and smaller stories")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    missed = 0
    for name in given.names or NAMES:
        # Imported here: what one benchmark brings along is not to be in the memory of another.
        result: Result = import_module(f"bench.{name}").run(quick=given.quick)
        report(result)
        missed += sum(not target.met for target in result.targets)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
