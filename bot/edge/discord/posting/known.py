"""What the gateway has told of a place: it saves requests that would be refused.

Refused requests count towards the ban of an address; see outcomes.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

import discord

from bot.command.asker import PlaceKind
from bot.deliver.order import Refused
from bot.edge.discord.permissions import barring, missing, named
from bot.edge.discord.posting.outcomes import GONE, HIDDEN, TAG, give, history, lacks
from bot.store.outbox import DeliveryRow


class Known(NamedTuple):
    """What the gateway has told of a place."""

    bar: Refused | None = None  # why nothing can be posted there
    blind: Refused | None = None  # why nothing can be read there


def known(client: discord.Client, row: DeliveryRow) -> Known:
    """What the gateway's cache says of the place of a delivery; nothing bad where it says nothing."""
    if not client.is_ready() or not row.server or row.task == "notice":
        return Known()
    guild = client.get_guild(int(row.server))
    if guild is None:
        return _nothing(GONE)
    if guild.unavailable:  # an outage of Discord's: its channels are not known for now
        return Known()
    kind = cast("PlaceKind", row.place_kind)
    channel = guild.get_channel_or_thread(int(row.place))
    if channel is None:
        # An archived thread is in no cache; it is opened again by posting there.
        return Known() if kind == "thread" else _nothing(HIDDEN)
    try:
        allowed = channel.permissions_for(guild.me)
    except (discord.ClientException, AttributeError):  # its channel, or the bot itself, is not cached
        return Known()
    if row.task == "publish":
        allowed.update(embed_links=True)  # what stands there already needs it no more
    lacking = barring(kind, allowed)
    if row.task == "edit":  # what else it needs is not documented, so Discord is asked
        lacking = tuple(one for one in lacking if one == named("view_channel", kind))
    bar = _lacking(lacking)
    if row.task == "post" and isinstance(channel, discord.ForumChannel) and channel.flags.require_tag:
        bar = bar or Refused(*TAG, invalid=False)
    unread = [one for one in missing(kind, allowed) if one in history(kind)]
    return Known(bar, _lacking(unread))


def _nothing(why: tuple[str, str]) -> Known:
    refused = Refused(*why, invalid=False)
    return Known(refused, refused)


def _lacking(permissions: Sequence[str]) -> Refused | None:
    return Refused(lacks(permissions), give(permissions), invalid=False) if permissions else None
