"""The double keeps what the bot posts, edits and deletes, and refuses what Slack refuses."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, Fault, SlackDouble, User
from tests.slack_double.tools import NEWS, QUIET, button, client_of, post, refused, section

pytestmark = pytest.mark.asyncio


async def test_a_post_stands_in_the_channel(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """A message is kept as it was sent, and given back as Slack would."""
    blocks = [section(f"*{NEWS}* & <https://esa.int|more>", accessory=button("Why?", action_id="why"))]
    mark = {"event_type": "mark", "event_payload": {"id": "d1"}}
    posted = await client.chat_postMessage(channel=news.id, text=NEWS, blocks=blocks, metadata=mark, **QUIET)
    (message,) = slack.messages(news)
    assert (message.ts, message.user, message.text) == (posted["ts"], slack.bot.id, NEWS)
    assert message.said == f"{NEWS} & more"
    assert (message.labels, message.links) == (["Why?"], ["https://esa.int"])
    assert (message.metadata, message.blocks, message.edited) == (mark, blocks, False)
    shown = posted["message"]["blocks"][0]
    assert shown["block_id"]
    assert shown["text"]["text"].startswith(f"*{NEWS}* &amp; ")
    assert slack.violations == []


async def test_where_the_bot_may_not_write(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """A public channel has to be joined, a private one is not even known, an archived one is closed."""
    for channel, error in (
        (slack.add_channel("far", bot=False), "not_in_channel"),
        (slack.add_channel("secret", private=True, bot=False), "channel_not_found"),
        (slack.add_channel("old", archived=True), "is_archived"),
    ):
        assert await refused(post(client, channel)) == error
    slack.channel_gone(news)
    assert await refused(post(client, news)) == "channel_not_found"
    assert slack.violations == []


async def test_public_channels_need_no_joining_with_a_scope(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    """chat:write.public lets the bot post, and still not read."""
    far = slack.add_channel("far", bot=False)
    slack.scopes.add("chat:write.public")
    await post(client, far)
    assert len(slack.from_bot(far)) == 1
    assert await refused(client.conversations_history(channel=far.id)) == "not_in_channel"


async def test_the_bot_is_taken_out(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """Afterwards it can neither post nor edit there."""
    ts = await post(client, news)
    slack.remove_bot(news)
    assert await refused(post(client, news)) == "not_in_channel"
    edit = client.chat_update(channel=news.id, ts=ts, text="x", parse="none")
    assert await refused(edit) == "not_in_channel"


async def test_an_archived_channel_is_not_edited(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """Nor is anything deleted there."""
    ts = await post(client, news)
    slack.archive(news)
    edit = client.chat_update(channel=news.id, ts=ts, text="x", parse="none")
    assert await refused(edit) == "is_inactive"
    assert await refused(client.chat_delete(channel=news.id, ts=ts)) == "is_inactive"
    assert await refused(post(client, news)) == "is_archived"


async def test_a_post_to_a_person_is_a_direct_message(
    slack: SlackDouble, client: AsyncWebClient, ann: User
) -> None:
    """The id of a user stands for the messages with them, which can be opened as well."""
    posted = await client.chat_postMessage(channel=ann.id, text=NEWS, **QUIET)
    opened = await client.conversations_open(users=[ann.id])
    assert posted["channel"] == opened["channel"]["id"] == slack.dm(ann).id
    assert [message.text for message in slack.messages(slack.dm(ann))] == [NEWS]


async def test_threads(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """An answer stands under its parent; under a reply, or nothing, it is wrong."""
    asked = await slack.types(news, "news?")
    ts = await post(client, news, thread_ts=asked.ts)
    assert slack.from_bot(news)[0].thread_ts == asked.ts
    assert asked.replies == 1
    assert await refused(post(client, news, thread_ts="1.000000")) == "thread_not_found"
    assert slack.violations == []
    await post(client, news, thread_ts=ts)
    assert slack.violations == ["answers to a reply: thread_ts has to be that of its parent"]


async def test_limits_are_refused(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """What has too many or too long blocks does not stand there, and is a violation."""
    many = [section("x")] * 51
    assert await refused(post(client, news, blocks=many)) == "invalid_blocks"
    assert await refused(client.api_call("chat.postMessage", json={"channel": news.id})) == "no_text"
    assert len(slack.violations) == 2
    assert slack.messages(news) == []


async def test_house_rules_are_violations(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """Slack takes it, and yet: nothing unfurls, blocks have a text beside them, edits parse nothing."""
    posted = await client.chat_postMessage(channel=news.id, text=NEWS)
    await client.chat_update(channel=news.id, ts=posted["ts"], text=NEWS)
    with pytest.warns(UserWarning, match="text"):
        await client.chat_postMessage(channel=news.id, blocks=[section("x")], **QUIET)
    said = " ".join(slack.violations)
    for rule in ("unfurl_links", "unfurl_media", "parse", "missing_text_in_message"):
        assert rule in said
    assert len(slack.from_bot(news)) == 2


async def test_an_edit_replaces_everything(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """Without blocks they are gone, without metadata it is; what was before is kept by the double."""
    blocks, mark = [section("x")], {"event_type": "mark", "event_payload": {"id": "d1"}}
    ts = await post(client, news, blocks=blocks, metadata=mark)
    await client.chat_update(channel=news.id, ts=ts, text="y", parse="none")
    (message,) = slack.from_bot(news)
    assert (message.text, message.blocks, message.metadata) == ("y", [], {})
    assert message.versions == [(NEWS, blocks)]
    await client.chat_update(channel=news.id, ts=ts, text="z", blocks=blocks, metadata=mark, parse="none")
    assert (message.said, message.metadata, message.edited) == ("x", mark, True)
    assert slack.violations == []


async def test_only_what_is_there_and_ones_own_is_edited(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """A person's message is not the bot's, and one that was deleted is gone."""
    theirs, ts = await slack.types(news, "hi"), await post(client, news)

    def edit(ts: str) -> Any:
        return client.chat_update(channel=news.id, ts=ts, text="x", parse="none")

    assert await refused(edit(theirs.ts)) == "cant_update_message"
    assert await refused(client.chat_delete(channel=news.id, ts=theirs.ts)) == "cant_delete_message"
    await client.chat_delete(channel=news.id, ts=ts)
    assert await refused(edit(ts)) == "message_not_found"
    slack.fail("chat.update", Fault.error("edit_window_closed"))
    assert await refused(edit(await post(client, news))) == "edit_window_closed"


async def test_what_others_have_answered_leaves_a_tombstone(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """A deleted message with replies is no message, but its thread is still there."""
    ts = await post(client, news)
    parent = slack.from_bot(news)[0]
    reply = await slack.types(news, "why?", thread=parent)
    slack.delete_message(parent)
    edit = client.chat_update(channel=news.id, ts=ts, text="x", parse="none")
    assert await refused(edit) == "message_not_found"
    thread = (await client.conversations_replies(channel=news.id, ts=ts))["messages"]
    assert [one["ts"] for one in thread] == [ts, reply.ts]
    assert thread[0]["subtype"] == "tombstone"
    assert slack.messages(news) == [reply]


async def test_words_to_one_person(
    slack: SlackDouble, client: AsyncWebClient, news: Channel, ann: User
) -> None:
    """An ephemeral message is in no history, cannot be edited, and only members see it."""
    said = await client.chat_postEphemeral(channel=news.id, user=ann.id, text="psst")
    assert [message.text for message in slack.ephemerals(news, ann)] == ["psst"]
    assert slack.messages(news) == []
    edit = client.chat_update(channel=news.id, ts=said["message_ts"], text="x", parse="none")
    assert await refused(edit) == "message_not_found"
    bob = slack.add_user("bob")
    outside = client.chat_postEphemeral(channel=news.id, user=bob.id, text="psst")
    assert await refused(outside) == "user_not_in_channel"
    assert slack.ephemerals(news, bob) == []


async def test_nobody_sees_an_ephemeral_message_in_a_thread_that_is_none(
    slack: SlackDouble, client: AsyncWebClient, news: Channel, ann: User
) -> None:
    """A message without replies has no thread to whisper in."""
    asked = await slack.types(news, "news?")
    await client.chat_postEphemeral(channel=news.id, user=ann.id, text="psst", thread_ts=asked.ts)
    assert "nobody sees it" in slack.violations[0]
    await post(client, news, thread_ts=asked.ts)
    await client.chat_postEphemeral(channel=news.id, user=ann.id, text="psst", thread_ts=asked.ts)
    assert len(slack.violations) == 1


async def test_times_are_unique_and_rise() -> None:
    """Each message of a channel is later than the one before, even where the clock stands still."""
    async with SlackDouble(clock=lambda: 1_650_000_000.5) as slack:
        client, news, talk = client_of(slack), slack.add_channel("news"), slack.add_channel("talk")
        times = [await post(client, news) for _ in range(3)]
        assert times == ["1650000000.500000", "1650000000.500001", "1650000000.500002"]
        assert await post(client, talk) == times[0]
        assert slack.requested("chat.postMessage")[0].at == 1_650_000_000.5
