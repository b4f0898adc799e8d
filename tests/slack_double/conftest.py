"""A workspace, a client, a channel and a person."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackDouble, User
from tests.slack_double.tools import client_of


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    """A workspace with ann in it."""
    async with SlackDouble() as double:
        double.add_user("ann")
        yield double


@pytest.fixture
def client(slack: SlackDouble) -> AsyncWebClient:
    """The real client."""
    return client_of(slack)


@pytest.fixture
def news(slack: SlackDouble) -> Channel:
    """A channel in which everybody is."""
    return slack.add_channel("news")


@pytest.fixture
def ann(slack: SlackDouble) -> User:
    """A person."""
    return slack.world.users[slack.world.typed["@ann"]]
