"""What the tests of the Slack double share: a real bot, a connection by hand, blocks and forms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.doubles.slack import Channel, SlackDouble

NEWS = "Rosalind Franklin will not fly in 2022."
QUIET: Any = {"unfurl_links": False, "unfurl_media": False}

Json = dict[str, Any]


def client_of(slack: SlackDouble, token: str = "") -> AsyncWebClient:
    """The real client, which does nothing twice by itself."""
    return AsyncWebClient(token=token or slack.bot_token, base_url=slack.api_base, retry_handlers=[])


class Bot:
    """The smallest real bot: it hears everything, and answers what a test gives it to."""

    def __init__(self, slack: SlackDouble, *, ping_interval: float = 5) -> None:
        self.client = client_of(slack)
        self.app = AsyncApp(client=self.client)
        self.handler: Any = AsyncSocketModeHandler(self.app, slack.app_token, ping_interval=ping_interval)
        self.heard: list[Json] = []
        for event in ("message", "app_mention", "app_home_opened"):
            self.app.event(event)(self._hear)

    async def _hear(self, event: Json) -> None:
        self.heard.append(event)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Bot"]:
        """The bot while it is connected."""
        await self.handler.connect_async()
        try:
            yield self
        finally:
            await self.handler.close_async()


@asynccontextmanager
async def connected(slack: SlackDouble, **options: Any) -> AsyncIterator[Bot]:
    """A bot that is there."""
    bot = Bot(slack, **options)
    before = len(slack.connections)
    async with bot.running():
        await slack.connected(before + 1)
        yield bot


class Wire:
    """Socket Mode by hand, for what the real client never does: a late acknowledgement, or none."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def next(self, timeout: float = 3.0) -> Json:
        """The next frame."""
        found: Json = await self._socket.receive_json(timeout=timeout)
        return found

    async def ack(self, frame: Json, payload: Json | None = None) -> None:
        """Acknowledge an envelope."""
        more = {} if payload is None else {"payload": payload}
        await self._socket.send_json({"envelope_id": frame["envelope_id"], **more})

    async def send(self, text: str) -> None:
        """Send anything."""
        await self._socket.send_str(text)


@asynccontextmanager
async def wire(slack: SlackDouble) -> AsyncIterator[Wire]:
    """A connection by hand, past its hello."""
    opened = await client_of(slack).apps_connections_open(app_token=slack.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]) as socket:
        one = Wire(socket)
        assert (await one.next())["type"] == "hello"
        yield one


def error_of(caught: pytest.ExceptionInfo[SlackApiError]) -> str:
    """Slack's word for what went wrong."""
    return str(caught.value.response["error"])


async def refused(call: Any) -> str:
    """What a call is refused with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return error_of(caught)


def section(text: str, **more: Any) -> Json:
    """A block with a text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": {"type": "plain_text", "text": text}, **more}


def row(*elements: Json) -> Json:
    """Buttons beside each other."""
    return {"type": "actions", "elements": list(elements)}


def field(name: str, element: Json | None = None, **more: Any) -> Json:
    """A field of a form."""
    label = {"type": "plain_text", "text": name.title()}
    inner = {"type": "plain_text_input", "action_id": "typed", **(element or {})}
    return {"type": "input", "block_id": name, "label": label, "element": inner, **more}


def select(*values: str, **more: Any) -> Json:
    """Something to choose from."""
    options = [{"text": {"type": "plain_text", "text": one.title()}, "value": one} for one in values]
    return {"type": "static_select", "action_id": "chosen", "options": options, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    """A form."""
    words = {name: {"type": "plain_text", "text": name.title()} for name in ("title", "submit")}
    return {"type": "modal", "callback_id": "form", **words, "blocks": list(blocks), **more}


async def post(client: AsyncWebClient, channel: Channel, text: str = NEWS, **more: Any) -> str:
    """The bot posts; the message's ts."""
    posted = await client.chat_postMessage(channel=channel.id, text=text, **QUIET, **more)
    return str(posted["ts"])


async def respond(url: str, **body: Any) -> tuple[int, str]:
    """The bot posts to a response_url."""
    answer = await AsyncWebhookClient(url, retry_handlers=[]).send_dict(body)
    return answer.status_code, answer.body
