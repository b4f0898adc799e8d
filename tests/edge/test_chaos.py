"""The short runs of `make chaos`: the real bot is killed again and again, and every edition is counted.

The long ones, with 10,000 editions on Discord and 5,000 on Slack, are `make chaos`.
"""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bench.chaos.check import Found, check
from bench.chaos.discord_stage import DiscordStage
from bench.chaos.drive import Plan, Ran, Run
from bench.chaos.oracle import days_between, due_moment
from bench.chaos.plans import SHORT, SLACK_SHORT
from bench.chaos.slack_stage import SlackStage
from tests.doubles import discord, slack
from tests.doubles.discord_posts import Draft as DiscordDraft
from tests.doubles.slack_posts import Draft as SlackDraft

SEED, SLACK_SEED = 21, 5


@pytest.mark.asyncio
async def test_nothing_comes_twice_and_nothing_is_lost_on_discord(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kills between any two steps, faults of every kind, both changes of the clocks; and then one by one.

    What is counted is shown to be able to fail: with a message too many, one too few, one too early.
    """
    # Judging each request against Discord's description would cost more than the bot does.
    monkeypatch.setenv("DISCORD_OPENAPI", "")
    ran = await through(SHORT, tmp_path, SEED)
    assert isinstance(ran.stage, DiscordStage)
    double, channels = ran.stage.double, ran.stage.channels

    text = (channel for channel in channels.values() if channel.kind == 0)
    found = (one for channel in text for one in double.from_bot(channel))
    message: discord.Message = next(one for one in found if "News no. 1," in one.embeds[0]["footer"]["text"])
    again = DiscordDraft({"embeds": message.embeds})
    twice = double._posts.write(channels[message.channel_id], double.bot, again)
    assert {"duplicates", "numbers with a gap, or out of order"} <= broken(check(ran)).keys()
    double.delete_message(twice)
    assert broken(check(ran)) == {}

    stamped = message.payload["timestamp"]
    message.payload["timestamp"] = "2026-10-20T00:00:00+00:00"
    assert broken(check(ran)).keys() == {"editions before their time"}
    message.payload["timestamp"] = stamped

    double.delete_message(message)
    is_missed(broken(check(ran)))


@pytest.mark.asyncio
async def test_nothing_comes_twice_and_nothing_is_lost_on_slack(tmp_path: Path) -> None:
    """The same without a key that keeps a second message away, while what was told is corrected.

    What is counted is shown to be able to fail here as well, and so is what is corrected and marked.
    """
    ran = await through(SLACK_SHORT, tmp_path, SLACK_SEED)
    assert isinstance(ran.stage, SlackStage)
    double, channels = ran.stage.double, ran.stage.channels

    found = [one for channel in channels.values() for one in double.from_bot(channel)]
    message: slack.Message = next(one for one in found if "News no. 1," in one.said)
    channel = channels[message.channel]
    again = SlackDraft(message.text, message.blocks, message.metadata)
    twice = double._posts.write(channel, double.bot, again)
    assert {"duplicates", "numbers with a gap, or out of order"} <= broken(check(ran)).keys()
    double.delete_message(twice)
    assert broken(check(ran)) == {}

    marked = message.metadata
    message.metadata = {}
    assert "duplicates" in broken(check(ran))  # what has no mark will come again
    message.metadata = marked

    stamped, early = message.ts, datetime(2026, 10, 20, tzinfo=UTC)
    message.ts = f"{early.timestamp():.6f}"
    assert "editions before their time" in broken(check(ran))
    message.ts = stamped

    edited = next(one for one in found if one.edited)
    shown = edited.blocks
    edited.blocks = edited.versions[0][1]
    assert "corrections that did not arrive" in broken(check(ran))
    edited.blocks = shown
    assert broken(check(ran)) == {}

    double.delete_message(message)
    is_missed(broken(check(ran)))


async def through(plan: Plan, folder: Path, seed: int) -> Ran:
    """Runs it, and sees that all is as it has to be."""
    ran = await Run(plan, folder / "run", seed)()
    found = check(ran)
    assert broken(found) == {}, ran.bot.log[-5000:]
    assert found.editions >= plan.editions
    assert ran.killer.kills.total() >= plan.kills
    assert ran.stage.met.total() > 20
    assert len(ran.story.corrected) == plan.corrections
    assert found.edited
    return ran


def broken(found: Found) -> dict[str, list[str]]:
    """What must not be, in words."""
    return {what: [*map(str, wrong)] for what, wrong in found.violations.items() if wrong}


def is_missed(lost: dict[str, list[str]]) -> None:
    """An edition that is gone is missed, with what the bot says about it."""
    assert "misses that are not explained" in lost
    assert "digest why:" in lost["misses that are not explained"][0]


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
