"""The double tells what stands where, which places there are, and who is who."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackDouble, User
from tests.slack_double.tools import Json, post, refused

pytestmark = pytest.mark.asyncio


async def test_history_comes_in_pages(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """Newest first, each message once, replies not at all."""
    times = [await post(client, news, str(number)) for number in range(7)]
    await post(client, news, "reply", thread_ts=times[0])
    pages = [
        (page["messages"], page["has_more"])
        async for page in await client.conversations_history(channel=news.id, limit=3)
    ]
    assert [(len(messages), more) for messages, more in pages] == [(3, True), (3, True), (1, False)]
    assert [message["ts"] for messages, _ in pages for message in messages] == times[::-1]
    assert pages[-1][0][0]["reply_count"] == 1
    assert slack.violations == []


@pytest.mark.parametrize(
    ("bounds", "there"),
    [
        ({"oldest": 1}, [3, 2]),
        ({"oldest": 1, "inclusive": True}, [3, 2, 1]),
        ({"latest": 2}, [1, 0]),
        ({"latest": 2, "inclusive": True}, [2, 1, 0]),
        ({"oldest": 0, "latest": 3}, [2, 1]),
        ({"oldest": 2, "latest": 1}, []),
    ],
)
async def test_history_has_bounds(
    client: AsyncWebClient, news: Channel, bounds: Json, there: list[int]
) -> None:
    """Bounds are left out themselves, unless they are asked for."""
    times = [await post(client, news, str(number)) for number in range(4)]
    given: Any = {name: times[one] if name != "inclusive" else one for name, one in bounds.items()}
    page = await client.conversations_history(channel=news.id, **given)
    assert [message["text"] for message in page["messages"]] == [str(number) for number in there]


async def test_metadata_has_to_be_asked_for(client: AsyncWebClient, news: Channel) -> None:
    """Only with include_all_metadata messages tell of their mark."""
    mark = {"event_type": "mark", "event_payload": {"id": "d1"}}
    ts = await post(client, news, metadata=mark)
    for method in ("conversations.history", "conversations.replies"):
        args = {"channel": news.id, "ts": ts}
        bare = await client.api_call(method, params=args)
        assert "metadata" not in bare["messages"][0]
        whole = await client.api_call(method, params={**args, "include_all_metadata": True})
        assert whole["messages"][0]["metadata"] == mark


async def test_a_thread_comes_in_pages(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """Its first message first, on each page, then the replies as they came."""
    asked = await slack.types(news, "news?")
    times = [await post(client, news, thread_ts=asked.ts) for _ in range(5)]
    pages = [
        [message["ts"] for message in page["messages"]]
        async for page in await client.conversations_replies(channel=news.id, ts=asked.ts, limit=3)
    ]
    assert pages == [[asked.ts, *times[:2]], [asked.ts, *times[2:4]], [asked.ts, times[4]]]
    missing = client.conversations_replies(channel=news.id, ts="1.000000")
    assert await refused(missing) == "thread_not_found"


async def test_unseen_channels_are_not_read(slack: SlackDouble, client: AsyncWebClient) -> None:
    """Where the bot is not, it reads nothing."""
    far, secret = slack.add_channel("far", bot=False), slack.add_channel("s", private=True, bot=False)
    assert await refused(client.conversations_history(channel=far.id)) == "not_in_channel"
    assert await refused(client.conversations_history(channel=secret.id)) == "channel_not_found"
    assert await refused(client.conversations_info(channel=secret.id)) == "channel_not_found"
    assert not (await client.conversations_info(channel=far.id))["channel"]["is_member"]


async def test_places_are_listed(slack: SlackDouble, client: AsyncWebClient, ann: User) -> None:
    """Public channels, private ones the bot is in; in pages, by kind, without archived ones if wanted."""
    for number in range(3):
        slack.add_channel(f"c{number}", bot=number < 2)
    slack.add_channel("old", archived=True)
    slack.add_channel("secret", private=True)
    slack.add_channel("hidden", private=True, bot=False)
    slack.dm(ann)
    slack.add_group_dm(ann)

    async def names(call: Any) -> list[str]:
        return [one.get("name", "dm") async for page in await call for one in page["channels"]]

    both = "public_channel,private_channel"
    listed = client.conversations_list(types=both, limit=2, exclude_archived=True)
    assert await names(listed) == ["c0", "c1", "c2", "secret"]
    assert await names(client.conversations_list()) == ["c0", "c1", "c2", "old"]
    assert await names(client.users_conversations(types=both)) == ["c0", "c1", "old", "secret"]
    assert await names(client.users_conversations(types="im,mpim")) == ["dm", "mpdm-ann-1"]
    assert await refused(client.conversations_list(types="forum")) == "invalid_types"


async def test_members_are_listed(slack: SlackDouble, client: AsyncWebClient) -> None:
    """In pages, the bot among them."""
    people = [slack.add_user(f"u{number}") for number in range(3)]
    talk = slack.add_channel("talk", members=people)
    pages = [page["members"] async for page in await client.conversations_members(channel=talk.id, limit=3)]
    assert pages == [[user.id for user in people], [slack.bot.id]]


async def test_people_and_groups(slack: SlackDouble, client: AsyncWebClient) -> None:
    """Who is an admin, an owner, in which zone, and in which groups."""
    boss = slack.add_user("boss", owner=True, tz="America/New_York")
    group = slack.add_group("eds", [boss])
    user = (await client.users_info(user=boss.id))["user"]
    assert (user["is_admin"], user["is_owner"], user["tz"]) == (True, True, "America/New_York")
    assert user["tz_offset"] in (-4 * 3600, -5 * 3600)
    assert await refused(client.users_info(user="U404")) == "user_not_found"
    listed = (await client.usergroups_list(include_users=True))["usergroups"]
    assert [(one["id"], one["handle"], one["users"]) for one in listed] == [(group.id, "eds", [boss.id])]
    assert "users" not in (await client.usergroups_list())["usergroups"][0]
    assert (await client.usergroups_users_list(usergroup=group.id))["users"] == [boss.id]
    assert await refused(client.usergroups_users_list(usergroup="S404")) == "no_such_subteam"
    slack.scopes.add("team:read")
    assert (await client.team_info())["team"]["id"] == slack.team.id
