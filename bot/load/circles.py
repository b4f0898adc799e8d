"""Circles in what refers to what: facts that overturn themselves, names that are part of themselves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def circles(edges: Mapping[str, Sequence[tuple[str, T]]]) -> Iterator[tuple[list[str], T]]:
    """Each circle once: the ids in it, in order, and what was said with the step that closes it.

    `edges` has the steps from each id: to which other, and anything to be told of that step.
    """
    done: set[str] = set()
    # A walk with its own trail and not by recursion: a chain may be longer than Python's stack.
    trail: dict[str, Iterator[tuple[str, T]]] = {}
    for start, first in edges.items():
        if start not in done:
            trail[start] = iter(first)
        while trail:
            here = next(reversed(trail))
            step = next(trail[here], None)
            if step is None:
                del trail[here]
                done.add(here)
                continue
            other, told = step
            if other in trail:
                yield [*trail][[*trail].index(other) :], told
            elif other in edges and other not in done:
                trail[other] = iter(edges[other])
