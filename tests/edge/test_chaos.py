"""The short run of `make chaos`: the real bot is killed again and again, and every edition is counted.

The long one, with 10,000 editions, is `make chaos`.
"""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bench.chaos.check import Found, check
from bench.chaos.drive import Ran, Run
from bench.chaos.oracle import days_between, due_moment
from bench.chaos.plans import SHORT
from tests.doubles.discord import Message
from tests.doubles.discord_posts import Draft

SEED = 21


@pytest.mark.asyncio
async def test_nothing_comes_twice_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kills between any two steps, faults of every kind, both changes of the clocks; and then one by one.

    What is counted is shown to be able to fail: with a message too many, one too few, one too early.
    """
    # Judging each request against Discord's description would cost more than the bot does.
    monkeypatch.setenv("DISCORD_OPENAPI", "")
    ran = await Run(SHORT, tmp_path / "run", SEED)()
    found = check(ran)
    assert broken(found) == {}, ran.bot.log[-5000:]
    assert found.editions >= SHORT.editions
    assert ran.killer.kills.total() >= SHORT.kills
    assert ran.faults.total() > 20

    message = some_edition(ran)
    twice = repeat(ran, message)
    assert {"duplicates", "numbers with a gap, or out of order"} <= broken(check(ran)).keys()
    ran.discord.delete_message(twice)
    assert broken(check(ran)) == {}

    stamped = message.payload["timestamp"]
    message.payload["timestamp"] = "2026-10-20T00:00:00+00:00"
    assert broken(check(ran)).keys() == {"editions before their time"}
    message.payload["timestamp"] = stamped

    ran.discord.delete_message(message)
    lost = broken(check(ran))
    assert "misses that are not explained" in lost
    assert "digest why:" in lost["misses that are not explained"][0]


def broken(found: Found) -> dict[str, list[str]]:
    """What must not be, in words."""
    return {what: [*map(str, wrong)] for what, wrong in found.violations.items() if wrong}


def some_edition(ran: Ran) -> Message:
    """The first edition of news that a channel got."""
    text = (channel for channel in ran.scene.channels.values() if channel.kind == 0)
    found = (message for channel in text for message in ran.discord.from_bot(channel))
    return next(one for one in found if "News no. 1," in one.embeds[0]["footer"]["text"])


def repeat(ran: Ran, message: Message) -> Message:
    """The same message once more."""
    channel, posts = ran.scene.channels[message.channel_id], ran.discord._posts
    return posts.write(channel, ran.discord.bot, Draft({"embeds": message.embeds}))


@pytest.mark.parametrize(
    ("day", "at", "zone", "moment"),
    [
        ("2026-07-01", "09:00", "Europe/Berlin", "2026-07-01T07:00"),
        ("2027-03-28", "02:30", "Europe/Berlin", "2027-03-28T01:00"),  # skipped: right after the gap
        ("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30"),  # twice: the first time
        ("2026-03-14", "12:00", "Pacific/Kiritimati", "2026-03-13T22:00"),
        ("2027-03-27", "23:30", "America/Nuuk", "2027-03-28T01:00"),  # skipped over midnight
    ],
)
def test_what_judges_the_bot_knows_the_clocks(day: str, at: str, zone: str, moment: str) -> None:
    """The moments that a run is held against, in zones and on days that are easy to get wrong."""
    found = due_moment(date.fromisoformat(day), time.fromisoformat(at), zone)
    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_each_local_date_is_expected_once() -> None:
    """Also where the clocks change; of the first and the last moment only the last counts."""
    at, start, end = (
        time(2, 30),
        datetime(2026, 10, 24, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    )
    found = days_between(start, end, at, "Europe/Berlin")
    assert [(day.day, due.hour) for day, due in found] == [(25, 0), (26, 1)]
