"""Looking for a delivery in its place: whether a message with its mark is there.

Slack has no key that keeps a second message away, and tells nobody which requests it has carried out.
What stands in the channel is all there is to know. A message that somebody has deleted meanwhile cannot
be told from one that never arrived: it is posted again.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from bot.edge.slack.posting.marking import Json, marks, wording
from bot.edge.slack.posting.requests import Page, Requests


class NotFarEnoughError(Exception):
    """The pages ran out before the time was reached at which it was tried."""


class Sought(NamedTuple):
    """What is looked for; times are by our clock."""

    mark: str
    since: datetime  # it is hardly older; if it is, as by clocks that differ, it counts all the same
    until: datetime  # it is hardly younger

    def is_it(self, message: Json) -> bool:
        """Whether this message is it, whatever its age and whoever has written it.

        The bot may have been another app then; and only apps can set metadata.
        """
        return marks(message).get("id") == self.mark


class Looking:
    """Looks through places with the requests of one delivery, at most so many pages each time.

    Raises NotFarEnoughError where that is too little to know.
    """

    def __init__(self, ask: Requests, pages: int) -> None:
        self._ask = ask
        self._pages = pages

    async def in_history(self, channel: str, sought: Sought) -> str | None:
        """The ts of the message in a channel, newest first; None where it is not there."""
        page = partial(self._ask.history, channel)
        try:
            return await self._read(page, sought, to_since=True)
        except NotFarEnoughError:
            # So much was written since. It was most likely written soon after it was first tried.
            return await self._read(partial(page, **self._window(sought)), sought)

    async def in_thread(self, channel: str, post: str, sought: Sought) -> str | None:
        """The ts of the message under a post, oldest first; None where it is not there."""
        page = partial(self._ask.replies, channel, post)
        try:
            return await self._read(page, sought)
        except NotFarEnoughError:
            return await self._read(partial(page, **self._window(sought)), sought)

    async def is_edited(self, channel: str, post: str, edit: str, blocks: object) -> bool:
        """Whether a message has the mark of an edit and its words."""
        page = await self._ask.history(channel, latest=post, inclusive=True, limit=1)
        found: Json = page.messages[0] if page.messages else {}
        is_it = found.get("ts") == post and marks(found).get("edit") == edit
        return is_it and wording(found.get("blocks")) == wording(blocks)

    def _window(self, sought: Sought) -> dict[str, str]:
        """The time within which it most likely is, as Slack takes it."""
        there = self._ask.clock.there
        return {"oldest": f"{there(sought.since):.6f}", "latest": f"{there(sought.until):.6f}"}

    async def _read(
        self, page: Callable[..., Awaitable[Page]], sought: Sought, *, to_since: bool = False
    ) -> str | None:
        """Reads page by page; with `to_since`, no further than to what is older."""
        more: dict[str, str] = {}
        for _ in range(self._pages):
            messages, cursor = await page(**more)
            for message in messages:
                if sought.is_it(message):
                    return str(message["ts"])
            if not cursor:
                return None
            # What Slack's clock says is known by now, if only from this page.
            if to_since and messages and float(messages[-1]["ts"]) < self._ask.clock.there(sought.since):
                return None
            more = {"cursor": cursor}
        raise NotFarEnoughError
