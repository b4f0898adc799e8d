"""Finds what somebody calls a channel on Slack: only in the workspace, and only what they see themselves."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.command.asker import Place
from bot.edge.slack.refusals import ERRORS, code
from bot.edge.slack.workspace import Workspace

PLATFORM = "slack"
DIRECT = "D"  # what the ids of direct messages begin with
FIND_SECONDS = 3.0  # for what Slack has to be asked
MOST_PAGES = 5  # of a list that is looked through
CHANNELS, MEMBERS = 200, 1000  # on one page

# One and the same for what is not there, is elsewhere, or is hidden from whoever asks.
NO_SUCH = "There is no such channel in this workspace"
NO_CHANNELS = "There are no channels in a direct message; leave the channel out, or ask in a channel"
NOT_UNDERSTOOD = "A channel is named with #, as #news; “here” is this channel, and “me” your direct messages"
NO_ANSWER = "Slack could not be asked for that channel just now; try again"
TOO_MANY = (
    "There are too many channels to look for one by its name; type # and pick it from what Slack offers"
)

_ID = re.compile(r"<#(\w{1,30})>|slack:(\w{1,30})", re.ASCII | re.IGNORECASE)

Channel = Mapping[str, Any]
"""A conversation as Slack tells of it."""


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

    def find(self, text: str) -> Place | str:
        """The place, or a sentence that says why there is none. For any thread but the event loop's."""
        work = asyncio.run_coroutine_threadsafe(self._found_in_time(text.strip()), self._loop)
        return work.result(FIND_SECONDS + 1)

    async def here(self) -> Place:
        """Where it is looked from, with what the bot lacks there; raises as the SDK does."""
        try:
            channel = await self._channel(self._seeker.here.id)
        except SlackApiError as error:
            if not code(error):
                raise
            return self._seeker.here  # the bot may not even ask
        if channel is None:  # a private one: somebody calls a command where the bot is not
            return self._seeker.here._replace(missing=self._missing)
        return self._place(channel)

    async def _found_in_time(self, text: str) -> Place | str:
        try:
            async with asyncio.timeout(FIND_SECONDS):
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
            return NO_SUCH
        if channel.get("is_archived"):
            return f"#{channel.get('name')} is archived; unarchive it, or name another channel"
        return self._place(channel)

    async def _by_name(self, name: str) -> Place | str:
        cursor = ""
        kinds = [
            *["public_channel"],
            *(["private_channel"] if "groups:read" in self._workspace.scopes else []),
        ]
        for _ in range(MOST_PAGES):
            found = await self._web.conversations_list(
                types=",".join(kinds), exclude_archived=True, limit=CHANNELS, cursor=cursor or None
            )
            for channel in found.get("channels") or ():
                if str(channel.get("name") or "").lower() == name:
                    return self._place(channel) if await self._sees(channel) else NO_SUCH
            cursor = _next(found.get("response_metadata"))
            if not cursor:
                return NO_SUCH
        return TOO_MANY

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
        among = channel.get("is_member") or channel.get("is_mpim")
        lacks = () if among else self._missing
        name = str(channel.get("name") or "this channel")
        return Place(PLATFORM, self._workspace.id, str(channel["id"]), f"#{name}", "text", lacks)

    @property
    def _missing(self) -> tuple[str, ...]:
        """What the bot lacks where it is not: without it there is no looking back at what was posted."""
        return (f"membership (/invite @{self._workspace.bot_name})",)


def direct_place(channel: str) -> Place:
    """A direct-message conversation."""
    return Place(PLATFORM, "", channel, "your direct messages", "direct")


def is_direct(channel: str) -> bool:
    """Whether a conversation is that of two."""
    return channel.startswith(DIRECT)


def _next(told: object) -> str:
    """The cursor of the next page; empty behind the last."""
    return str(told.get("next_cursor") or "") if isinstance(told, Mapping) else ""
