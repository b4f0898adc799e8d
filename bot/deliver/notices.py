"""A private word to the admins of a subscription of which nothing arrives."""

from datetime import datetime, timedelta

from bot.reply import Action, Line, Reply, Section
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow
from bot.store.register import SubscriptionRow

_TRIED_FOR = timedelta(days=1)


def refused(row: SubscriptionRow, why: str, mend: str) -> Reply:
    """That a digest was refused and is paused, and what to do."""
    lines = (
        Line(f"Digest no. {row.id} ({row.kind}) could not be posted in {row.place_name}: {why}."),
        Line(f"{mend[:1].upper()}{mend[1:]}."),
        Line("It is paused until then; what was in it is told in the edition after."),
    )
    return _word("A digest could not be posted", lines, row)


def silent(row: SubscriptionRow, since: datetime, why: str) -> Reply:
    """That nothing has arrived for a day although the bot goes on trying."""
    lines = (
        Line(
            f"Nothing of digest no. {row.id} ({row.kind}) has arrived in {row.place_name}"
            f" since {since:%Y-%m-%d %H:%M} UTC: {why}."
        ),
        Line("The bot goes on trying; nothing is lost."),
    )
    return _word("A digest has not arrived for a day", lines, row)


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


def _word(title: str, lines: tuple[Line, ...], row: SubscriptionRow) -> Reply:
    actions = (Action("Why", f"digest why {row.id}"),)
    return Reply("digest", title, (Section("", lines),), actions=actions, private=True, alone=True)
