"""What the bot has to be allowed where it posts digests, and what Discord's client calls that."""

import discord

from bot.command.asker import PlaceKind

# A digest carries no file, so nothing here asks for Attach Files; nor does anything check it yet.
_CHANNEL = ("view_channel", "send_messages", "embed_links", "read_message_history")
_THREAD = ("view_channel", "send_messages_in_threads", "embed_links", "read_message_history")
# Answering below its own post is what the last one is for; to create posts Discord wants it not.
_FORUM = (*_CHANNEL, "send_messages_in_threads")

NEEDED: dict[PlaceKind, tuple[str, ...]] = {
    "text": _CHANNEL,
    "announcement": _CHANNEL,
    "thread": _THREAD,
    "forum": _FORUM,
    "direct": (),
    "terminal": (),
}
"""Names of discord.py, by the kind of a place."""

# Without these no digest can be posted. A digest is always an embed: as plain text only the first of its
# pages would arrive. What is not essential is for finding it again after an outage, and for answering.
_ESSENTIAL = {
    "text": ("view_channel", "send_messages", "embed_links"),
    "announcement": ("view_channel", "send_messages", "embed_links"),
    "thread": ("view_channel", "send_messages_in_threads", "embed_links"),
    "forum": ("view_channel", "send_messages", "embed_links"),
}

_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}
_NAMES_IN_FORUMS = {"send_messages": "Create Posts", "send_messages_in_threads": "Send Messages in Posts"}


def needed(kind: PlaceKind) -> tuple[str, ...]:
    """The permissions for digests in a place of this kind, as discord.py names them."""
    return NEEDED[kind]


def named(permission: str, kind: PlaceKind = "text") -> str:
    """A permission as Discord's client calls it in the settings of such a place.

    What has no name here is given back as it is, so a name that is one already stays what it is.
    """
    if kind == "forum" and permission in _NAMES_IN_FORUMS:
        return _NAMES_IN_FORUMS[permission]
    return _NAMES.get(permission, permission)


def missing(kind: PlaceKind, permissions: discord.Permissions) -> tuple[str, ...]:
    """What is needed in a place of this kind and not given there, as Discord's client calls it."""
    return _lacking(needed(kind), kind, permissions)


def barring(kind: PlaceKind, permissions: discord.Permissions) -> tuple[str, ...]:
    """Of what is missing, that without which no digest can be posted."""
    lacking = _lacking(_ESSENTIAL.get(kind, ()), kind, permissions)
    # discord.py takes Embed Links away where nothing can be sent, so that then nothing is known of it.
    return tuple(name for name in lacking if name != _NAMES["embed_links"]) or lacking


def _lacking(wanted: tuple[str, ...], kind: PlaceKind, permissions: discord.Permissions) -> tuple[str, ...]:
    return tuple(named(one, kind) for one in wanted if not getattr(permissions, one))
