"""A subscription between the value that is decided with and the row that is kept."""

from datetime import date
from functools import lru_cache
from typing import Any

from bot.digest.schedule.subscription import (
    PARSERS,
    Subscription,
    clock_text,
    days_off_text,
    days_text,
    quiet_text,
    start_text,
)
from bot.store.moments import moment, stamp
from bot.store.register import SubscriptionRow


@lru_cache(1024)
def _read(field: str, text: str) -> Any:  # noqa: ANN401  (as many types as there are fields)
    """Reads a value; kept, since most subscriptions have the same few."""
    return PARSERS[field](text)


_moment = lru_cache(4096)(moment)


def subscription_of(row: SubscriptionRow) -> Subscription:
    """The subscription that a row keeps."""
    return Subscription(
        row.id,
        row.story,
        row.platform,  # type: ignore[arg-type]
        row.server,
        row.place,
        row.kind,  # type: ignore[arg-type]
        _read("at", row.at),
        row.zone,
        _moment(row.created),
        _moment(row.changed),
        _moment(row.since),
        _read("days", row.days),
        _read("days_off", row.days_off),
        _read("quiet", row.quiet),
        row.grace,
        bool(row.paused),
        row.role,
        row.nothing_new,  # type: ignore[arg-type]
        row.pace,
        _read("start", row.start),
        bool(row.publish),
    )


def kept(row: SubscriptionRow, it: Subscription) -> SubscriptionRow:
    """The row with what the subscription says; whether it is paused, and why, stays the row's."""
    return row._replace(
        kind=it.kind,
        at=clock_text(it.at),
        zone=it.zone,
        days=days_text(it.days),
        days_off=days_off_text(it.days_off),
        quiet=quiet_text(it.quiet),
        grace=it.grace,
        role=it.role,
        nothing_new=it.nothing_new,
        pace=it.pace,
        start=start_text(it.start),
        publish=int(it.publish),
        created=stamp(it.created),
        changed=stamp(it.changed),
        since=stamp(it.since),
    )


def new_row(
    it: Subscription, *, place_name: str, place_kind: str, by: str, told: int, last: date
) -> SubscriptionRow:
    """The row of a subscription that has had no edition yet; its id and when to look at it come later.

    `told`: what counts as told, as it is kept; `last`: the local date on which it begins.
    """
    row = SubscriptionRow(
        id=0,
        story=it.story,
        platform=it.platform,
        server=it.server,
        place=it.place,
        place_name=place_name,
        place_kind=place_kind,
        by=by,
        kind="",
        at="",
        zone="",
        days="",
        days_off="",
        quiet="",
        grace=0,
        role="",
        nothing_new="",
        pace=1,
        start="",
        publish=0,
        created="",
        changed="",
        since="",
        paused="",
        ended=None,
        told=told,
        number=0,
        last=last.isoformat(),
        settled=None,
        look=None,
    )
    return kept(row, it)
