"""Who may call what of the double's Web API, and how arguments come."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackDouble
from tests.slack_double.tools import QUIET, client_of, refused, section

pytestmark = pytest.mark.asyncio


async def test_auth_test_tells_the_scopes(slack: SlackDouble, client: AsyncWebClient) -> None:
    """The header of any answer lists what is granted."""
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"]) == (slack.team.id, slack.bot.id)
    assert answer["bot_id"] == slack.bot.bot_id
    assert set(answer.headers["x-oauth-scopes"].split(",")) == slack.scopes


async def test_a_wrong_token_is_refused(slack: SlackDouble) -> None:
    """Neither a made-up token nor none nor the app's is the bot's."""
    assert await refused(client_of(slack, "xoxb-other").auth_test()) == "invalid_auth"
    assert await refused(AsyncWebClient(base_url=slack.api_base).auth_test()) == "not_authed"
    assert slack.violations == []
    assert await refused(client_of(slack, slack.app_token).auth_test()) == "not_allowed_token_type"
    opening = client_of(slack).apps_connections_open(app_token=slack.bot_token)
    assert await refused(opening) == "not_allowed_token_type"


async def test_an_unknown_method_is_a_violation(slack: SlackDouble, client: AsyncWebClient) -> None:
    """The double does not pretend."""
    assert await refused(client.api_call("chat.sing")) == "unknown_method"
    assert slack.violations == ["chat.sing: the double has no such method"]


@pytest.mark.parametrize(
    ("scope", "call"),
    [
        ("chat:write", lambda c, p: c.chat_postMessage(channel=p.id, text="x")),
        ("chat:write", lambda c, p: c.chat_update(channel=p.id, ts="1.0", text="x")),
        ("channels:history", lambda c, p: c.conversations_history(channel=p.id)),
        ("channels:history", lambda c, p: c.conversations_replies(channel=p.id, ts="1.0")),
        ("channels:read", lambda c, p: c.conversations_info(channel=p.id)),
        ("channels:read", lambda c, _: c.conversations_list()),
        ("users:read", lambda c, _: c.users_info(user="U1")),
        ("usergroups:read", lambda c, _: c.usergroups_list()),
        ("team:read", lambda c, _: c.team_info()),
        ("files:write", lambda c, _: c.files_getUploadURLExternal(filename="a", length=1)),
    ],
)
async def test_a_missing_scope_is_named(
    slack: SlackDouble,
    client: AsyncWebClient,
    news: Channel,
    scope: str,
    call: Callable[[AsyncWebClient, Channel], Any],
) -> None:
    """What needs a scope that was not granted says which one, and which there are."""
    slack.scopes.discard(scope)
    with pytest.raises(SlackApiError) as caught:
        await call(client, news)
    answer = caught.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert set(answer["provided"].split(",")) == slack.scopes


async def test_arguments_come_in_three_ways(slack: SlackDouble, news: Channel) -> None:
    """JSON, a form and the query say the same."""
    client, args = client_of(slack), {"channel": news.id, "text": "x"}
    blocks, off = json.dumps([section("x")]), {"unfurl_links": "0", "unfurl_media": "false"}
    await client.api_call("chat.postMessage", json={**args, **QUIET, "blocks": [section("x")]})
    await client.api_call("chat.postMessage", data={**args, **off, "blocks": blocks})
    await client.api_call("chat.postMessage", params={**args, **off, "blocks": blocks})
    assert [message.said for message in slack.from_bot(news)] == ["x"] * 3
    assert slack.violations == []


async def test_broken_arguments_are_refused(slack: SlackDouble) -> None:
    """What is no JSON, or lacks what it needs, is a violation."""
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for body, error in (
            ("{", "invalid_json"),
            ("[]", "json_not_object"),
            ("{}", "invalid_arguments"),
        ):
            async with session.post(f"{slack.api_base}chat.postMessage", data=body) as answer:
                assert (await answer.json())["error"] == error
    assert len(slack.violations) == 3
