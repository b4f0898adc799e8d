"""What is remembered of whoever asks, in one place: when they last looked for news, and their last question.

Small enough to be forgotten whole: `forgetting.py` takes both away. A question is kept for minutes only.
"""

import sqlite3
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.store.moments import moment, stamp
from bot.store.overwriting import overwriting

MINUTES = 10  # for which a question is remembered


# What somebody did elsewhere is another matter. Direct messages are the place "": whose they are is said.
_HERE = "story = ? AND platform = ? AND user = ? AND place = ?"


class Look(NamedTuple):
    """A look for news."""

    at: datetime
    revision: int  # the newest that was there to be seen: a clock does not tell what was


def last_look(db: sqlite3.Connection, story: str, platform: str, user: str, place: str) -> Look | None:
    """When they last asked here what had become known; None where they never did."""
    row = db.execute(
        f"SELECT at, revision FROM looked WHERE {_HERE}", (story, platform, user, place)
    ).fetchone()
    return Look(moment(row[0]), row[1]) if row else None


def remember_look(  # noqa: PLR0917  (whose it is, part by part)
    db: sqlite3.Connection, story: str, platform: str, user: str, place: str, look: Look
) -> None:
    """They looked just now; to be called within a transaction."""
    # Two may be answered at once, and be written down the other way round.
    db.execute(
        "INSERT INTO looked (story, platform, user, place, at, revision) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET at = max(at, excluded.at), revision = max(revision, excluded.revision)",
        (story, platform, user, place, stamp(look.at), look.revision),
    )


def last_question(  # noqa: PLR0917  (as above)
    db: sqlite3.Connection, story: str, platform: str, user: str, place: str, after: datetime
) -> str:
    """What they last asked here, where that was after a moment; else empty."""
    row = db.execute(
        f"SELECT question FROM asked WHERE {_HERE} AND at > ?", (story, platform, user, place, stamp(after))
    ).fetchone()
    return str(row[0]) if row else ""


def remember_question(  # noqa: PLR0917  (as above)
    db: sqlite3.Connection, story: str, platform: str, user: str, place: str, question: str, now: datetime
) -> None:
    """They asked this just now; what anybody asked more than ten minutes ago goes. Within a transaction."""
    with overwriting(db):  # or what they asked could be read in the file for long
        db.execute("DELETE FROM asked WHERE at < ?", (stamp(now - timedelta(minutes=MINUTES)),))
        db.execute(
            "INSERT OR REPLACE INTO asked (story, platform, user, place, at, question)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (story, platform, user, place, stamp(now), question),
        )
