"""The paces of Slack: one message a second in a channel, so many a minute in all, and people first.

The loop's clock is made here, as for the pace of a single kind of request.
"""

import asyncio
import gc
import weakref
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.edge.slack.posting.pace import (
    CHANNEL_SECONDS,
    GIVE_WAY_SECONDS,
    MARGIN,
    MOST_KEPT,
    READS_PER_MINUTE,
    Paces,
)
from bot.store.outbox import DeliveryRow
from tests.edge.test_pace import Late, most_within, never, run, stalling

MINUTE = 60.0


def row(place: str = "C1", **more: Any) -> DeliveryRow:
    """A digest for a channel."""
    usual: dict[str, Any] = {
        "id": "d-1",
        "platform": "slack",
        "server": "T1",
        "place": place,
        "place_kind": "text",
        "story": "exomars",
        "task": "post",
        "subscription": 1,
        "edition": 1,
        "body": 1,
        "heading": "",
        "role": "",
        "publish": 0,
        "made": "",
        "due": "",
        "until": None,
    }
    return DeliveryRow(**{**usual, **more})


async def turns(paces: Paces, rows: Sequence[DeliveryRow]) -> list[float]:
    """Takes a turn for each at the same time; when each came."""
    times: list[float] = []

    async def take(one: DeliveryRow) -> None:
        await paces.turn(one)
        times.append(asyncio.get_running_loop().time())

    await asyncio.gather(*map(take, rows))
    return times


@pytest.mark.parametrize("late", [never, stalling(1), stalling(2)], ids=["in time", "late", "later"])
@pytest.mark.parametrize("per_minute", [0, 300])
def test_a_channel_gets_one_message_a_second(per_minute: int, late: Late) -> None:
    """Whatever the workspace may get, and however many wait."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces, start = Paces(per_minute, 50), loop.time()
        times = await turns(paces, [row() for _ in range(30)])
        assert min(after - before for before, after in pairwise(times)) > 1.0
        assert loop.time() - start < 30 * CHANNEL_SECONDS + 2

    run(work, late)


def test_channels_do_not_wait_for_each_other() -> None:
    """Without a limit of the workspace, a hundred channels get one each at once."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces, start = Paces(0, 0), loop.time()
        await turns(paces, [row(f"C{number}") for number in range(100)])
        assert loop.time() == start

    run(work)


@pytest.mark.parametrize("late", [never, stalling(3)], ids=["in time", "late"])
def test_the_workspace_gets_so_many_a_minute(late: Late) -> None:
    """As many as allowed, in any minute and in any second."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces, start = Paces(300, 50), loop.time()
        times = await turns(paces, [row(f"C{number}") for number in range(1000)])
        assert most_within(times, MINUTE) <= 300
        assert most_within(times, 1.0) <= 5
        assert loop.time() - start < 1000 / (300 * MARGIN) * MINUTE * 1.02

    run(work, late)


def test_who_waits_for_a_channel_takes_no_turn_of_others() -> None:
    """Twenty for one channel hold back nobody else, and never come closer together."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces, start = Paces(60, 50), loop.time()
        crowded, others = await asyncio.gather(
            turns(paces, [row("C1")] * 20), turns(paces, [row(f"X{number}") for number in range(10)])
        )
        # Two a second are not allowed: of each two turns one is theirs, as long as both want one.
        assert others[-1] - start < 22
        times = sorted(others + crowded)
        assert most_within(times, MINUTE) <= 60
        assert most_within(times, 1.0) == 1

    run(work)


def test_edits_reading_and_direct_messages_have_paces_of_their_own() -> None:
    """Slack counts each method apart."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        kinds = {
            "edit": row(task="edit"),
            "look": row(unsure=1),
            "look at an edit": row(task="edit", unsure=1),
            "notice": row("U1", task="notice"),
            "look for a notice": row("U1", task="notice", unsure=1),
        }
        for kind, one in kinds.items():
            paces, start = Paces(6, 50), loop.time()
            times = await turns(paces, [one] * 100)
            assert most_within(times, MINUTE) <= 50, kind
            assert loop.time() - start < 2.1 * MINUTE, kind
            before = loop.time()
            await paces.turn(row(f"C-{kind}"))
            assert loop.time() == before, kind

    run(work)


def test_a_limit_of_nothing_is_none() -> None:
    """Edits without a limit do not wait; reading, which nobody can set, does."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces, start = Paces(0, 0), loop.time()
        await turns(paces, [row(task="edit")] * 500)
        assert loop.time() == start
        for _ in range(READS_PER_MINUTE + 2):
            await paces.reads.turn()
        assert loop.time() - start > MINUTE

    run(work)


async def answer(paces: Paces, place: str = "C1", error: Exception | None = None) -> float:
    """Posts for a person, or fails to; when that was."""
    try:
        async with paces.ahead(place):
            at = asyncio.get_running_loop().time()
            if error is not None:
                raise error
    except SlackApiError:
        pass
    return at


def too_many(seconds: float) -> SlackApiError:
    """What the library raises after a 429."""
    headers = {"Retry-After": str(seconds)}
    body = {"ok": False, "error": "ratelimited"}
    said = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=body, headers=headers, status_code=429
    )
    return SlackApiError("ratelimited", said)  # type: ignore[no-untyped-call]


def test_what_is_posted_for_a_person_counts() -> None:
    """It waits for nothing but its channel's second; what comes after it waits longer, there and in all."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces, start = Paces(60, 50), loop.time()
        assert await answer(paces) == start
        assert await answer(paces, "C2") == start
        assert await answer(paces) - start == pytest.approx(CHANNEL_SECONDS)
        await paces.turn(row("C1"))
        assert loop.time() - start > 2 * CHANNEL_SECONDS - 0.01
        alone, start = Paces(0, 50), loop.time()
        await answer(alone)
        await alone.turn(row("C2"))
        assert loop.time() == start
        await alone.turn(row("C1"))
        assert loop.time() == pytest.approx(start + CHANNEL_SECONDS)

    run(work)


def test_answers_go_one_after_the_other_and_before_digests() -> None:
    """As many as ask at once, in the order in which they asked; then digests, which wait no longer for it."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces, start = Paces(300, 50), loop.time()
        await paces.turn(row())
        digest = asyncio.create_task(paces.turn(row()))
        await asyncio.sleep(0.1)
        times = await asyncio.gather(*(answer(paces) for _ in range(25)))
        assert times == sorted(times)
        assert times[-1] - start < 25 * CHANNEL_SECONDS + 0.2
        assert min(after - before for before, after in pairwise(times)) > 1.0
        assert not digest.done()
        await digest
        assert 1.0 < loop.time() - times[-1] < CHANNEL_SECONDS + 0.1

    run(work)


def test_a_digest_does_not_give_way_for_ever() -> None:
    """Where people never stop asking, it goes between two of them."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces, start = Paces(300, 50), loop.time()
        asking = [asyncio.create_task(answer(paces)) for _ in range(100)]
        await asyncio.sleep(0)
        await paces.turn(row())
        assert GIVE_WAY_SECONDS <= loop.time() - start < GIVE_WAY_SECONDS + 3 * CHANNEL_SECONDS
        times = sorted([loop.time(), *await asyncio.gather(*asking)])
        assert min(after - before for before, after in pairwise(times)) > 1.0

    run(work)


def test_a_refused_answer_holds_back_what_posts_and_nothing_else() -> None:
    """As long as Slack says, and no longer."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces, start = Paces(0, 0), loop.time()
        assert await answer(paces, "C3", too_many(7)) == start
        await asyncio.gather(paces.turn(row("C3", task="edit")), paces.turn(row("C3", unsure=1)))
        await paces.turn(row("U1", task="notice"))
        assert loop.time() == start
        assert await answer(paces, "C3") == start + 7
        await paces.turn(row("C4"))
        assert loop.time() == start + 7
        archived = SlackApiError("no", {"error": "is_archived"})  # type: ignore[no-untyped-call]
        assert await answer(paces, "C5", archived) == start + 7
        await paces.turn(row("C6"))
        assert loop.time() == start + 7

    run(work)


def test_what_waited_behind_a_429_goes_at_its_pace() -> None:
    """And not all at once, when its time is over."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces, start = Paces(300, 50), loop.time()
        waiting = asyncio.create_task(turns(paces, [row(f"C{one}") for one in range(100)]))
        await asyncio.sleep(1)
        paces.posts.hold(30)
        times = await waiting
        late = [time for time in times if time > start + 1]
        assert len(late) > 90
        assert min(late) >= start + 31
        assert most_within(late, 1.0) <= 6

    run(work)


def test_a_person_who_comes_between_is_given_way_to() -> None:
    """While a post waits for the workspace, its channel is used by an answer: a second lies between."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces = Paces(300, 50)
        others = asyncio.create_task(turns(paces, [row(f"X{number}") for number in range(6)]))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(paces.turn(row("C1")))
        await asyncio.sleep(0.9)
        answered = await answer(paces)
        await waiting
        assert others.done()
        assert loop.time() - answered > 1.0

    run(work)


def test_whoever_gives_up_waiting_takes_no_turn() -> None:
    """A channel is free for the next one, as if the others had never asked."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces = Paces(0, 50)
        await paces.turn(row())
        start = loop.time()
        given_up = [asyncio.create_task(paces.turn(row())) for _ in range(5)]
        await asyncio.sleep(0.05)
        for task in given_up:
            task.cancel()
        await paces.turn(row())
        assert loop.time() == pytest.approx(start + CHANNEL_SECONDS)

    run(work)


def test_channels_are_forgotten() -> None:
    """Memory does not grow with the channels that there are; one that still has to rest is kept."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces = Paces(0, 50)
        for number in range(20):
            await turns(paces, [row(f"C{number}-{one}") for one in range(100)])
            await asyncio.sleep(2)
            assert len(paces._channels) <= MOST_KEPT
        busy = row("busy")
        await paces.turn(busy)
        before = loop.time()
        await turns(paces, [row(f"D{one}") for one in range(MOST_KEPT)])
        await paces.turn(busy)
        assert loop.time() == pytest.approx(before + CHANNEL_SECONDS)

    run(work)


def test_who_waits_is_not_forgotten() -> None:
    """A channel in whose queue somebody stands stays the same one for whoever comes."""

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        paces = Paces(20, 50)
        await paces.turn(row("C0"))
        first = asyncio.create_task(turns(paces, [row("C1")] * 2))
        await asyncio.sleep(0.01)
        kept = weakref.ref(paces._channels["C1"])
        paces._forget()
        gc.collect()
        assert paces._channels["C1"] is kept()
        times = await first
        assert times[1] - times[0] > 1.0

    run(work)


@pytest.mark.parametrize(("per_minute", "seconds"), [(0, 67.2), (300, 67.2), (1, 3840.0), (30, 128.0)])
def test_how_long_a_post_may_wait(per_minute: int, seconds: float) -> None:
    """As many as the pump has under way, one after the other: in a channel, or in the workspace."""
    assert Paces(per_minute, 50).longest == pytest.approx(seconds)
