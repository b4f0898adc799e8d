"""A bot that serves chat platforms and the terminal at once."""

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.edge.beside import Service
from tests.bots import ROOT, command, environment, exomars
from tests.doubles.discord import DiscordDouble
from tests.doubles.slack import SlackDouble
from tests.terminals import terminal

pytestmark = pytest.mark.asyncio

GOES_ON = "the chat has ended; the bot goes on"


def tokens(discord: DiscordDouble) -> dict[str, str]:
    """What the environment of a bot says of a double."""
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_BASE": discord.api_base,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }


async def test_the_terminal_and_discord_are_served_at_once(tmp_path: Path) -> None:
    """Both are answered, a digest comes to the terminal; the end of the chat is not the end of the bot."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    done = exomars(
        tmp_path, "digest", "subscribe", "kind", "replay", "at", f"{now - timedelta(minutes=1):%H:%M}"
    )
    assert done.returncode == 0, done.stderr
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        with terminal(tmp_path, "run", "--chat", more=tokens(discord)) as it:
            await asyncio.to_thread(it.shows, "connected to Discord", 15)
            it.types("!exomars status\r")
            await asyncio.to_thread(it.shows, "12 July 2022", 15)
            await discord.user_types(news, "!exomars about")
            await discord.until(lambda: discord.from_bot(news), 5)
            it.types("exomars digest now\r")
            await asyncio.to_thread(it.shows, "Replay no. 1", 15)
            it.types("\x04")
            await asyncio.to_thread(it.shows, GOES_ON, 15)
            await discord.user_types(news, "!exomars status")
            await discord.until(lambda: len(discord.from_bot(news)) == 2, 5)
            os.kill(it.process.pid, signal.SIGTERM)
            assert await asyncio.to_thread(it.process.wait, 15) == 0
            while it.reads():
                pass
            assert "Traceback" not in it.text
            assert "ended" in it.text.splitlines()[-1]
        assert discord.violations == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_pipe_is_answered_and_the_bot_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    """At the end of the input as well; any signal ends it."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        process = await asyncio.create_subprocess_exec(
            *command("run", "--chat"),
            env=environment(tmp_path, **tokens(discord)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        assert process.stdin is not None
        process.stdin.write(b"!exomars status\n")
        process.stdin.close()
        await discord.connected(timeout=15)
        await discord.user_types(news, "!exomars status")
        await discord.until(lambda: discord.from_bot(news), 15)
        process.send_signal(number)
        out, err = await asyncio.wait_for(process.communicate(), 15)
        assert process.returncode == 0, err.decode()
        assert "12 July 2022" in out.decode()
        assert GOES_ON in err.decode()
        assert "Traceback" not in err.decode()


async def test_a_platform_that_refuses_the_bot_ends_it_from_within_the_chat(tmp_path: Path) -> None:
    """With one line that says why, as without a chat."""
    async with DiscordDouble() as discord:
        with terminal(tmp_path, "run", "--chat", more={**tokens(discord), "DISCORD_TOKEN": "wrong"}) as it:
            assert await asyncio.to_thread(it.process.wait, 15) == 4
            while it.reads():
                pass
            assert it.text.count("Discord refuses the token") == 1
            assert "Traceback" not in it.text


async def test_a_refusal_in_mid_run_leaves_the_chat(tmp_path: Path) -> None:
    """One line says it; the terminal is answered, and its digests come."""
    async with SlackDouble() as slack:
        with terminal(tmp_path, "run", "--chat", more=slack.environment) as it:
            await asyncio.to_thread(it.shows, "connected to Slack", 20)
            await slack.until(lambda: '"slack": true' in (tmp_path / "health.json").read_text(), 5)
            slack.refuse("link_disabled")
            await slack.disconnect("link_disabled", 0.1)
            await asyncio.to_thread(it.shows, "all else goes on", 15)
            it.types("!exomars digest subscribe kind replay at 09:00\r")
            await asyncio.to_thread(it.shows, "comes to this terminal", 15)
            it.types("exomars digest now\r")
            await asyncio.to_thread(it.shows, "Replay no. 1", 15)
            os.kill(it.process.pid, signal.SIGTERM)
            assert await asyncio.to_thread(it.process.wait, 15) == 0
            while it.reads():
                pass
            assert "Traceback" not in it.text


async def test_it_is_waited_for_though_a_signal_interrupted_the_waiting() -> None:
    """What closes the database behind it must not come before its end."""
    ended: list[bool] = []

    async def serve(ending: asyncio.Event) -> None:
        await ending.wait()
        await asyncio.sleep(0.3)
        ended.append(True)

    def interrupt(*_: object) -> None:
        raise InterruptedError

    service, before = Service(serve), signal.signal(signal.SIGALRM, interrupt)
    try:
        service.start()
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(InterruptedError):
            service.wait()
        service.close()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert ended == [True]
