"""Finds what somebody calls a channel on Slack: only in the workspace, and only what they see themselves."""

import asyncio
import re
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.command.asker import Place
from bot.edge.slack.refusals import ERRORS, code
from bot.edge.slack.workspace import Workspace

PLATFORM = "slack"
DIRECT = "D"  # what the ids of direct messages begin with
FIND_SECONDS = 3.0  # for all that Slack has to be asked for one request
WAIT_SECONDS = 0.5  # for one's turn, where others look for channels
MOST_LOOKING = 2  # at once: whoever waits for Slack holds a thread that makes answers
LIST_SECONDS = 60.0  # for which it is kept what channels are called
ANEW_SECONDS = 5.0  # after which it is looked for what is not among them
MOST_PAGES = 5  # of a list that is looked through
CHANNELS, MEMBERS = 200, 1000  # on one page

# One and the same for what is not there, is elsewhere, or is hidden from whoever asks or from the bot.
NO_SUCH = "The bot is not in that channel, or there is none: type {invite} there, then say this again"
NO_CHANNELS = "There are no channels in a direct message; leave the channel out, or ask in a channel"
NOT_UNDERSTOOD = "A channel is named with #, as #news; “here” is this channel, and “me” your direct messages"
NO_ANSWER = "Slack could not be asked for that channel just now; try again"
TOO_MANY = (
    "There are too many channels to look for one by its name; type # and pick it from what Slack offers"
)

_ID = re.compile(r"<#(\w{1,30})>|slack:(\w{1,30})", re.ASCII | re.IGNORECASE)

# What those of more than two are called: their names are for those who are in them.
PRIVATE, GROUP = "a private channel", "a group message"

Channel = Mapping[str, Any]
"""A conversation as Slack tells of it."""


class _Looks:
    """What all finders of a workspace share: their turns, and what its channels are called."""

    def __init__(self) -> None:
        self.turns = threading.BoundedSemaphore(MOST_LOOKING)
        self.names: dict[str, str] = {}  # in lower case → id
        self.whole = True  # else there are more channels than were read
        self.read = float("-inf")  # when
        self.reading = asyncio.Lock()


_SHARED: WeakKeyDictionary[AsyncWebClient, _Looks] = WeakKeyDictionary()


class Seeker(NamedTuple):
    """Who looks for a channel, and from where."""

    user: str
    server: str  # empty in direct messages
    here: Place
    restricted: Callable[[], Awaitable[bool]]  # whether they see only what they are in
    direct: Callable[[], Awaitable[str]]  # the id of their direct messages


class Finder:
    """Finds channels for one person."""

    def __init__(
        self, web: AsyncWebClient, workspace: Workspace, loop: asyncio.AbstractEventLoop, seeker: Seeker
    ) -> None:
        self._web = web
        self._workspace = workspace
        self._loop = loop
        self._seeker = seeker
        self._shared = _SHARED.setdefault(web, _Looks())
        self._until = 0.0  # when all that is looked for has to be found

    def find(self, text: str) -> Place | str:
        """The place, or a sentence that says why there is none. For any thread but the event loop's.

        All that one finder is asked takes no longer than FIND_SECONDS together.
        """
        self._until = self._until or time.monotonic() + FIND_SECONDS
        left = self._until - time.monotonic()
        if left <= 0 or not self._shared.turns.acquire(timeout=min(WAIT_SECONDS, left)):
            return NO_ANSWER
        try:
            work = asyncio.run_coroutine_threadsafe(self._found_in_time(text.strip()), self._loop)
            try:
                return work.result(max(self._until - time.monotonic(), 0) + 1)
            except TimeoutError:  # the loop itself is held up
                work.cancel()
                return NO_ANSWER
        finally:
            self._shared.turns.release()

    async def here(self) -> Place:
        """Where it is looked from, with what the bot lacks there; raises as the SDK does."""
        try:
            channel = await self._channel(self._seeker.here.id)
        except SlackApiError as error:
            if not code(error):
                raise
            return self._seeker.here  # the bot may not even ask
        if channel is None:  # a private one: somebody calls a command where the bot is not
            return self._seeker.here._replace(missing=_MISSING, invite=self._invite)
        return self._place(channel)

    async def _found_in_time(self, text: str) -> Place | str:
        try:
            async with asyncio.timeout(max(self._until - time.monotonic(), 0)):
                return await self._found(text)
        except ERRORS:
            return NO_ANSWER

    async def _found(self, text: str) -> Place | str:
        word, here = text.lower(), self._seeker.here
        if word in {"me", "dm"}:
            return direct_place(await self._seeker.direct())
        named = _ID.fullmatch(text)
        wanted = (named[1] or named[2]).upper() if named else ""
        if word == "here" or (wanted and wanted == here.id):
            return direct_place(await self._seeker.direct()) if here.kind == "direct" else await self.here()
        if not self._seeker.server:
            return NO_CHANNELS
        if wanted:
            return await self._by_id(wanted)
        if text.startswith("#") and len(text) > 1:
            return await self._by_name(word[1:])
        return NOT_UNDERSTOOD

    async def _by_id(self, wanted: str) -> Place | str:
        channel = await self._channel(wanted)
        if channel is None or channel.get("is_im") or not await self._sees(channel):
            return self._no_such
        place = self._place(channel)
        if channel.get("is_archived"):
            return f"{place.name} is archived; unarchive it, or name another channel"
        return place

    async def _by_name(self, name: str) -> Place | str:
        looks = self._shared
        async with looks.reading:
            age = time.monotonic() - looks.read
            if age > LIST_SECONDS or (name not in looks.names and age > ANEW_SECONDS):
                await self._read_names()
        if name in looks.names:
            return await self._by_id(looks.names[name])
        return self._no_such if looks.whole else TOO_MANY

    async def _read_names(self) -> None:
        """Reads what channels are called; what is told of one of them is asked each time."""
        private = ["private_channel"] if "groups:read" in self._workspace.scopes else []
        names: dict[str, str] = {}
        cursor = ""
        for _ in range(MOST_PAGES):
            found = await self._web.conversations_list(
                types=",".join(["public_channel", *private]),
                exclude_archived=True,
                limit=CHANNELS,
                cursor=cursor or None,
            )
            for channel in found.get("channels") or ():
                names.setdefault(str(channel.get("name") or "").lower(), str(channel["id"]))
            cursor = _next(found.get("response_metadata"))
            if not cursor:
                break
        self._shared.names, self._shared.whole = names, not cursor
        self._shared.read = time.monotonic()

    async def _channel(self, wanted: str) -> Channel | None:
        """What Slack tells of a conversation; None where it tells the bot nothing of it."""
        try:
            found = await self._web.conversations_info(channel=wanted)
        except SlackApiError as error:
            if code(error) in {"channel_not_found", "invalid_channel", "invalid_arguments"}:
                return None
            raise
        told: Channel = found["channel"]
        return told

    async def _sees(self, channel: Channel) -> bool:
        """Whether whoever asks sees a channel: else it does not exist for them."""
        private = channel.get("is_private") or channel.get("is_mpim") or channel.get("is_group")
        if not private and not await self._seeker.restricted():
            return True
        cursor = ""
        for _ in range(MOST_PAGES):
            found = await self._web.conversations_members(
                channel=str(channel["id"]), limit=MEMBERS, cursor=cursor or None
            )
            if self._seeker.user in (found.get("members") or ()):
                return True
            cursor = _next(found.get("response_metadata"))
            if not cursor:
                break
        return False

    def _place(self, channel: Channel) -> Place:
        place = Place(PLATFORM, self._workspace.id, str(channel["id"]), _shown(channel), "text")
        if channel.get("is_member") or channel.get("is_mpim"):
            return place
        return place._replace(missing=_MISSING, invite=self._invite)

    @property
    def _invite(self) -> str:
        """What lets the bot in where it is not."""
        return f"/invite @{self._workspace.bot_name}"

    @property
    def _no_such(self) -> str:
        return NO_SUCH.format(invite=self._invite)


# What the bot lacks where it is not: without it there is no looking back at what was posted.
_MISSING = ("membership",)


def _shown(channel: Channel) -> str:
    """What a conversation is called to everybody: of a private one, its name is for those in it alone."""
    if channel.get("is_mpim"):
        return GROUP
    if channel.get("is_private") or channel.get("is_group"):
        return PRIVATE
    return f"#{channel.get('name') or 'this channel'}"


def direct_place(channel: str) -> Place:
    """A direct-message conversation."""
    return Place(PLATFORM, "", channel, "your direct messages", "direct")


def is_direct(channel: str) -> bool:
    """Whether a conversation is that of two."""
    return channel.startswith(DIRECT)


def _next(told: object) -> str:
    """The cursor of the next page; empty behind the last."""
    return str(told.get("next_cursor") or "") if isinstance(told, Mapping) else ""
