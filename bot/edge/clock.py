"""The clock of the machine."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is, UTC: the same for every reader of an answer."""
    return now().date()
