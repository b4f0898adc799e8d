"""Looking for a delivery in its place: whether a message with its mark is there.

Discord tells nobody which requests it has carried out. Its nonce does, for a few minutes; afterwards
what stands in the channel is all there is to know.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import discord

from bot.edge.discord.posting.outcomes import UNKNOWN_MESSAGE
from bot.edge.discord.posting.requests import Requests

Json = Mapping[str, Any]

PAGE = 100  # as many as Discord gives at one time
_NEWEST = 10  # of its posts on one page, whose first messages are read whatever their age and name
_CROSSPOSTED = 1 << 0  # flag of a message


class NotFarEnoughError(Exception):
    """The pages ran out before the time was reached at which it was tried."""


class Sought(NamedTuple):
    """What is looked for."""

    mark: str
    author: int  # who wrote it: the bot
    since: datetime  # it is hardly older; if it is, as by clocks that differ, it counts all the same
    until: datetime  # it is hardly younger
    title: str = ""  # the name of a forum post

    @property
    def oldest(self) -> int:
        """The smallest id that it is likely to have."""
        return discord.utils.time_snowflake(self.since)

    @property
    def newest(self) -> int:
        """The greatest id that it is likely to have."""
        return discord.utils.time_snowflake(self.until)

    def is_it(self, message: Json) -> bool:
        """Whether this message is it, whatever its age.

        Of another bot only an embed counts: it may be this one, which had another account then. People
        cannot write embeds, except by a webhook.
        """
        own = str(message["author"]["id"]) == str(self.author)
        if not own and (not message["author"].get("bot") or message.get("webhook_id")):
            return False
        texts = [(embed.get("footer") or {}).get("text") for embed in message.get("embeds", ())]
        if own:
            texts += [message.get("content"), message.get("nonce")]
        whole = re.compile(rf"(?<![\w-]){re.escape(self.mark)}(?![\w-])")
        return any(whole.search(str(text)) for text in texts if text)


class Looking:
    """Looks through places with the requests of one delivery, at most so many pages each.

    Raises NotFarEnoughError where that is too little to know.
    """

    def __init__(self, client: discord.Client, ask: Requests, pages: int) -> None:
        self._http = client.http
        self._ask = ask
        self._pages = pages

    async def in_history(self, channel: int, sought: Sought, *, may_be_hidden: bool) -> str | None:
        """The id of the message in a channel, newest first; None where it is not there.

        `may_be_hidden`: Discord answers with nothing where the history may not be read. What it raises
        for a single message tells this from a channel without messages, so it is raised here.
        """
        before: int | None = None
        for _ in range(self._pages):
            page = await self._page(channel, before=before)
            if found := _first(page, sought):
                return found
            if not page:
                if before is None and may_be_hidden:
                    await self._message(channel, sought.oldest)
                return None
            before = _ids(page)[0]
            if before < sought.oldest:
                return None
        # So much was written since that its end was not reached. It was most likely written soon after
        # it was first tried, so the rest is read from there on.
        end = min(before or sought.newest, sought.newest)
        return await self._forward(channel, sought, end)

    async def _forward(self, channel: int, sought: Sought, end: int) -> str | None:
        after = sought.oldest
        for _ in range(self._pages):
            page = await self._page(channel, after=after)
            if found := _first(page, sought):
                return found
            if not page or (after := _ids(page)[-1]) >= end:
                return None
        raise NotFarEnoughError

    async def in_forum(self, server: int, forum: int, sought: Sought) -> str | None:
        """The id of the post in a forum, among those that are open, then those that are archived."""
        # In this order: a post that is archived in between is seen in the second place.
        open_ones: Json = await self._ask(partial(self._http.get_active_threads, server))
        if found := await self._post_of(open_ones["threads"], forum, sought):
            return found
        before: str | None = None
        for _ in range(self._pages):
            page: Json = await self._ask(partial(self._http.get_public_archived_threads, forum, before, PAGE))
            if found := await self._post_of(page["threads"], forum, sought):
                return found
            if not page["threads"] or not page.get("has_more"):
                return None
            before = min(str(thread["thread_metadata"]["archive_timestamp"]) for thread in page["threads"])
            if datetime.fromisoformat(before) < sought.since:
                return None
        raise NotFarEnoughError

    async def _post_of(self, threads: Sequence[Json], forum: int, sought: Sought) -> str | None:
        """The one of these threads whose first message is the delivery's."""
        there = [thread for thread in threads if str(thread["parent_id"]) == str(forum)]
        there.sort(key=lambda one: int(one["id"]), reverse=True)
        own = [thread for thread in there if str(thread["owner_id"]) == str(sought.author)]
        # Each one takes a request, so of old ones and of those of others only the likely ones are read.
        likely = {one["id"] for one in own if int(one["id"]) >= sought.oldest}
        likely |= {one["id"] for one in own[:_NEWEST]}
        for thread in there:
            named = thread["name"] == sought.title
            if not named and thread["id"] not in likely:
                continue
            # The first message of a post has the id of the post.
            first = await self._message(int(thread["id"]), int(thread["id"]))
            recent = thread in own and int(thread["id"]) >= sought.oldest
            if sought.is_it(first) if first else named and recent:
                return str(thread["id"])
        return None

    async def is_edited(self, channel: int, message: int, sought: Sought, words: str) -> bool:
        """Whether a message has the mark of an edit and its words; a NotFound where it is gone."""
        found: Json = await self._ask(partial(self._http.get_message, channel, message))
        return sought.is_it(found) and words == wording(found["embeds"])

    async def is_published(self, channel: int, message: int) -> bool:
        """Whether a message was published; a NotFound where it is gone."""
        found: Json = await self._ask(partial(self._http.get_message, channel, message))
        return bool(found.get("flags", 0) & _CROSSPOSTED)

    async def _page(
        self, channel: int, *, before: int | None = None, after: int | None = None
    ) -> Sequence[Json]:
        page: Sequence[Json] = await self._ask(partial(self._http.logs_from, channel, PAGE, before, after))
        if not isinstance(page, list):
            raise TypeError("the answer is no list of messages")
        return page

    async def _message(self, channel: int, message: int) -> Json | None:
        try:
            return await self._ask(partial(self._http.get_message, channel, message))
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            return None


def wording(embeds: Iterable[Json]) -> str:
    """What embeds say in all, whatever their white space, of which Discord takes some away."""
    texts = [
        text
        for embed in embeds
        for text in (
            embed.get("title"),
            embed.get("description"),
            *(one[part] for one in embed.get("fields", ()) for part in ("name", "value")),
        )
    ]
    return "".join("".join(filter(None, texts)).split())


def _first(page: Iterable[Json], sought: Sought) -> str | None:
    return next((str(message["id"]) for message in page if sought.is_it(message)), None)


def _ids(page: Iterable[Json]) -> list[int]:
    return sorted(int(message["id"]) for message in page)
