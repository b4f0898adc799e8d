"""Whom a command is about: a person or a role, as it is typed, and as it is said back."""

import re
from typing import Literal, NamedTuple

from bot.command.asker import Asker
from bot.command.ids import ANY, is_id

_MENTION = re.compile(rf"<@([!&]?)({ANY})>", re.ASCII)
_NAMED = re.compile(rf"(discord|slack)/({ANY})", re.ASCII)
_FORMS = "a mention, as @somebody, or discord/ID, slack/ID"
ONESELF = "me"


class Whom(NamedTuple):
    """A person, or a role of the server where it is asked."""

    kind: Literal["person", "role"]
    id: str
    platform: str = ""  # empty: the one where it is asked


def read_whom(text: str) -> Whom:
    """`<@123>` a person, `<@&123>` a role, `discord/123` or `slack/U123` a person. Raises ValueError."""
    given = text.strip()
    if found := _MENTION.fullmatch(given):
        return Whom("role" if found[1] == "&" else "person", found[2])
    found = _NAMED.fullmatch(given)
    if found and is_id(found[1], found[2]):
        return Whom("person", found[2], found[1])
    raise ValueError(f"“{text[:40]}” is nobody; name them by {_FORMS}")


def read_person(text: str) -> Whom | None:
    """A person as above, or None for `me`. Raises ValueError."""
    if text.strip().lower() == ONESELF:
        return None
    whom = read_whom(text)
    if whom.kind == "role":
        raise ValueError(f"“{text[:40]}” is a role; name a person by {_FORMS}")
    return whom


def platform_of(whom: Whom, asker: Asker) -> str:
    """Where they have their id; whoever types in a terminal means that of which it looks."""
    if whom.platform or asker.platform != "terminal":
        return whom.platform or asker.platform
    return "discord" if is_id("discord", whom.id) else "slack"


def nobody(whom: Whom, asker: Asker) -> str:
    """Why they can be nobody there, in a sentence; empty where they can be somebody."""
    platform = platform_of(whom, asker)
    if is_id(platform, whom.id):
        return ""
    return f"“{whom.id}” is no id of {platform.capitalize()}; name them by {_FORMS}."


def role_of(text: str, asker: Asker) -> str:
    """The id of a role that was mentioned where it is asked; empty where that is none."""
    found = _MENTION.fullmatch(text.strip())
    there = found is not None and found[1] == "&" and is_id(asker.platform, found[2])
    return found[2] if found is not None and there else ""


def called(platform: str, user: str, name: str) -> str:
    """Somebody in words: `Anna (discord/123)`."""
    there = f"{platform}/{user}"
    return f"{name} ({there})" if name else there
