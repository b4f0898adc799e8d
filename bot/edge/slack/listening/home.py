"""The home tab of the bot: the story as it stands, one's digests, and, for editors, the drafts that wait."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.command.request import command_of
from bot.desk.desk import Desk
from bot.edge.answering import Answers, Caller
from bot.edge.slack.listening.askers import Askers
from bot.edge.slack.listening.responding import OF_DIRECT, marked
from bot.edge.slack.refusals import ERRORS, short
from bot.render.slack_home import MAX_BLOCKS, home
from bot.reply import Reply

log = logging.getLogger("bot.slack")

OWN = "digest list"
OF_WORKSPACE, OF_ONESELF = "In this workspace", "In your direct messages"
OF_ALL = {"status": "", OWN: OF_WORKSPACE, "drafts": ""}  # what is shown, and where that is, if it matters
SUBSCRIBE = {OF_WORKSPACE: "Subscribe a channel", OF_ONESELF: "Subscribe yourself"}
FORGET = "forget"
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

    async def after(self, user: str, team: str, story: str, words: str) -> None:
        """Shows the home tab anew where something may have been changed by what was asked.

        Only to whoever has looked at it, since it is made anew whenever it is opened; what was forgotten is
        not to stand there any longer, whenever they looked.
        """
        command = command_of(words, self._desks[story].commands)
        if command is not None and command.changes and (user in self._shown or command.name == FORGET):
            await self.show(user, team, changed=True)

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
            if not changed and self._answers.held(next(iter(self._desks)), there) is not None:
                return
            views = [await self._view(story, there, alone) for story in self._desks]
            blocks = [block for view in views for block in view["blocks"]][:MAX_BLOCKS]
            async with asyncio.timeout(PUBLISH_SECONDS):
                await self._web.views_publish(user_id=user, view={**views[0], "blocks": blocks})
        except ERRORS as error:
            log.warning("the home tab of %s was not shown (%s)", user, short(error))

    async def _view(self, story: str, there: Caller, alone: Caller) -> dict[str, Any]:
        """What concerns somebody of one story: in the workspace, and in their direct messages."""
        asked = [self._asked(story, words, there, where) for words, where in OF_ALL.items()]
        *here, own = await asyncio.gather(*asked, self._asked(story, OWN, alone, OF_ONESELF))
        view = home([reply for reply in here if reply is not None], story)
        if own is None:
            return view
        line = [{"type": "divider"}] if view["blocks"] else []
        mine = marked(home([own], story)["blocks"], OF_DIRECT)
        return {**view, "blocks": [*view["blocks"], *line, *mine]}

    async def _asked(self, story: str, words: str, caller: Caller, where: str) -> Reply | None:
        """An answer, with a title that says where this is; None for what somebody may not ask.

        That is looked at first: it is no attempt of theirs, to be written down.
        """
        if not await self._answers.allows(story, words, caller):
            return None
        reply = await self._answers.to_words(story, words, caller)
        return None if reply.abstained and reply.private else _under(where, reply)


def _under(where: str, reply: Reply) -> Reply:
    """The same under a title that says where this is, as do its buttons: both lists stand in one tab."""
    if not where:
        return reply
    actions = tuple(
        action._replace(label=SUBSCRIBE[where]) if action.label == "Subscribe" else action
        for action in reply.actions
    )
    return reply._replace(title=f"{where}: {reply.title[:1].lower()}{reply.title[1:]}", actions=actions)
