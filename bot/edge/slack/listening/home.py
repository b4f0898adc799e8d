"""The home tab of the bot: the story as it stands, one's digests, and, for editors, the drafts that wait."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.desk.desk import Desk
from bot.edge.answering import Answers, Caller
from bot.edge.slack.listening.askers import Askers
from bot.edge.slack.listening.responding import OF_DIRECT, marked
from bot.edge.slack.refusals import ERRORS, short
from bot.render.slack_home import MAX_BLOCKS, home
from bot.reply import Reply

log = logging.getLogger("bot.slack")

OF_ALL = ("status", "digest list", "drafts")
OWN = "digest list"
AGAIN_SECONDS = 5.0  # between two looks of one person that are shown anew
PUBLISH_SECONDS = 10.0
MOST_KEPT = 10_000  # of people


class Homes:
    """Shows people their home tabs."""

    def __init__(
        self, web: AsyncWebClient, askers: Askers, answers: Answers, desks: Mapping[str, Desk]
    ) -> None:
        self._web = web
        self._askers = askers
        self._answers = answers
        self._desks = desks
        self._shown: dict[str, float] = {}

    async def show(self, user: str, team: str, *, changed: bool = False) -> None:
        """Shows the home tab anew, unless that was done just now and nothing was `changed` since."""
        now = time.monotonic()
        if not changed and now - self._shown.get(user, -AGAIN_SECONDS) < AGAIN_SECONDS:
            return
        self._shown.pop(user, None)
        if len(self._shown) >= MOST_KEPT:
            del self._shown[next(iter(self._shown))]
        self._shown[user] = now
        try:
            there = await self._askers.caller(user, "", team)
            alone = await self._askers.caller(user, await self._askers.direct(user), team)
            if self._answers.held(next(iter(self._desks)), there) is not None:
                return
            views = [await self._view(story, there, alone) for story in self._desks]
            blocks = [block for view in views for block in view["blocks"]][:MAX_BLOCKS]
            async with asyncio.timeout(PUBLISH_SECONDS):
                await self._web.views_publish(user_id=user, view={**views[0], "blocks": blocks})
        except ERRORS as error:
            log.warning("the home tab of %s was not shown (%s)", user, short(error))

    async def _view(self, story: str, there: Caller, alone: Caller) -> dict[str, Any]:
        """What concerns somebody of one story: in the workspace, and in their direct messages."""
        asked = [self._asked(story, words, there) for words in OF_ALL]
        asked.append(self._asked(story, OWN, alone))
        state, digests, drafts, own = await asyncio.gather(*asked)
        here = [state, _under("In this workspace", digests), drafts]
        view = home([reply for reply in here if not _refused(reply)], story)
        if _refused(own):
            return view
        line = [{"type": "divider"}] if view["blocks"] else []
        mine = marked(home([_under("In your direct messages", own)], story)["blocks"], OF_DIRECT)
        return {**view, "blocks": [*view["blocks"], *line, *mine]}

    async def _asked(self, story: str, words: str, caller: Caller) -> Reply:
        return await self._answers.to_words(story, words, caller)


def _under(where: str, reply: Reply) -> Reply:
    """The same under a title that says where this is: both lists stand in one tab."""
    return reply._replace(title=f"{where}: {reply.title[:1].lower()}{reply.title[1:]}")


def _refused(reply: Reply) -> bool:
    return reply.abstained and reply.private
