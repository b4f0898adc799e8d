"""A private word to the admins of a subscription of which nothing arrives."""

from datetime import datetime, timedelta

from bot.reply import Line, Reply, Section
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow
from bot.store.register import SubscriptionRow

_TRIED_FOR = timedelta(days=1)


def refused(row: SubscriptionRow, why: str, mend: str) -> Reply:
    """That a digest was refused and is paused, and what to do."""
    lines = (
        Line(f"Digest no. {row.id} ({row.kind}) could not be posted in {row.place_name}: {why}."),
        Line(f"{mend[:1].upper()}{mend[1:]}."),
        Line(f"It is paused until somebody says there: /{row.story} digest resume {row.id}"),
        Line("What was in it is told by the edition after."),
    )
    return _word("A digest could not be posted", lines)


def silent(row: SubscriptionRow, since: datetime, why: str) -> Reply:
    """That nothing has arrived for a day although the bot goes on trying."""
    lines = (
        Line(
            f"Nothing of digest no. {row.id} ({row.kind}) has arrived in {row.place_name}"
            f" since {since:%Y-%m-%d %H:%M} UTC: {why}."
        ),
        Line(f"The bot goes on trying, and nothing is lost. More there: /{row.story} digest why {row.id}"),
    )
    return _word("A digest has not arrived for a day", lines)


def notice(row: SubscriptionRow, mark: str, body: int, now: datetime) -> DeliveryRow:
    """The delivery that brings a word to whoever wished for the subscription last."""
    return DeliveryRow(
        mark,
        row.platform,
        row.server,
        row.by,
        "direct",
        row.story,
        "notice",
        row.id,
        None,
        body,
        "",
        "",
        0,
        stamp(now),
        stamp(now),
        stamp(now + _TRIED_FOR),
    )


def _word(title: str, lines: tuple[Line, ...]) -> Reply:
    # Without a button: pressed in a direct message, it would ask about the digests of that.
    return Reply("digest", title, (Section("", lines),), private=True, alone=True)
