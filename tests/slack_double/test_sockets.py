"""The double's connections."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackDouble
from tests.slack_double.tools import connected, refused, wire

pytestmark = pytest.mark.asyncio


async def test_pings_are_answered(slack: SlackDouble) -> None:
    """The client that hears no pong makes a new connection."""
    async with connected(slack, ping_interval=0.1):
        await slack.until(lambda: slack.connections and slack.connections[0].pings > 3)
        assert slack.sockets.opened == 1
        slack.sockets.pongs = False
        await slack.until(lambda: slack.sockets.opened > 1)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_the_client_goes_when_it_is_asked_to(slack: SlackDouble, news: Channel, reason: str) -> None:
    """After a disconnect of any kind it comes back over a new connection."""
    async with connected(slack) as bot:
        first = slack.connections[0]
        await slack.disconnect(reason, close_after=0.2)
        await slack.until(lambda: slack.sockets.opened == 2 and first not in slack.connections)
        await slack.connected()
        await slack.types(news, "still there?")
        await slack.until(lambda: bot.heard)
    assert len(slack.requested("apps.connections.open")) == 2


async def test_one_connection_of_two(slack: SlackDouble) -> None:
    """Each can be closed by itself, some time after it was said."""
    async with wire(slack) as first, wire(slack):
        await slack.connected(2)
        await slack.disconnect("warning", close_after=0.05, which=slack.connections[0])
        frame = await first.next()
        assert (frame["type"], frame["reason"]) == ("disconnect", "warning")
        await slack.until(lambda: len(slack.connections) == 1)


async def test_an_address_works_once(slack: SlackDouble, client: AsyncWebClient) -> None:
    """The second connection needs one of its own."""
    opened = await client.apps_connections_open(app_token=slack.app_token)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(opened["url"]):
            pass
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened["url"])


async def test_ten_connections_and_no_more(slack: SlackDouble) -> None:
    """The eleventh is told so; what happens goes to any one of the others, and to one only."""
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(slack.sockets.new_url()) for _ in range(11)]
        assert (await sockets[9].receive_json())["num_connections"] == 10
        assert (await sockets[10].receive_json())["type"] == "hello"
        assert (await sockets[10].receive_json())["reason"] == "too_many_websockets"
        await slack.until(lambda: len(slack.connections) == 10)
        news = slack.add_channel("news")
        for _ in range(40):
            await slack.types(news, "hello")
        used = {one.connection for one in slack.unacked}
        assert len(slack.sockets.delivered) == 40
        assert len(used) > 5
        for socket in sockets:
            await socket.close()


async def test_connecting_can_be_refused(slack: SlackDouble, client: AsyncWebClient) -> None:
    """apps.connections.open says why, until it does not."""
    slack.refuse("invalid_auth")
    opening = client.apps_connections_open(app_token=slack.app_token)
    assert await refused(opening) == "invalid_auth"
    slack.refuse(None)
    await client.apps_connections_open(app_token=slack.app_token)


async def test_slack_is_away_and_comes_back(slack: SlackDouble, news: Channel) -> None:
    """The client finds it again on the same port, and everything is as it was."""
    async with connected(slack, ping_interval=0.1) as bot:
        await slack.down()
        with pytest.raises(aiohttp.ClientConnectorError):
            await bot.client.auth_test()
        await slack.up()
        await slack.connected()
        await slack.types(news, "back?")
        await slack.until(lambda: bot.heard)


async def test_a_reset(slack: SlackDouble) -> None:
    """The client notices that its connection is cut, and makes another one."""
    async with connected(slack, ping_interval=0.1):
        slack.abort()
        await slack.until(lambda: slack.sockets.opened == 2)
        await slack.connected()
