"""Answers on Slack: said where somebody typed, and given to what is called, pressed and filled in.

Nothing that may have arrived is sent again: an answer that is lost is asked for again, one that comes
twice disturbs everybody. What Slack refuses did not arrive.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, NamedTuple, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.edge.slack.listening.finding import is_direct
from bot.edge.slack.refusals import ERRORS, asked_to_wait, retry_after, short
from bot.render.slack import Message

log = logging.getLogger("bot.slack")

T = TypeVar("T")

Ahead = Callable[[str], AbstractAsyncContextManager[None]]
"""Given a channel: within it a message is posted there for a person, in its turn and before digests."""

Block = Mapping[str, Any]
Parts = dict[str, Any]  # what is said, as arguments of a post

SEND_SECONDS = 30.0  # for one answer, with what Slack asks to wait

# Buttons that stand in direct messages, or in the home tab, and do not ask about these. It is the
# beginning of the block_id of the block that they stand in.
OF_WORKSPACE, OF_DIRECT = "workspace", "direct"


class Way(NamedTuple):
    """How whoever called, pressed or sent something is answered."""

    user: str
    response_url: str = ""  # for 30 minutes and 5 answers; empty where there is none: in the home tab
    channel: str = ""  # where that leads
    thread: str = ""  # the message below which the thread is in which what was pressed stands
    direct: bool = False  # what was asked is about their direct messages, and not about the workspace


class Responder:
    """Says what is rendered. `direct` opens direct messages; within `ahead` each post is made."""

    def __init__(self, web: AsyncWebClient, direct: Callable[[str], Awaitable[str]], ahead: Ahead) -> None:
        self._web = web
        self._direct = direct
        self._ahead = ahead

    async def say(self, channel: str, thread: str, shown: Message) -> None:
        """Posts in a channel, or in a thread of it. Raises one of ERRORS."""

        async def post() -> object:
            async with self._ahead(channel):
                return await self._web.chat_postMessage(
                    channel=channel, thread_ts=thread or None, **parts_of(shown), **QUIET
                )

        await in_time(post)

    async def whisper(self, channel: str, thread: str, user: str, shown: Message) -> None:
        """Shows somebody alone, where they are. Raises one of ERRORS."""

        async def post() -> object:
            return await self._web.chat_postEphemeral(
                channel=channel, thread_ts=thread or None, user=user, **parts_of(shown)
            )

        await in_time(post)

    async def answer(self, way: Way, shown: Message, *, public: bool = False) -> bool:
        """Answers a command, a button or a form, by default to nobody else.

        What nobody else sees, and may not be said in place any more, goes by direct message. False where it
        was surely not shown; that is a line in the log.
        """
        kind = "in_channel" if public else "ephemeral"
        if way.response_url and await self._respond(way, shown, {"response_type": kind}):
            return True
        return not (public and way.response_url) and await self._write(way, shown)

    async def turn(self, way: Way, shown: Message) -> None:
        """Puts another page in the place of the message under which a button stands."""
        await self._respond(way, shown, {"replace_original": True})

    async def _respond(self, way: Way, shown: Message, how: Parts) -> bool:
        if is_direct(way.channel) and not way.direct:
            shown = _marked(shown)
        body = {**parts_of(shown), **QUIET, "replace_original": False, **how}
        if way.thread and not body["replace_original"]:
            body["thread_ts"] = way.thread
        try:
            await in_time(partial(self._hand_in, way.response_url, body))
        except ERRORS as error:
            got = error.response if isinstance(error, SlackApiError) else None
            if not isinstance(got, WebhookResponse):
                log.warning("an answer to %s was perhaps not shown (%s)", way.user, short(error))
                return True
            status, said = got.status_code, " ".join(got.body.split())[:100]
            perhaps = status >= 500
            what = "perhaps not shown" if perhaps else "not shown"
            log.warning("an answer to %s was %s (Slack answered %d: %s)", way.user, what, status, said)
            return perhaps
        return True

    async def _hand_in(self, url: str, body: Parts) -> None:
        """Hands an answer in."""
        hook = AsyncWebhookClient(
            url, session=self._web.session, ssl=self._web.ssl, logger=self._web.logger, retry_handlers=[]
        )
        hook.proxy = self._web.proxy  # of its own accord it would read one from the environment
        got = await hook.send_dict(body)
        if got.status_code != 200 or '"ok":false' in got.body.replace(" ", ""):
            raise SlackApiError("an answer was refused", got)  # type: ignore[no-untyped-call]

    async def _write(self, way: Way, shown: Message) -> bool:
        """Answers by direct message. Its buttons go on asking about what was asked about."""
        try:
            await self.say(await self._direct(way.user), "", shown if way.direct else _marked(shown))
        except ERRORS as error:
            log.warning("an answer to %s was not sent (%s)", way.user, short(error))
            return False
        return True


QUIET: Parts = {"unfurl_links": False, "unfurl_media": False}
"""Nothing that is linked to is shown below."""


def parts_of(shown: Message) -> Parts:
    """A rendered message as arguments of a post."""
    return {"text": shown.text, "blocks": [*shown.blocks]}


def marked(blocks: Iterable[Block], mark: str) -> list[Block]:
    """Blocks with buttons that tell what they ask about, wherever they stand."""
    return [
        {**block, "block_id": f"{mark}-{number}"} if block["type"] == "actions" else block
        for number, block in enumerate(blocks)
    ]


def _marked(shown: Message) -> Message:
    return shown._replace(blocks=tuple(marked(shown.blocks, OF_WORKSPACE)))


async def in_time(call: Callable[[], Awaitable[T]]) -> T:
    """Makes a request within SEND_SECONDS; where Slack asks to wait before it is made, once more then."""
    async with asyncio.timeout(SEND_SECONDS) as limit:
        while True:
            try:
                return await call()
            except ERRORS as error:
                seconds = asked_to_wait(error) or retry_after(error)
                if not seconds or asyncio.get_running_loop().time() + seconds >= (limit.when() or 0.0):
                    raise
                await asyncio.sleep(seconds)
