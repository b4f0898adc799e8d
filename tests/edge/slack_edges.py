"""A bot in this process, connected to a local Slack through the real libraries."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Any

import pytest

from bot.config import Slack as Settings
from bot.desk.desk import Desk
from bot.edge.slack.listening.responding import Ahead
from bot.edge.slack.socket.connection import SlackEdge
from tests.doubles.slack import Channel, Message, SlackDouble, User


@asynccontextmanager
async def connected(
    slack: SlackDouble, desk: Desk, ahead: Ahead = lambda _: nullcontext()
) -> AsyncIterator[SlackEdge]:
    """A connected bot that asks this desk for /bridge and !bridge; in the end nothing was sent amiss."""
    slack.commands.add("/bridge")
    settings = Settings(slack.bot_token, slack.app_token, slack.api_base)
    edge = SlackEdge(settings, {"bridge": desk}, ahead)
    running = asyncio.create_task(edge.run())
    try:
        await slack.connected()
        yield edge
    finally:
        await edge.close()
        await running
        await slack.disconnected()


async def answer(slack: SlackDouble, channel: Channel, count: int = 1, timeout: float = 5) -> Message:
    """The answer of this number that the bot has given in a channel, counted from 1."""
    what = f"there are not {count} answers in {channel.name}"
    await slack.until(lambda: len(slack.from_bot(channel)) >= count, timeout, what)
    return slack.from_bot(channel)[count - 1]


async def whispered(slack: SlackDouble, channel: Channel, user: User, count: int = 1) -> Message:
    """The same of what it has said to one person alone."""
    what = f"there are not {count} whispers to {user.name}"
    await slack.until(lambda: len(slack.ephemerals(channel, user)) >= count, what=what)
    return slack.ephemerals(channel, user)[count - 1]


@contextmanager
def stranger(slack: SlackDouble, channel: Channel, team: str = "T0ELSEWHERE") -> Iterator[User]:
    """An admin of another workspace, in a channel that is shared with it."""
    cem = slack.add_user("cem", admin=True)
    slack.join(channel, cem)
    with of_another_workspace(slack, [cem], team):
        yield cem


@contextmanager
def of_another_workspace(
    slack: SlackDouble, users: Collection[User], team: str = "T0ELSEWHERE"
) -> Iterator[None]:
    """Within it, people belong to another workspace, which shares the channels that they are in."""
    payload, told = User.payload, slack.events.message_payload
    ids = {user.id for user in users}

    def of_another(user: User, own: str) -> dict[str, Any]:
        return payload(user, team if user in users else own)

    def tell(message: Message, **more: Any) -> dict[str, Any]:
        made = told(message, **more)
        return made | {"user_team": team, "source_team": team} if message.user in ids else made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(User, "payload", of_another)
        patch.setattr(slack.events, "message_payload", tell)
        yield
