"""Moments as the database keeps them: UTC, to the millisecond, in an order that text keeps."""

from datetime import UTC, date, datetime


def stamp(moment: datetime) -> str:
    """`2026-03-01T09:00:00.000`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def moment(text: str) -> datetime:
    """Reads what `stamp` wrote."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stamp_or_none(when: datetime | None) -> str | None:
    """None stays None."""
    return stamp(when) if when else None


def moment_or_none(text: str | None) -> datetime | None:
    """None stays None."""
    return moment(text) if text else None


def day_or_none(text: str | None) -> date | None:
    """A date; None stays None."""
    return date.fromisoformat(text) if text else None
