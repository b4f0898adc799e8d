"""What the bot hears from the double."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackDouble, User
from tests.slack_double.tools import NEWS, button, connected, modal, post, refused, row, section

pytestmark = pytest.mark.asyncio


async def test_a_message_is_told(slack: SlackDouble, news: Channel, ann: User) -> None:
    """With everything that the real one has, and acknowledged by the SDK."""
    async with connected(slack) as bot:
        asked = await slack.types(news, "R&D?")
        await slack.types(news, "still?", thread=asked)
        await slack.until(lambda: len(bot.heard) == 2)
        await slack.until(lambda: not slack.unacked)
    first, second = bot.heard
    assert (first["channel"], first["channel_type"], first["user"]) == (news.id, "channel", ann.id)
    assert (first["text"], first["ts"]) == ("R&amp;D?", asked.ts)
    assert "thread_ts" not in first
    assert (second["thread_ts"], second["parent_user_id"]) == (asked.ts, ann.id)
    assert slack.violations == []


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        ("channel", "channels:history"),
        ("group", "groups:history"),
        ("im", "im:history"),
        ("mpim", "mpim:history"),
    ],
)
async def test_a_message_is_told_only_with_its_scope(
    slack: SlackDouble, ann: User, kind: str, scope: str
) -> None:
    """Each kind of place has a scope of its own."""
    place = {
        "channel": lambda: slack.add_channel("open"),
        "group": lambda: slack.add_channel("closed", private=True),
        "im": lambda: slack.dm(ann),
        "mpim": lambda: slack.add_group_dm(ann),
    }[kind]()
    async with connected(slack) as bot:
        await slack.types(place, "one", ann)
        slack.scopes.discard(scope)
        await slack.types(place, "two", ann)
        slack.scopes.add(scope)
        await slack.types(place, "three", ann)
        await slack.until(lambda: len(bot.heard) == 2)
    assert {event["text"] for event in bot.heard} == {"one", "three"}
    assert {event["channel_type"] for event in bot.heard} == {kind}


async def test_a_mention_fires_two_events(slack: SlackDouble, news: Channel) -> None:
    """app_mention and message tell of one post; in a direct message there is no app_mention."""
    async with connected(slack) as bot:
        asked = await slack.types(news, "status", mention=True)
        await slack.until(lambda: len(bot.heard) == 2)
        assert {event["type"] for event in bot.heard} == {"message", "app_mention"}
        assert {event["ts"] for event in bot.heard} == {asked.ts}
        assert {event["text"] for event in bot.heard} == {f"<@{slack.bot.id}> status"}
        slack.scopes.discard("app_mentions:read")
        await slack.types(news, "again", mention=True)
        await slack.until(lambda: len(bot.heard) == 3)
    assert bot.heard[-1]["type"] == "message"


async def test_where_the_bot_is_not_it_hears_nothing(slack: SlackDouble, news: Channel) -> None:
    """Not even where it is mentioned."""
    async with connected(slack):
        slack.remove_bot(news)
        await slack.types(news, "hello?", mention=True)
        assert slack.sockets.delivered == []


async def test_the_bot_hears_itself(slack: SlackDouble, news: Channel) -> None:
    """Its own posts come back, with its bot_id; bolt leaves them out."""
    async with connected(slack) as bot:
        await post(bot.client, news)
        await slack.until(lambda: slack.connections[0].acks == 1)
    event = slack.sockets.delivered[0]["payload"]["event"]
    assert (event["bot_id"], event["user"], event["text"]) == (slack.bot.bot_id, slack.bot.id, NEWS)
    assert bot.heard == []


async def test_edits_and_deletions_are_told(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """As messages of a subtype; those of the bot come back as well, and bolt leaves them out."""
    async with connected(slack) as bot:
        asked, ts = await slack.types(news, "one"), await post(client, news)
        await slack.edits(asked, "two")
        await client.chat_update(channel=news.id, ts=ts, text="x", parse="none")
        slack.delete_message(asked)
        await slack.until(lambda: slack.connections[0].acks == 5)
    told = [frame["payload"]["event"] for frame in slack.sockets.delivered]
    changed = [event for event in told if event.get("subtype") == "message_changed"]
    assert [event["message"]["text"] for event in changed] == ["two", "x"]
    assert [event["previous_message"]["text"] for event in changed] == ["one", NEWS]
    (deleted,) = [event for event in bot.heard if event.get("subtype") == "message_deleted"]
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (asked.ts, "two")
    assert len(bot.heard) == 3


async def test_the_home_tab(slack: SlackDouble, ann: User) -> None:
    """The bot is told who looks, and with which view; each person has one."""
    async with connected(slack) as bot:
        await slack.opens_home(ann)
        await slack.until(lambda: bot.heard)
        view = {"type": "home", "blocks": [section("*All well*"), row(button("More", action_id="m"))]}
        await bot.client.views_publish(user_id=ann.id, view=view)
        home = slack.home(ann)
        assert home is not None
        assert (home.said, home.labels) == ("All well", ["More"])
        await slack.opens_home(ann)
        await slack.until(lambda: len(bot.heard) == 2)
        assert bot.heard[1]["view"]["hash"] == home.hash
        stale = bot.client.views_publish(user_id=ann.id, view=view, hash="0.old")
        assert await refused(stale) == "hash_conflict"
        assert await refused(bot.client.views_publish(user_id="U404", view=view)) == "user_not_found"
        assert await refused(bot.client.views_publish(user_id=ann.id, view=modal(section("x")))) == (
            "invalid_arguments"
        )
