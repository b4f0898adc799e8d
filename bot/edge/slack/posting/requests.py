"""The requests that one delivery needs: each in its turn, and none for ever."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, NamedTuple

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.edge.slack.posting.pace import Paces

Json = Mapping[str, Any]

SEND_SECONDS = 30.0  # for one request
PAGE = 200  # messages: as many as Slack recommends at most


class NoIdError(Exception):
    """Slack says that all is well, and not what has become of it: it may have lost it."""


class Page(NamedTuple):
    """Some messages, and where the next are; empty where there are none."""

    messages: Sequence[Json]
    cursor: str


class Requests:
    """Makes the requests of one delivery. The first one's turn has come already.

    They raise a TimeoutError after SEND_SECONDS, a NoIdError, else whatever the library raises.
    """

    def __init__(self, web: AsyncWebClient, paces: Paces) -> None:
        self._web = web
        self._paces = paces
        self._began = False
        self.wrote = False
        """Whether something was asked for that others can see."""

    async def open(self, user: str) -> str:
        """The channel of the direct messages with a person."""
        self._began = True
        channel = (await _within(self._web.conversations_open(users=user))).get("channel") or {}
        return _known(channel.get("id"))

    async def post(self, channel: str, **parts: Any) -> str:  # noqa: ANN401  (whatever a message has)
        """Posts a message; returns its ts."""
        if self._began:
            await self._paces.channel(channel)
        self._began = self.wrote = True
        # Without these, Slack adds a picture of every page that is linked to.
        asked = self._web.chat_postMessage(channel=channel, unfurl_links=False, unfurl_media=False, **parts)
        return _known((await _within(asked)).get("ts"))

    async def update(self, channel: str, ts: str, **parts: Any) -> str:  # noqa: ANN401  (as above)
        """Edits a message; returns its ts."""
        self._began = self.wrote = True
        # By default Slack would read an edit, unlike a post, as if a person had typed it.
        asked = self._web.chat_update(channel=channel, ts=ts, parse="none", **parts)
        return _known((await _within(asked)).get("ts"))

    async def history(self, channel: str, **which: Any) -> Page:  # noqa: ANN401  (whatever narrows it)
        """A page of what stands in a channel, newest first."""
        await self._next_page()
        which = {"limit": PAGE, "include_all_metadata": True, **which}
        return _page(await _within(self._web.conversations_history(channel=channel, **which)))

    async def replies(self, channel: str, ts: str, **which: Any) -> Page:  # noqa: ANN401  (as above)
        """A page of a thread, oldest first; the message above it comes with every page."""
        await self._next_page()
        which = {"limit": PAGE, "include_all_metadata": True, **which}
        return _page(await _within(self._web.conversations_replies(channel=channel, ts=ts, **which)))

    async def _next_page(self) -> None:
        if self._began:
            await self._paces.reading()
        self._began = True


async def _within(asked: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    async with asyncio.timeout(SEND_SECONDS):
        return await asked


def _known(id_: object) -> str:
    if not isinstance(id_, str) or not id_:
        raise NoIdError
    return id_


def _page(answer: AsyncSlackResponse) -> Page:
    messages = answer.get("messages")
    if not isinstance(messages, list):
        raise TypeError("the answer is no list of messages")
    cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
    if answer.get("has_more") and not cursor:
        raise TypeError("the answer does not tell where it goes on")
    return Page(messages, cursor)
