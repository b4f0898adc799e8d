"""Whoever runs the bot, as somebody who asks: from the shell or the terminal chat."""

import re
from typing import cast

from bot.command.asker import HERE, OPERATOR, Place, PlaceKind
from bot.command.ids import is_id
from bot.command.terms import terms_of

_KIND = "text|thread|announcement|forum|direct"
_PLACE = rf"(discord|slack):(?:(\w+)/)?((?!(?:{_KIND})$)\w+)(?:/({_KIND}))?"
_SLACK_HAS = {"", "text", "direct"}
_DIRECT = "D"  # what Slack's ids of direct messages begin with


def find(text: str) -> "Place | str":
    """`discord:SERVER/CHANNEL` or `slack:WORKSPACE/CHANNEL`, by their ids, or `here`: this terminal.

    Behind it another kind may stand: `/forum`, `/direct`. Nothing can be looked up from a shell: whether the
    bot may post there shows with the first edition.
    """
    if text.lower() in {"here", "me", "terminal"}:
        return HERE
    found = re.fullmatch(_PLACE, text, re.ASCII)
    if found is None:
        return (
            f"“{text}” cannot be looked up from here; write a channel as discord:SERVER/CHANNEL or"
            " slack:WORKSPACE/CHANNEL, by their ids"
        )
    platform, server, place, kind = (part or "" for part in found.groups())
    if wrong := next((one for one in (server, place) if one and not is_id(platform, one)), ""):
        what = f"a channel or {terms_of(platform).server} of {platform.capitalize()}"
        return f"“{wrong}” is no id of {what}; copy it from there"
    if platform == "slack" and kind not in _SLACK_HAS:
        return f"Slack has no kind of channel called {kind}; leave it out, or write text or direct"
    if platform == "slack" and (kind == "direct" or place.startswith(_DIRECT)):
        server, kind = "", "direct"  # a direct message is nobody else's, whatever workspace it is in
    kind = kind or ("text" if server else "direct")
    typed = f"{platform}:{server}/{place}" if server else f"{platform}:{place}"
    return Place(platform, server, place, typed, cast("PlaceKind", kind))


ASKER = OPERATOR._replace(find=find)
