"""Answers on Slack: said where somebody typed, and given to what is called, pressed and filled in.

Nothing that may have arrived is sent again: an answer that is lost is asked for again, one that comes
twice disturbs everybody. What Slack refuses did not arrive.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.edge.slack.listening.finding import is_direct
from bot.edge.slack.refusals import ERRORS, code, retry_after, short
from bot.render.slack import Message

log = logging.getLogger("bot.slack")

T = TypeVar("T")

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
    """Says what is rendered. `direct` opens direct messages; `ahead` is called before each post."""

    def __init__(
        self,
        web: AsyncWebClient,
        direct: Callable[[str], Awaitable[str]],
        ahead: Callable[[str], None],
    ) -> None:
        self._web = web
        self._direct = direct
        self._ahead = ahead

    async def say(self, channel: str, thread: str, shown: Message) -> None:
        """Posts in a channel, or in a thread of it. Raises one of ERRORS."""

        async def post() -> object:
            self._ahead(channel)
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

        False where it was surely not shown; that is a line in the log.
        """
        if not way.response_url:
            return await self._write(way, shown)
        return await self._respond(way, shown, {"response_type": "in_channel" if public else "ephemeral"})

    async def tell(self, way: Way, shown: Message) -> None:
        """Answers what can be long in the making, when no answer may be taken in place any more."""
        if not await self.answer(way, shown) and way.response_url:
            await self._write(way, shown)

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
            refused = await self._hand_in(way.response_url, body)
        except ERRORS as error:
            log.warning("an answer to %s was perhaps not shown (%s)", way.user, short(error))
            return True
        if refused:
            log.warning("an answer to %s was not shown (%s)", way.user, refused)
        return not refused

    async def _hand_in(self, url: str, body: Parts) -> str:
        """Hands an answer in; what Slack refuses it with, or nothing."""
        hook = AsyncWebhookClient(
            url, session=self._web.session, ssl=self._web.ssl, logger=self._web.logger, retry_handlers=[]
        )
        hook.proxy = self._web.proxy  # of its own accord it would read one from the environment
        async with asyncio.timeout(SEND_SECONDS):
            got = await hook.send_dict(body)
        if got.status_code == 200 and '"ok":false' not in got.body.replace(" ", ""):
            return ""
        return f"Slack answered {got.status_code}: {' '.join(got.body.split())[:100]}"

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
    """Makes a request within SEND_SECONDS; where Slack refuses it for coming too often, once more then."""
    async with asyncio.timeout(SEND_SECONDS):
        while True:
            try:
                return await call()
            except ERRORS as error:
                if code(error) != "ratelimited":
                    raise
                await asyncio.sleep(max(retry_after(error), 1.0))
