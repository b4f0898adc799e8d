"""How alike a question and a fact are written, letter by letter: what their words mean is left to others.

Runs of four letters also find what no group of words joins: `cancelled` in `cancellation`, `terminte` in
`terminate`. A run weighs the more the fewer of the facts have it.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

_RUN = 4  # letters, and the gaps between words
_MOST_KEPT = 400  # texts; what is kept is looked at whenever Python clears up
_WORD = re.compile(r"\w+")


def likeness(facts: Sequence[str]) -> Callable[[str, str], float]:
    """How alike one of these facts and a text are: 0 to 1."""
    having = Counter(run for says in facts for run in _runs(says))
    # Squared, as both sides are weighed by it.
    weights = {run: math.log(1 + len(facts) / (1 + count)) ** 2 for run, count in having.items()}
    unknown = math.log(1 + len(facts)) ** 2

    def weight(runs: Iterable[str]) -> float:
        # Exactly, since a set has no order: the same question has the same answer, always.
        return math.fsum(weights.get(run, unknown) for run in runs)

    def alike(text: str, says: str) -> float:
        asked, told = _runs(text), _runs(says)
        most = math.sqrt(weight(asked) * weight(told))
        return weight(asked & told) / most if most else 0.0

    return alike


@lru_cache(maxsize=_MOST_KEPT)
def _runs(text: str) -> frozenset[str]:
    """The runs of letters of a text."""
    plain = f" {' '.join(_WORD.findall(text.lower()))} "
    return frozenset(plain[at : at + _RUN] for at in range(len(plain) - _RUN + 1))
