"""Whoever runs the bot, as somebody who asks: from the shell or the terminal chat."""

import re
from typing import cast

from bot.command.asker import HERE, OPERATOR, Place, PlaceKind

_PLACE = r"(discord):(?:(\w+)/)?(\w+)(?:/(text|thread|announcement|forum|direct))?"


def find(text: str) -> "Place | str":
    """`discord:SERVER/CHANNEL`, with `/forum` or another kind behind it, or `here`: this terminal.

    Nothing can be looked up from a shell: whether the bot may post there shows with the first edition.
    """
    if text.lower() in {"here", "me", "terminal"}:
        return HERE
    found = re.fullmatch(_PLACE, text, re.ASCII)
    if found is None:
        return (
            f"“{text}” cannot be looked up from here; write a channel as discord:SERVER/CHANNEL, by their ids"
        )
    platform, server, place, kind = found.groups()
    kind = kind or ("text" if server else "direct")
    return Place(platform, server or "", place, f"{platform} {place}", cast("PlaceKind", kind))


ASKER = OPERATOR._replace(find=find)
