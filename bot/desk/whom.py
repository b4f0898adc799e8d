"""Whom a command is about: a person or a role, as it is typed, and as it is said back."""

import re
from typing import Literal, NamedTuple

from bot.command.asker import Asker

_MENTION = re.compile(r"<@(!?|&)(\d{1,20})>", re.ASCII)
_NAMED = re.compile(r"(discord)/(\d{1,20})|(slack)/(\w{1,20})", re.ASCII)
_FORMS = "a mention, as @somebody, or discord/ and their id"
ONESELF = "me"


class Whom(NamedTuple):
    """A person, or a role of the server where it is asked."""

    kind: Literal["person", "role"]
    id: str
    platform: str = ""  # empty: the one where it is asked


def read_whom(text: str) -> Whom:
    """`<@123>` a person, `<@&123>` a role, `discord/123` a person. Raises ValueError."""
    given = text.strip()
    if found := _MENTION.fullmatch(given):
        return Whom("role" if found[1] == "&" else "person", found[2])
    if found := _NAMED.fullmatch(given):
        return Whom("person", found[2] or found[4], found[1] or found[3])
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
    """Where they have their id; whoever types in a terminal means Discord's."""
    return whom.platform or ("discord" if asker.platform == "terminal" else asker.platform)


def called(platform: str, user: str, name: str) -> str:
    """Somebody in words: `Anna (discord/123)`."""
    there = f"{platform}/{user}"
    return f"{name} ({there})" if name else there
