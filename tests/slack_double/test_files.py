"""Files go into the double and come out of it."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackDouble
from tests.slack_double.tools import connected, post, refused

pytestmark = pytest.mark.asyncio


async def test_a_file_is_uploaded_into_a_thread(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """The three steps of the SDK end in one message with the file."""
    asked = await slack.types(news, "a picture?")
    await client.files_upload_v2(
        content=b"\x89PNG", filename="a.png", title="A", channel=news.id,
        initial_comment="Here", thread_ts=asked.ts,
    )  # fmt: skip
    (message,) = slack.from_bot(news)
    assert (message.text, message.thread_ts) == ("Here", asked.ts)
    assert [(file.name, file.content, file.title) for file in message.files] == [("a.png", b"\x89PNG", "A")]
    info = (await client.files_info(file=message.files[0].id))["file"]
    assert (info["mimetype"], info["size"], info["channels"]) == ("image/png", 4, [news.id])
    assert slack.violations == []


async def test_uploads_that_are_not_whole_are_refused(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """An upload without bytes, with others than said, or to no address, is no file."""
    begun = await client.files_getUploadURLExternal(filename="a.png", length=4)
    done = client.files_completeUploadExternal(files=[{"id": begun["file_id"]}], channel_id=news.id)
    assert await refused(done) == "file_not_found"
    async with aiohttp.ClientSession() as session:
        for status in (400, 404):  # the second time the address is used up
            async with session.post(begun["upload_url"], data=b"toolong") as answer:
                assert answer.status == status
    assert len(slack.violations) == 2


async def test_a_picture_in_a_block_has_to_be_there(client: AsyncWebClient, news: Channel) -> None:
    """A block shows a file that was uploaded, and no other."""
    uploaded = await client.files_upload_v2(content=b"x", filename="a.png")
    picture = {"type": "image", "alt_text": "A", "slack_file": {"id": uploaded["file"]["id"]}}
    await post(client, news, blocks=[picture])
    broken = {**picture, "slack_file": {"id": "F404"}}
    assert await refused(post(client, news, blocks=[broken])) == "invalid_blocks"


async def test_files_are_private(slack: SlackDouble, news: Channel) -> None:
    """With the token there are bytes; without it a page to sign in, with a 200 all the same."""
    async with connected(slack) as bot:
        message = await slack.types(news, "look", files=[("a.txt", b"words")])
        await slack.until(lambda: bot.heard)
        event = bot.heard[0]
    assert event["subtype"] == "file_share"
    told = event["files"][0]
    assert (told["name"], told["size"], told["mimetype"]) == ("a.txt", 5, "text/plain")
    assert message.files[0].content == b"words"
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(told["url_private_download"], headers=headers) as answer:
            assert await answer.read() == b"words"
        async with session.get(told["url_private"]) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
        slack.scopes.discard("files:read")
        async with session.get(told["url_private"], headers=headers) as answer:
            assert answer.content_type == "text/html"
