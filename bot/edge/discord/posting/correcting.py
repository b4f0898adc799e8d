"""Corrections of posts on Discord: edited where they stand, or answered below.

An edit may be done twice without harm; that it is there already is seen by its mark in the post.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import discord

from bot.deliver.order import Absent, Order, Outcome, Refused, Sent
from bot.edge.discord.posting.looking import Looking, Sought, wording
from bot.edge.discord.posting.outcomes import UNREADABLE_POST, edit_outcome
from bot.edge.discord.posting.requests import Requests

Parts = Mapping[str, Any]  # what is said, as arguments of a send or an edit

_ANY_TIME = datetime.min.replace(year=2016, tzinfo=UTC)  # by its id the post itself is known


def where_it_stands(order: Order) -> Order:
    """The same, in the place where its post is: a post in a forum is a thread, which has the post's id."""
    if not order.corrects or order.row.place_kind != "forum":
        return order
    return order._replace(row=order.row._replace(place=order.post, place_kind="thread"))


async def edit(client: discord.Client, ask: Requests, order: Order, parts: Parts) -> Outcome:
    """Edits the post; what is not in `parts` stays as it was."""
    channel = client.get_partial_messageable(int(order.row.place))
    await ask(partial(channel.get_partial_message(int(order.post)).edit, **parts))
    return Sent(order.post)


async def answer(
    client: discord.Client, ask: Requests, order: Order, parts: Parts, *, refers: bool = True
) -> Outcome:
    """Posts under the post; with `refers` as a reply to it, where Discord lets the bot."""
    place = int(order.row.place)
    send = partial(client.get_partial_messageable(place).send, nonce=order.row.id, **parts)
    if not refers:
        return Sent(str((await ask(send)).id))
    post = discord.MessageReference(message_id=int(order.post), channel_id=place, fail_if_not_exists=False)
    try:
        sent = await ask(partial(send, reference=post))
    except discord.Forbidden as error:
        if error.code != UNREADABLE_POST:
            raise
        sent = await ask(send)
    return Sent(str(sent.id))


async def look(client: discord.Client, ask: Requests, order: Order, parts: Parts) -> Outcome:
    """Whether the post has been edited. Where that cannot be read it is edited again, which does no harm."""
    assert client.user is not None
    place, sought = int(order.row.place), Sought(order.row.id, client.user.id, _ANY_TIME, _ANY_TIME)
    words = wording([parts["embed"].to_dict()])
    try:
        found = await Looking(client, ask, 1).is_edited(place, int(order.post), sought, words)
    except Exception as error:  # noqa: BLE001  (whatever it is, the edit is neither lost nor taken for done)
        outcome = edit_outcome(error, "text")
        return Absent() if isinstance(outcome, Refused) else outcome
    return Sent(order.post) if found else Absent()
