"""Who asks on Slack, and where: an event or an interaction → `Caller`, a conversation → `Place`.

What an event tells is who and where. Slack has to be asked for all else: what somebody is called, whether
they manage the workspace, which user groups they are in, and whether the bot is where they ask. So that is
asked only where a command needs it, and kept for a while.

A member of another workspace, met in a channel that two share, is on a server of their own: they see what
is for everyone, and manage nothing. Where an event does not tell whose member somebody is, Slack is asked,
unless the bot's workspace has nothing of its own that they could see. A guest sees what the workspace
sees, and manages nothing either.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.command.asker import Asker, Place
from bot.command.terms import WORKSPACE_TERMS
from bot.edge.answering import Caller, NotToldError
from bot.edge.slack.listening.finding import PLATFORM, Finder, Seeker, direct_place, is_direct
from bot.edge.slack.refusals import ERRORS, code, retry_after, short
from bot.edge.slack.workspace import Workspace
from bot.errors import UnreachableError

log = logging.getLogger("bot.slack")

T = TypeVar("T")

ASK_SECONDS = 3.0  # for all that has to be asked of somebody
PERSON_SECONDS = 60.0  # for which it is kept who somebody is
GROUPS_SECONDS = 300.0  # and who is in which user group
FOR_GOOD = float("inf")
MOST_KEPT = 2_000  # of a kind
STALE_SECONDS = 1.0  # for which what is out of date counts where Slack tells no longer time to wait

UNKNOWN = "unknown"  # the server of somebody whose workspace Slack does not tell: nothing is for them alone

# Slack's errors where it may be otherwise in a moment; "" is no answer of Slack's.
_PASSING = {"", "ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}


class Person(NamedTuple):
    """What Slack tells of somebody."""

    name: str
    zone: str  # Europe/Berlin
    team: str  # id of the workspace that they belong to: the bot's, if they belong to that as well
    guest: bool
    manages: bool


class Group(NamedTuple):
    """A user group."""

    id: str  # S…
    handle: str
    users: frozenset[str]


class Askers:
    """Tells who asks, with what rights, and finds channels for them.

    `has_own` tells whether the workspace has anything that is for its members alone.
    """

    def __init__(self, web: AsyncWebClient, workspace: Workspace, has_own: Callable[[], bool]) -> None:
        self._web = web
        self._workspace = workspace
        self._has_own = has_own
        self._loop = asyncio.get_running_loop()
        self._people: _Kept[Person] = _Kept(PERSON_SECONDS)
        self._groups: _Kept[tuple[Group, ...]] = _Kept(GROUPS_SECONDS)
        self._directs: _Kept[str] = _Kept(FOR_GOOD)

    async def caller(
        self, user: str, channel: str, team: str = "", name: str = "", sign: str = "/"
    ) -> Caller:
        """Who did something in a conversation or, without one, in their home tab.

        `team` is the workspace that they belong to and `name` the channel's, where the event tells.
        `sign` is how it was asked; see Caller.
        """
        direct = is_direct(channel)
        server = "" if direct else await self._server(user, team)
        known = Asker(PLATFORM, server, user, terms=WORKSPACE_TERMS)
        place = direct_place(channel) if direct else self._place(channel, name)
        at_once = known._replace(place=place, find=self._finder(known, place).find)
        return Caller(known, partial(self._in_full, known, place), at_once, sign)

    async def direct(self, user: str) -> str:
        """The id of the conversation between the bot and somebody; raises as the SDK does."""

        async def ask() -> str:
            found = await self._web.conversations_open(users=user)
            return str(found["channel"]["id"])

        return await self._directs.get(user, ask)

    async def _person(self, user: str) -> Person:
        async def ask() -> Person:
            found = await self._web.users_info(user=user)
            return _person(found["user"], self._workspace.id)

        return await self._people.get(user, ask)

    async def _user_groups(self) -> tuple[Group, ...]:
        async def ask() -> tuple[Group, ...]:
            try:
                found = await self._web.usergroups_list(include_users=True)
            except SlackApiError as error:
                if code(error) in {"", "ratelimited"}:
                    raise
                return ()  # none for the bot: it lacks the scope, or the workspace's plan has none
            return tuple(map(_group, found.get("usergroups") or ()))

        return await self._groups.get("", ask)

    async def _server(self, user: str, team: str) -> str:
        """The workspace that somebody belongs to, by what an event tells of it.

        Of an organisation with several, somebody can belong to the bot's as well as to that one.
        """
        if team == self._workspace.id or not (team or self._has_own()):
            return self._workspace.id
        try:
            return (await self._person(user)).team or team or UNKNOWN
        except ERRORS as error:
            log.warning("it is not known whose member somebody is (%s)", short(error))
            return team or UNKNOWN

    async def _in_full(self, known: Asker, place: Place) -> Asker:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                person, groups, place = await asyncio.gather(
                    self._person(known.user), self._user_groups(), self._place_in_full(known, place)
                )
        except ERRORS as error:
            raise _not_told(error) from error
        ours = person.team == self._workspace.id
        member = bool(known.server) and ours and not person.guest
        mine = [group for group in groups if member and known.user in group.users]
        handles = {group.id: group.handle for group in groups}
        # An event need not have told that somebody belongs elsewhere.
        known = known._replace(server=known.server and (person.team or UNKNOWN))
        return known._replace(
            place=place,
            manages=member and person.manages,
            roles=tuple(group.id for group in mine),
            role_names=tuple(group.handle for group in mine),
            find=self._finder(known, place).find,
            role_called=lambda role: handles.get(role, role),
            name=person.name,
            server_name=self._workspace.name if known.server and ours else "",
            zone=person.zone,
        )

    async def _place_in_full(self, known: Asker, place: Place) -> Place:
        """Where somebody asks, with what the bot lacks there.

        A command can be called in direct messages with somebody else, where nothing can be posted: what
        is meant then are those with the bot.
        """
        if place.kind == "direct" or not place.id:
            return direct_place(await self.direct(known.user))
        return await self._finder(known, place).here()

    def _finder(self, known: Asker, here: Place) -> Finder:
        async def restricted() -> bool:
            person = await self._person(known.user)
            return person.guest or person.team != self._workspace.id

        seeker = Seeker(known.user, known.server, here, restricted, partial(self.direct, known.user))
        return Finder(self._web, self._workspace, self._loop, seeker)

    def _place(self, channel: str, name: str) -> Place:
        shown = f"#{name}" if name and name not in {"privategroup", "directmessage"} else "this channel"
        return Place(PLATFORM, self._workspace.id, channel, shown, "text")


class _Kept(Generic[T]):
    """What was asked, by key, for so many seconds; of too much, the oldest is forgotten.

    Who asks for what is being asked already waits for that. Where Slack refuses it for coming too often,
    what was known counts on.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._found: dict[Hashable, tuple[float, T]] = {}
        self._asking: dict[Hashable, asyncio.Future[T]] = {}

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """What is known, or is told within ASK_SECONDS; raises one of ERRORS."""
        found = self._found.get(key)
        if found is not None and found[0] > time.monotonic():
            return found[1]
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.ensure_future(self._ask(key, ask))
            asking.add_done_callback(partial(self._asked, key))
        return await asyncio.shield(asking)

    async def _ask(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        seconds = self._seconds
        try:
            async with asyncio.timeout(ASK_SECONDS):
                value = await ask()
        except SlackApiError as error:
            if key not in self._found or code(error) != "ratelimited":
                raise
            value, seconds = self._found[key][1], max(retry_after(error), STALE_SECONDS)
        self._found.pop(key, None)
        if len(self._found) >= MOST_KEPT:
            del self._found[next(iter(self._found))]
        self._found[key] = (time.monotonic() + seconds, value)
        return value

    def _asked(self, key: Hashable, asking: asyncio.Future[T]) -> None:
        del self._asking[key]
        if not asking.cancelled():
            asking.exception()  # whoever waits for it may have left


def _not_told(error: BaseException) -> UnreachableError:
    """Why it is not known who asks: for now, or until somebody mends it."""
    said = code(error)
    if said in _PASSING:
        return UnreachableError(f"Slack: {short(error)}")
    log.warning("Slack does not tell who asks (%s)", said)
    scope = str(error.response.get("needed") or "a scope") if isinstance(error, SlackApiError) else ""
    lacks = f"the app lacks {scope}; whoever runs the bot adds it"
    why = lacks if said == "missing_scope" else f"Slack refuses it ({said}); whoever runs the bot mends it"
    return NotToldError(f"What you may do here cannot be looked up: {why}.")


def _person(told: Mapping[str, Any], workspace: str) -> Person:
    profile = told.get("profile") or {}
    names = (profile.get("display_name"), told.get("real_name"), profile.get("real_name"), told.get("name"))
    # In an organisation somebody has one workspace of their own, and can be in others.
    teams = {told.get("team_id"), *((told.get("enterprise_user") or {}).get("teams") or ())}
    manages = any(told.get(one) for one in ("is_admin", "is_owner", "is_primary_owner"))
    gone = bool(told.get("deleted"))
    guest = bool(told.get("is_restricted") or told.get("is_ultra_restricted") or told.get("is_stranger"))
    return Person(
        next((str(name) for name in names if name), ""),
        str(told.get("tz") or ""),
        workspace if workspace in teams else str(told.get("team_id") or ""),
        guest or gone,
        manages and not gone,
    )


def _group(told: Mapping[str, Any]) -> Group:
    users = () if told.get("date_delete") else told.get("users") or ()
    return Group(str(told["id"]), str(told.get("handle") or told["id"]), frozenset(map(str, users)))
