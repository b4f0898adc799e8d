"""Every envelope of the double is acknowledged within 3 s, or comes again."""

import pytest

from tests.doubles.slack import Channel, SlackDouble
from tests.slack_double.tools import connected, wire

pytestmark = pytest.mark.asyncio


async def test_what_is_not_acknowledged_comes_again(slack: SlackDouble, news: Channel) -> None:
    """With a count and a reason, under another id, and with the same event_id."""
    slack.redeliver_after = 0.05
    async with wire(slack) as one:
        await slack.types(news, "hello")
        first, second = await one.next(), await one.next()
        assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
        assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
        assert first["payload"]["event_id"] == second["payload"]["event_id"]
        assert first["envelope_id"] != second["envelope_id"]
        assert len(slack.unacked) == 1
        await one.ack(second)
        await slack.until(lambda: not slack.unacked)
        await one.ack(first)  # late, and harmless
        with pytest.raises(TimeoutError):
            await one.next(timeout=0.15)
    assert slack.violations == []


async def test_it_goes_to_any_connection(slack: SlackDouble, news: Channel) -> None:
    """What was sent over a connection that broke comes over another one."""
    slack.redeliver_after = 0.1
    async with wire(slack):
        await slack.types(news, "hello")
    async with wire(slack) as other:
        again = await other.next()
        assert again["retry_attempt"] == 1
        await other.ack(again)
        await slack.until(lambda: not slack.unacked)
    assert slack.violations == []


async def test_after_some_tries_it_is_given_up(slack: SlackDouble, news: Channel) -> None:
    """And it stays unacknowledged."""
    slack.redeliver_after, slack.sockets.tries = 0.02, 3
    async with wire(slack) as one:
        await slack.types(news, "hello")
        assert [(await one.next())["retry_attempt"] for _ in range(3)] == [0, 1, 2]
        with pytest.raises(TimeoutError):
            await one.next(timeout=0.1)
    assert len(slack.unacked) == 1


async def test_a_late_acknowledgement_is_a_violation(slack: SlackDouble, news: Channel) -> None:
    """The person was told that it failed, and sees nothing of what comes with it."""
    slack.windows.ack = 0.05
    async with wire(slack) as one:
        asked = await slack.slash(news, "status")
        frame = await one.next()
        await slack.until(lambda: slack.violations)
        await one.ack(frame, {"text": "late"})
        await asked.done()
    assert asked.shown == []
    assert asked.failed == "operation_timeout"
    assert asked.ack_seconds > 0.05
    assert "no acknowledgement within 0.05 s" in slack.violations[0]


async def test_a_listener_that_does_not_acknowledge_is_seen(slack: SlackDouble, news: Channel) -> None:
    """With the real bolt: a command that nobody handles is never acknowledged."""
    slack.windows.ack = 0.1
    async with connected(slack):
        asked = await slack.slash(news, "status")
        await slack.until(lambda: slack.violations)
    assert not asked.acked
    assert "slash 'status' by ann" in slack.violations[0]


async def test_a_frame_that_is_none_is_a_violation(slack: SlackDouble) -> None:
    """Whoever acknowledges what was never sent is mistaken."""
    async with wire(slack) as one:
        await one.send("hello")
        await one.send('{"envelope_id": "x"}')
        await slack.until(lambda: len(slack.violations) == 2)


async def test_events_wait_for_a_connection(slack: SlackDouble, news: Channel) -> None:
    """What was written while the bot was away is told when it is back; not what was before it."""
    await slack.types(news, "before")
    async with wire(slack):
        pass
    await slack.disconnected()
    await slack.types(news, "between")
    async with wire(slack) as one:
        frame = await one.next()
        await one.ack(frame)
    assert frame["payload"]["event"]["text"] == "between"
    assert slack.unacked == []
