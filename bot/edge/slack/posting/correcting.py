"""Corrections of posts on Slack: edited where they stand, or answered below.

An edit may be done twice without harm; that it is there already is seen by its mark in the post. Slack
marks no edit of blocks, so what is edited says by itself that it was corrected.
"""

from bot.deliver.order import Absent, Order, Outcome, Refused, Sent
from bot.edge.slack.posting.looking import Looking
from bot.edge.slack.posting.marking import Parts
from bot.edge.slack.posting.outcomes import edit_outcome
from bot.edge.slack.posting.requests import Requests


async def edit(ask: Requests, order: Order, parts: Parts) -> Outcome:
    """Edits the post."""
    return Sent(await ask.update(order.row.place, order.post, **parts))


async def answer(ask: Requests, order: Order, parts: Parts) -> Outcome:
    """Posts in the thread of the post, and shows it in the channel as well: a thread is easily missed."""
    thread = {"thread_ts": order.post, "reply_broadcast": True}
    return Sent(await ask.post(order.row.place, **thread, **parts))


async def look(ask: Requests, order: Order, parts: Parts, bot: str) -> Outcome:
    """Whether the post has been edited. Where that cannot be read it is edited again, which does no harm."""
    row = order.row
    try:
        found = await Looking(ask, 1).is_edited(row.place, order.post, row.id, parts["blocks"])
    except Exception as error:  # noqa: BLE001  (whatever it is, the edit is neither lost nor taken for done)
        outcome = edit_outcome(error, bot)
        return Absent() if isinstance(outcome, Refused) else outcome
    return Sent(order.post) if found else Absent()
