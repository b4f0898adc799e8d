"""Who asks, and where: what the edge knows of a person and a place, as plain values."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from bot.command.terms import TERMS, Terms

PlaceKind = Literal["text", "thread", "announcement", "forum", "direct", "terminal"]


class Place(NamedTuple):
    """Somewhere that digests can be posted."""

    platform: str  # discord, slack, terminal
    server: str  # id of the guild or workspace; empty for direct messages and the terminal
    id: str  # of the channel or thread; "terminal" for the terminal
    name: str  # as people see it: #news
    kind: PlaceKind
    missing: tuple[str, ...] = ()  # permissions that the bot lacks to post there, as the platform names them
    invite: str = ""  # what is typed there to let the bot in, where that is what it lacks


HERE = Place("terminal", "", "terminal", "this terminal", "terminal")


def _none_found(text: str) -> str:
    return f"“{text}” cannot be looked up from here; leave the channel out"


class Asker(NamedTuple):
    """Who asks, from where, and with what rights."""

    platform: str = "terminal"
    server: str = ""
    user: str = ""  # id
    place: Place = HERE  # where it was asked
    manages: bool = False  # has the platform's permission to manage the server, or is the operator
    roles: tuple[str, ...] = ()  # ids of the roles that they have on the server
    role_names: tuple[str, ...] = ()
    # What a person calls a channel → the place, or why there is none, for that person.
    find: Callable[[str], "Place | str"] = _none_found
    role_called: Callable[[str], str] = str  # the id of a role → its name
    operator: bool = False  # runs the bot: may see and change what belongs to any server
    name: str = ""  # as people see it
    server_name: str = ""
    terms: Terms = TERMS  # what their platform calls things
    zone: str = ""  # where they are, as the platform tells: Europe/Berlin; empty where it does not

    @property
    def audience(self) -> str:
        """Whose own items they see besides what is for everyone; empty where they are on no server."""
        return f"{self.platform}/{self.server}" if self.server else ""


OPERATOR = Asker(user="operator", manages=True, operator=True, name="the operator")
"""Whoever types in the shell, or in the terminal chat."""
