"""Slash commands and response_urls of the double."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackDouble, User
from tests.slack_double.tools import (
    NEWS,
    QUIET,
    Json,
    connected,
    respond,
    section,
    wire,
)

pytestmark = pytest.mark.asyncio


async def test_a_command_arrives_escaped(slack: SlackDouble, news: Channel, ann: User) -> None:
    """Mentions and links of what was typed are marked, as should_escape says."""
    async with connected(slack) as bot:
        bodies = []

        @bot.app.command("/exomars")
        async def taken(ack: Any, body: Json) -> None:
            bodies.append(body)
            await ack()

        asked = await (await slack.slash(news, "  tell @ann of #news & <b>")).done()
    assert bodies[0]["text"] == f"tell <@{ann.id}|ann> of <#{news.id}|news> &amp; &lt;b&gt;"
    assert (bodies[0]["channel_id"], bodies[0]["user_id"]) == (news.id, ann.id)
    assert (asked.ack_payload, asked.shown) == ({}, [])
    assert 0 < asked.ack_seconds < 3
    assert slack.violations == []


async def test_the_acknowledgement_may_answer(slack: SlackDouble, news: Channel, ann: User) -> None:
    """To the one who asked, or to all, where it is in_channel."""
    async with connected(slack) as bot:

        @bot.app.command("/exomars")
        async def taken(ack: Any, body: Json) -> None:
            kind = "in_channel" if body["text"] == "all" else "ephemeral"
            await ack({"response_type": kind, "text": NEWS, "blocks": [section("*now*")]})

        alone = await (await slack.slash(news, "me")).answered()
        public = await (await slack.slash(news, "all")).answered()
    assert (alone.ephemeral, alone.said) == (ann.id, "now")
    assert slack.ephemerals(news, ann) == [alone]
    assert slack.messages(news) == [public]


async def test_a_response_url_takes_five_answers(slack: SlackDouble, news: Channel) -> None:
    """Then it is used up; without any token."""
    async with wire(slack):
        asked = await slack.slash(news, "status")
        for number in range(5):
            assert await respond(asked.response_url, text=str(number)) == (200, "ok")
        assert await respond(asked.response_url, text="6") == (404, "used_url")
    assert [message.text for message in asked.shown] == list("01234")
    assert "used too often" in slack.violations[0]


async def test_a_response_url_expires(slack: SlackDouble, news: Channel) -> None:
    """After half an hour nobody waits for an answer any more."""
    async with wire(slack):
        asked = await slack.slash(news, "status")
        slack.windows.response_url = 0.01
        await asyncio.sleep(0.05)
        assert await respond(asked.response_url, text="x") == (404, "expired_url")
    assert "too old" in slack.violations[0]


async def test_a_response_url_takes_only_messages(slack: SlackDouble, news: Channel) -> None:
    """What Slack refuses elsewhere it refuses here, with words instead of JSON."""
    async with wire(slack):
        asked = await slack.slash(news, "status")
        assert await respond(asked.response_url, text="x", blocks=[{"type": "sing"}]) == (
            400,
            "invalid_blocks",
        )
        assert await respond(asked.response_url, text="") == (400, "no_text")
        assert await respond(asked.response_url + "x", text="x") == (404, "no_such_url")
        assert await respond(asked.response_url, text="x", replace_original=True) == (
            400,
            "message_not_found",
        )
    assert len(slack.violations) == 3


async def test_an_answer_can_be_replaced_and_taken_away(slack: SlackDouble, news: Channel) -> None:
    """The latest one is the original."""
    async with wire(slack):
        asked = await slack.slash(news, "status")
        await respond(asked.response_url, text="wait", response_type="in_channel")
        await respond(asked.response_url, text="done", replace_original=True)
        (message,) = slack.messages(news)
        assert (message.text, message.versions) == ("done", [("wait", [])])
        await respond(asked.response_url, delete_original=True)
        assert slack.messages(news) == []


async def test_an_answer_may_stand_in_a_thread(slack: SlackDouble, news: Channel) -> None:
    """Where thread_ts says so, for all or for one."""
    parent = await slack.types(news, "news?")
    async with wire(slack):
        asked = await slack.slash(news, "status")
        await respond(asked.response_url, text="x", response_type="in_channel", thread_ts=parent.ts)
        await respond(asked.response_url, text="y", thread_ts=parent.ts)
    assert [message.thread_ts for message in asked.shown] == [parent.ts] * 2


async def test_a_direct_message_answers_what_was_asked_last(
    slack: SlackDouble, client: AsyncWebClient, news: Channel, ann: User
) -> None:
    """What the bot writes to a person of its own counts as the answer."""
    async with wire(slack):
        asked = await slack.slash(news, "status")
        await client.chat_postMessage(channel=ann.id, text=NEWS, **QUIET)
        assert (await asked.answered()).channel == slack.dm(ann).id


async def test_without_a_connection_a_command_fails(slack: SlackDouble, news: Channel) -> None:
    """Slack tells the person at once, and the bot never hears of it."""
    asked = await slack.slash(news, "status")
    assert asked.failed == "dispatch_failed"
    async with wire(slack) as one:
        with pytest.raises(TimeoutError):
            await one.next(timeout=0.1)
    with pytest.raises(AssertionError, match="dispatch_failed"):
        await asked.answered(timeout=0.01)


async def test_a_command_that_is_not_there_cannot_be_sent(slack: SlackDouble, news: Channel) -> None:
    """Nor any without the scope for commands."""
    with pytest.raises(AssertionError, match="no /other"):
        await slack.slash(news, "x", command="/other")
    slack.scopes.discard("commands")
    with pytest.raises(AssertionError, match="scope"):
        await slack.slash(news, "x")
