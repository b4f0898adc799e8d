"""`python -m bench.ask [--half HALF] [--failures [MOST]]`: a table, and what went wrong.

Nothing of the untouched half is shown but figures, and with `--half untouched --failures 10` the worst
ten: who has seen more of it tunes for it.
"""

import argparse
import sys

from bench.ask.asking import NoCommandError
from bench.ask.measuring import asked, failures, result
from bench.ask.questions import HALVES
from bench.table import report

MOST_UNTOUCHED = 10
ALL = sys.maxsize


def main() -> int:
    """Measures; 1 where there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.ask", description="Asks, and judges the answers.")
    parser.add_argument("--half", choices=HALVES, help="else both, one after the other")
    parser.add_argument(
        "--failures",
        nargs="?",
        type=int,
        const=ALL,
        metavar="MOST",
        help="print what went wrong: all, or so many",
    )
    given = parser.parse_args()
    most: int = given.failures or 0
    if given.half == "untouched" and most > MOST_UNTOUCHED:
        parser.error(f"of the untouched half at most {MOST_UNTOUCHED} are shown: --failures {MOST_UNTOUCHED}")
    try:
        judged = {half: asked(half) for half in ([given.half] if given.half else HALVES)}
    except NoCommandError as error:
        print(error, file=sys.stderr)
        return 1
    report(result(judged))
    if most:
        # Without --half these are of the half that may be looked at.
        print(f"\n{failures(judged[given.half or HALVES[0]], most)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
