"""When a platform has something to do next: asked at each prompt, so it imports next to nothing."""

import sqlite3

AT_ONCE = ""
"""A moment before all others: something is under way."""


def awaited(connection: sqlite3.Connection, platform: str) -> str | None:
    """The moment at which a digest has to be looked at or a delivery made; None where nothing is to come.

    AT_ONCE where a delivery is under way, or was when its process was killed.
    """
    moments = [
        connection.execute(query, (platform,)).fetchone()[0]
        for query in (
            "SELECT min(look) FROM subscription WHERE platform = ? AND look IS NOT NULL",
            "SELECT min(due) FROM delivery WHERE platform = ? AND state = 'due'",
            "SELECT min('') FROM delivery WHERE platform = ? AND state = 'taken'",
        )
    ]
    return min((moment for moment in moments if moment is not None), default=None)
