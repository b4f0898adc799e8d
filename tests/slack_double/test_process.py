"""What the double does besides Slack: it waits, it judges, it runs as a process."""

import asyncio
import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackDouble, User
from tests.slack_double.tools import (
    QUIET,
    Json,
    button,
    client_of,
    post,
    refused,
    row,
    section,
    wire,
)

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.asyncio


async def test_proxies_are_out_of_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk would ask a proxy even for loopback, so there is none while the double is there."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with SlackDouble() as slack:
        await client_of(slack).auth_test()
    assert os.environ["HTTPS_PROXY"] == "http://127.0.0.1:9"


async def test_people_write_where_they_are(slack: SlackDouble, ann: User) -> None:
    """A private channel has to be joined, an archived one is closed."""
    secret = slack.add_channel("secret", private=True, members=[])
    with pytest.raises(AssertionError, match="not in secret"):
        await slack.types(secret, "hello", ann)
    slack.join(secret, ann)
    assert (await slack.types(secret, "hello", ann)).user == ann.id
    slack.archive(secret)
    with pytest.raises(AssertionError, match="archived"):
        await slack.types(secret, "hello", ann)


async def test_what_it_waits_for_in_vain_is_told(slack: SlackDouble, client: AsyncWebClient) -> None:
    """With the latest requests, and what was wrong with them."""
    await refused(client.api_call("chat.sing"))
    with pytest.raises(AssertionError, match=r"no song within 0\.01 s.*chat\.sing → 200 unknown_method"):
        await slack.until(lambda: None, timeout=0.01, what="no song")


async def test_pings_of_people_are_seen(
    slack: SlackDouble, client: AsyncWebClient, news: Channel, ann: User
) -> None:
    """Whom a message notifies, in its text or its blocks."""
    await post(client, news, f"<@{ann.id}>", blocks=[section("<!subteam^S1|@eds>")])
    assert slack.from_bot(news)[0].pings == [f"<@{ann.id}>", "<!subteam^S1>"]


async def test_it_grants_what_the_manifest_asks_for(slack: SlackDouble) -> None:
    """The tests run with the scopes, events and commands that the real app has, and no others."""
    manifest = yaml.safe_load((ROOT / "slack-manifest.yaml").read_text(encoding="utf-8"))
    assert slack.scopes == set(manifest["oauth_config"]["scopes"]["bot"])
    assert slack.events.subscribed == set(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert slack.commands == {one["command"] for one in manifest["features"]["slash_commands"]}


async def test_the_app_is_taken_away(slack: SlackDouble, client: AsyncWebClient) -> None:
    """The bot is told once more, and then its token is worth nothing."""
    async with wire(slack) as one:
        await slack.uninstalls()
        told = [(await one.next())["payload"]["event"]["type"] for _ in range(2)]
    assert told == ["tokens_revoked", "app_uninstalled"]
    assert await refused(client.auth_test()) == "account_inactive"
    opening = client.apps_connections_open(app_token=slack.app_token)
    assert await refused(opening) == "invalid_auth"


async def test_as_a_process(tmp_path: Path) -> None:
    """A shell script starts it, drives it over HTTP, and reads what there is."""
    script = tmp_path / "script.json"
    script.write_text(
        json.dumps(
            {
                "users": {"ann": {"admin": True}},
                "channels": [{"name": "news"}, {"name": "secret", "private": True}],
                "groups": {"eds": ["ann"]},
                "faults": [{"method": "chat.postMessage", "fault": "lost"}],
                "limit_channels": [5.0, 1],
                "messages": [{"channel": "news", "author": "ann", "text": "hello"}],
            }
        )
    )
    words = ("-m", "tests.doubles.slack", "--port", "0", "--script", str(script))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
        await drive(json.loads(line))
    finally:
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 5) == 0


async def drive(where: Json) -> None:
    """What a script does with it."""
    client = AsyncWebClient(token=where["bot_token"], base_url=where["api_base"], retry_handlers=[])
    news, control = where["channels"]["news"], where["control"]
    app = AsyncApp(client=client)

    @app.command("/exomars")
    async def taken(ack: Any, body: Json) -> None:
        await ack({"text": body["text"], "blocks": [row(button("Next"))], "response_type": "in_channel"})

    @app.action(re.compile("."))
    async def pressed(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="page 2", replace_original=True)

    @app.event("message")
    async def heard(event: Json) -> None:
        assert event["channel"] == news

    handler: Any = AsyncSocketModeHandler(app, where["app_token"], ping_interval=1)
    async with aiohttp.ClientSession() as session:

        async def control_call(how: str, verb: str, **body: Any) -> Json:
            async with session.request(how, f"{control}/{verb}", json=body or None) as answer:
                found: Json = await answer.json()
                return found

        await handler.connect_async()
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.chat_postMessage(channel=news, text="x", **QUIET)
        shown = await control_call("POST", "command", channel_id=news, text="status", author="ann")
        assert (shown["message"]["text"], shown["message"]["labels"]) == ("status", ["Next"])
        turned = await control_call("POST", "press", channel_id=news, ts=shown["message"]["ts"], label="Next")
        assert turned["message"]["text"] == "page 2"
        typed = await control_call("POST", "message", channel_id=news, text="why?", author="bob")
        assert typed["text"] == "why?"
        there = await control_call("GET", f"messages?channel_id={news}")
        assert {one["text"] for one in there["messages"]} == {"hello", "x", "page 2", "why?"}
        state = await control_call("GET", "state")
        assert (state["connections"], state["too_many"], state["violations"]) == (1, 0, [])
        await control_call("POST", "fail", method="auth.test", fault="account_inactive")
        assert await refused(client.auth_test()) == "account_inactive"
        assert "error" in await control_call("POST", "message", channel_id="C404", text="x")
        await handler.close_async()
