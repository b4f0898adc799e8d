"""What goes wrong in the double on purpose, and its rate limits."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, Fault, SlackDouble
from tests.slack_double.tools import (
    post,
    refused,
    respond,
    wire,
)

pytestmark = pytest.mark.asyncio


async def test_an_answer_is_lost(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """The message stands there, and the client does not know."""
    slack.fail("chat.postMessage", Fault.lost())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(client, news)
    assert len(slack.from_bot(news)) == 1
    assert slack.requested("chat.postMessage")[0].fault == "lost"


async def test_a_request_is_dropped(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """For the client it looks the same, and nothing stands there."""
    slack.fail("chat.postMessage", Fault.dropped())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(client, news)
    assert slack.messages(news) == []


async def test_the_sdks_own_retry_posts_twice(slack: SlackDouble, news: Channel) -> None:
    """Which is why the bot builds its clients without."""
    careless = AsyncWebClient(token=slack.bot_token, base_url=slack.api_base)
    slack.fail("chat.postMessage", Fault.lost())
    await post(careless, news)
    assert len(slack.from_bot(news)) == 2


async def test_other_faults(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """Each is met by one request, in the order in which they were scripted."""
    slack.fail("chat.postMessage", Fault.error("fatal_error"))
    slack.fail("chat.postMessage", Fault.too_many(7))
    slack.fail("chat.postMessage", Fault.status(503))
    slack.fail("chat.postMessage", Fault.garbage())
    slack.fail("chat.postMessage", Fault.hang(0.05))
    assert await refused(post(client, news)) == "fatal_error"
    with pytest.raises(SlackApiError) as caught:
        await post(client, news)
    assert caught.value.response.status_code == 429
    assert (caught.value.response["error"], caught.value.response.headers["Retry-After"]) == (
        "ratelimited",
        "7",
    )
    with pytest.raises(SlackApiError) as caught:
        await post(client, news)
    assert caught.value.response.status_code == 503
    with pytest.raises(SlackApiError):
        await post(client, news)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(client, news)
    assert slack.server.faults.left == 0
    assert (slack.messages(news), slack.too_many, slack.violations) == ([], 1, [])
    await post(client, news)


async def test_a_fault_of_one_channel(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """Others are not met by it, nor are other methods."""
    slack.fail("chat.postMessage", Fault.error("fatal_error"), times=2, channel=news)
    await post(client, slack.add_channel("other"))
    await client.conversations_history(channel=news.id)
    assert await refused(post(client, news)) == "fatal_error"
    assert await refused(post(client, news)) == "fatal_error"
    await post(client, news)


async def test_response_urls_fail_too(slack: SlackDouble, news: Channel) -> None:
    """And files, under the names `response_url`, `upload` and `file`."""
    slack.fail("response_url", Fault.status(500))
    async with wire(slack):
        asked = await slack.slash(news, "status")
        assert await respond(asked.response_url, text="x") == (500, "scripted")
        assert await respond(asked.response_url, text="x") == (200, "ok")
    assert [request.status for request in slack.requested("response_url")] == [500, 200]


async def test_one_post_a_second_in_each_channel(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """One more is refused with the seconds to wait; other channels are not held up."""
    slack.limit_channels(per_second=5)
    await post(client, news)
    assert await refused(post(client, news)) == "ratelimited"
    await post(client, slack.add_channel("other"))
    await asyncio.sleep(0.2)
    await post(client, news)
    assert slack.too_many == 1
    times = [request.loop_at for request in slack.requested("chat.postMessage")]
    assert times == sorted(times)
    assert [request.error for request in slack.requested("chat.postMessage")] == [
        "",
        "ratelimited",
        "",
        "",
    ]


async def test_a_burst_is_tolerated(client: AsyncWebClient, slack: SlackDouble, news: Channel) -> None:
    """As many as it is said, after a pause."""
    slack.limit_channels(per_second=1, burst=3)
    for _ in range(3):
        await post(client, news)
    assert await refused(post(client, news)) == "ratelimited"


async def test_limits_of_a_method_and_of_the_workspace(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """So many in any stretch of time, over all channels."""
    slack.limit_workspace(2, seconds=0.3)
    slack.limit_method("chat.update", 1)
    ts = await post(client, news)
    await post(client, slack.add_channel("other"))
    assert await refused(post(client, news)) == "ratelimited"
    await asyncio.sleep(0.3)
    await post(client, news)
    await client.chat_update(channel=news.id, ts=ts, text="x", parse="none")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_update(channel=news.id, ts=ts, text="y", parse="none")
    assert 58 <= int(caught.value.response.headers["Retry-After"]) <= 60
    assert slack.too_many == 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault.status(500, stored=True),
        Fault.error("internal_error", stored=True),
        Fault.garbage(stored=True),
        Fault.hang(0.01, stored=True),
        Fault.lost(),
    ],
    ids=lambda fault: str(fault.name),
)
async def test_the_work_is_done_all_the_same(
    slack: SlackDouble, client: AsyncWebClient, news: Channel, fault: Fault
) -> None:
    """The client hears of a failure, and the message stands there, marked."""
    mark = {"event_type": "mark", "event_payload": {"id": "d1"}}
    slack.fail("chat.postMessage", fault)
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await post(client, news, metadata=mark)
    found = await client.conversations_history(channel=news.id, include_all_metadata=True)
    assert [message["metadata"] for message in found["messages"]] == [mark]


async def test_an_answer_may_be_slow(slack: SlackDouble, client: AsyncWebClient, news: Channel) -> None:
    """It is the true one all the same."""
    slack.fail("chat.postMessage", Fault.slow(0.1))
    loop = asyncio.get_running_loop()
    began = loop.time()
    ts = await post(client, news)
    assert loop.time() - began >= 0.1
    assert slack.from_bot(news)[0].ts == ts
