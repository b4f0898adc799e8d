"""The requests that one delivery needs: each in its turn, and none for ever."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, NamedTuple

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.edge import clock
from bot.edge.slack.posting.pace import Method, Paces
from bot.edge.slack.refusals import asked_to_wait

Json = Mapping[str, Any]

SEND_SECONDS = 30.0  # for one request
PAGE = 200  # messages: as many as Slack recommends at most
LONGEST_WAIT = 60.0  # seconds for one page: Slack lets some apps read one a minute
MOST_WAITS = 20  # of one delivery, where many read at a time


class NoIdError(Exception):
    """Slack says that all is well, and not what has become of it: it may have lost it."""


class Page(NamedTuple):
    """Some messages, and where the next are; empty where there are none."""

    messages: Sequence[Json]
    cursor: str


class Clock:
    """How far Slack's clock is from ours, as its last answer told; 0 before the first."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def heard(self, headers: Mapping[str, Any]) -> None:
        """An answer has come, with these headers."""
        with suppress(ValueError):
            said = parsedate_to_datetime(str(headers.get("Date", "")))
            self._ahead = said.replace(tzinfo=said.tzinfo or UTC) - clock.now()

    def there(self, ours: datetime) -> float:
        """A moment by our clock as Slack numbers its messages."""
        return max((ours + self._ahead).timestamp(), 0.0)


class Requests:
    """Makes the requests of one delivery. The first one's turn has come already.

    They raise a TimeoutError after SEND_SECONDS, a NoIdError, else whatever the library raises. A 429
    holds back whatever needs the same method.
    """

    def __init__(self, web: AsyncWebClient, paces: Paces, slack: Clock) -> None:
        self._web = web
        self._paces = paces
        self.clock = slack
        self._began = False
        self._has_read = False
        self._waits = MOST_WAITS
        self.wrote = False
        """Whether something was asked for that others can see."""

    async def open(self, user: str) -> str:
        """The channel of the direct messages with a person."""
        self._began = True
        answer = await self._ask(self._paces.opens, self._web.conversations_open(users=user))
        return _known((answer.get("channel") or {}).get("id"))

    async def post(self, channel: str, **parts: Any) -> str:  # noqa: ANN401  (whatever a message has)
        """Posts a message; returns its ts."""
        if self._began:
            await self._paces.channel(channel)
        self._began = self.wrote = True
        # Without these, Slack adds a picture of every page that is linked to.
        asked = self._web.chat_postMessage(channel=channel, unfurl_links=False, unfurl_media=False, **parts)
        return _known((await self._ask(self._paces.posts, asked)).get("ts"))

    async def update(self, channel: str, ts: str, **parts: Any) -> str:  # noqa: ANN401  (as above)
        """Edits a message; returns its ts."""
        self._began = self.wrote = True
        # By default Slack would read an edit, unlike a post, as if a person had typed it.
        asked = self._web.chat_update(channel=channel, ts=ts, parse="none", **parts)
        return _known((await self._ask(self._paces.edits, asked)).get("ts"))

    async def history(self, channel: str, **which: Any) -> Page:  # noqa: ANN401  (whatever narrows it)
        """A page of what stands in a channel, newest first."""
        return await self._read(partial(self._web.conversations_history, channel=channel), which)

    async def replies(self, channel: str, ts: str, **which: Any) -> Page:  # noqa: ANN401  (as above)
        """A page of a thread, oldest first; the message above it comes with every page."""
        return await self._read(partial(self._web.conversations_replies, channel=channel, ts=ts), which)

    async def _read(
        self, make: Callable[..., Awaitable[AsyncSlackResponse]], which: Mapping[str, Any]
    ) -> Page:
        """Reads a page. What was read before it is not lost by a 429: that is waited for."""
        while True:
            if self._began:
                await self._paces.reads.turn()
            self._began = True
            made = make(**{"limit": PAGE, "include_all_metadata": True, **which})
            try:
                page = _page(await self._ask(self._paces.reads, made))
            except SlackApiError as error:
                if not self._has_read or not self._waits or not 0 < asked_to_wait(error) <= LONGEST_WAIT:
                    raise
                self._waits -= 1
            else:
                self._has_read = True
                return page

    async def _ask(self, method: Method, asked: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                answer = await asked
        except SlackApiError as error:
            method.hold(asked_to_wait(error))
            raise
        self.clock.heard(answer.headers)
        return answer


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
