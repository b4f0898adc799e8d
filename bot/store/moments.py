"""Moments as the database keeps them: UTC, to the millisecond, in an order that text keeps."""

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """`2026-03-01T09:00:00.000`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def moment(text: str) -> datetime:
    """Reads what `stamp` wrote."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
