"""Answers on a local Slack that it does not take at once: said again when it asks to, and never twice."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import pytest_asyncio

from bot.desk.desk import Desk
from bot.edge.slack.listening.responding import Responder, Way
from bot.edge.slack.posting import pace
from bot.edge.slack.posting.pace import Paces
from bot.render.slack import Message
from bot.store.store import Store
from tests.doubles.slack import Channel, Fault, Interaction, SlackDouble, User
from tests.doubles.slack_http import Reply as Answer
from tests.edge.slack_edges import connected
from tests.edge.test_slack_askers import Looking
from tests.stories import STORY

pytestmark = pytest.mark.asyncio

POST, URL = "chat.postMessage", "response_url"
SAID = Message("It is so.", ({"type": "section", "text": {"type": "mrkdwn", "text": "It is so."}},))


class Scene(NamedTuple):
    """A connected bot, a command that was called, and what answers it once more."""

    slack: SlackDouble
    news: Channel
    bea: User
    paces: Paces
    responder: Responder
    called: Interaction

    async def answer(self, *, public: bool = False) -> bool:
        """Answers the command, in a channel."""
        way = Way(self.bea.id, self.called.response_url, self.news.id)
        return await self.responder.answer(way, SAID, public=public)

    @property
    def in_place(self) -> int:
        """How many such answers stand where the command was called."""
        shown = (one for one in self.called.shown if one.channel == self.news.id)
        return sum(one.said == "It is so." for one in shown)

    @property
    def direct(self) -> int:
        """The same in direct messages."""
        return sum("It is so." in one.said for one in self.slack.from_bot(self.slack.dm(self.bea)))


@pytest_asyncio.fixture(name="it")
async def _it(store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.setattr(pace, "CHANNEL_SECONDS", 0.1)
    async with SlackDouble() as slack:
        bea, news, paces = slack.add_user("bea"), slack.add_channel("news"), Paces(0, 0)
        slack.join(news, bea)

        async def direct(_: str) -> str:
            return slack.dm(bea).id

        async with connected(slack, Desk(store, STORY, Looking().commands), paces.ahead) as edge:
            assert edge.web is not None
            called = await slack.slash(news, "ask it", bea, command="/bridge")
            await called.answered()
            yield Scene(slack, news, bea, paces, Responder(edge.web, direct, paces.ahead), called)
        assert slack.violations == []


def wait(seconds: float, status: int = 429) -> Fault:
    """An answer that asks to wait; nothing was done."""
    return Fault(f"{status}", stored=False, reply=Answer({}, status, {"Retry-After": f"{seconds}"}))


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("status", [429, 503])
async def test_what_slack_asks_to_wait_for_is_said_again(it: Scene, status: int, *, public: bool) -> None:
    """In the same place, and once."""
    it.slack.fail(URL, wait(0.1, status), 2)
    assert await it.answer(public=public)
    assert (it.in_place, it.direct, len(it.slack.requested(URL))) == (1, 0, 3)


@pytest.mark.parametrize("fault", [wait(100), Fault.status(404)], ids=["429", "404"])
async def test_what_nobody_else_sees_goes_by_direct_message(it: Scene, fault: Fault) -> None:
    """Where it was surely not shown, and without waiting in vain; what others see does not."""
    it.slack.fail(URL, fault, 2)
    async with asyncio.timeout(3):
        assert not await it.answer(public=True)
        assert (it.in_place, it.direct) == (0, 0)
        assert await it.answer()
    assert (it.in_place, it.direct, len(it.slack.requested(URL))) == (0, 1, 2)


@pytest.mark.parametrize(
    "fault",
    [Fault.status(500), Fault.status(500, stored=True), Fault.lost(), Fault.dropped()],
    ids=["500", "500, shown", "lost", "dropped"],
)
async def test_what_may_have_been_shown_is_not_said_again(
    it: Scene, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    """Nowhere; it is a line in the log."""
    it.slack.fail(URL, fault)
    assert await it.answer()
    assert (it.in_place, it.direct) == (int(fault.stored), 0)
    (line,) = [one.message for one in caplog.records if one.levelno >= logging.WARNING]
    assert "perhaps not shown" in line


async def test_many_who_ask_in_one_channel_are_answered_one_after_the_other(it: Scene) -> None:
    """Without a single 429; the next digest there waits no longer than for them."""
    it.slack.limit_channels(14)
    before = len(it.slack.from_bot(it.news))
    for number in range(15):
        await it.slack.types(it.news, f"!bridge ask {number}", it.bea)
    await it.slack.until(lambda: len(it.slack.from_bot(it.news)) == before + 15)
    assert (it.slack.too_many, len(it.slack.requested(POST))) == (0, 15)
    start = asyncio.get_running_loop().time()
    await it.paces.channel(it.news.id)
    assert asyncio.get_running_loop().time() - start < 0.5


async def test_many_who_ask_while_slack_takes_no_messages_are_answered_afterwards(it: Scene) -> None:
    """One of them is refused, and not all of them again and again."""
    it.slack.fail(POST, wait(0.5))
    before = len(it.slack.from_bot(it.news))
    for number in range(10):
        await it.slack.types(it.news, f"!bridge ask {number}", it.bea)
    await it.slack.until(lambda: len(it.slack.from_bot(it.news)) == before + 10)
    assert len(it.slack.requested(POST)) <= 10 + 3  # some may have been under way
