"""What somebody may have meant: the nearest of the names that there are."""

from collections.abc import Iterable


def nearest(given: str, names: Iterable[str], most: int = 1, cutoff: float = 0.6) -> list[str]:
    """At most so many of the names, the nearest first; those less alike than `cutoff` are left out."""
    # Imported here: a run in which nothing is misspelt does without it.
    from difflib import get_close_matches

    return get_close_matches(given, list(names), n=most, cutoff=cutoff)
