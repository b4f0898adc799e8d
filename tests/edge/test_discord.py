"""The real bot on a local Discord: type a message, call a command, press a button, read the reply."""

import asyncio
import json
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.bots import CONFIG, exomars, running
from tests.doubles.discord import Channel, DiscordDouble, Fault, Message

pytestmark = pytest.mark.asyncio

Embed = dict[str, Any]


def embed(message: Message) -> Embed:
    """The one embed of a message."""
    (found,) = message.payload["embeds"]
    return dict(found)


def labels(message: Message) -> list[str]:
    """The buttons under a message."""
    return [button["label"] for row in message.payload["components"] for button in row["components"]]


async def test_a_typed_command_a_mention_and_a_slash_command_say_the_same(tmp_path: Path) -> None:
    """However the bot is asked, the answer is the same."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.user_types(news, "!exomars status")
            typed = await discord.next_message(news)
            await discord.user_types(news, "status", mention=True)
            mentioned = await discord.next_message(news)
            called = await discord.slash(news, "exomars", "status")
            await called.answered()
            assert called.message is not None
            assert embed(typed) == embed(mentioned) == embed(called.message)
            assert "Page" not in embed(typed)["footer"]["text"]  # the headline answer is one message
            assert labels(typed) == labels(called.message)
            shell = json.loads(exomars(tmp_path / "shell", "status", "--json").stdout)
            state = shell["text"].splitlines()[2].rpartition(" [")[0]
            assert embed(typed)["description"].replace("\\", "").startswith(state)
        assert discord.violations == []


@pytest.mark.parametrize("kind", ["thread", "direct message", "server"])
async def test_it_answers_wherever_it_is_asked(tmp_path: Path, kind: str) -> None:
    """A question is answered in the channel, thread or direct message where it was asked."""
    async with DiscordDouble() as discord:
        channel = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        if kind == "thread":
            channel = discord.add_thread(channel, "the talks")
        elif kind == "direct message":
            channel = discord.dm(discord.add_user("bea"))
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.user_types(channel, "!exomars sources")
            assert "sources" in embed(await discord.next_message(channel))["title"]


async def test_in_a_direct_message_the_command_word_may_be_left_out(tmp_path: Path) -> None:
    """In a direct message everything is said to the bot."""
    async with DiscordDouble() as discord:
        channel = discord.dm(discord.add_user("bea"))
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.user_types(channel, "timeline july 2022")
            assert "timeline" in embed(await discord.next_message(channel))["title"]


async def test_what_is_not_for_the_bot_is_left_alone(tmp_path: Path) -> None:
    """Talk, other bots' commands and other bots are not answered."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        robot = discord.add_user("robot")
        robot.bot = True
        async with running(tmp_path, discord):
            await discord.connected()
            for text in ("exomars status", "!exomarsstatus", "what is !exomars?", "!help", ""):
                await discord.user_types(news, text)
            await discord.user_types(news, "!exomars status", author=robot)
            await discord.user_types(news, "!exomars about")
            only = await discord.next_message(news)
            assert "briefing bot" in embed(only)["title"]
            assert discord.from_bot(news) == [only]


async def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    """A button under an answer that an earlier process gave still answers."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord) as first:
            await discord.connected()
            await discord.user_types(news, "!exomars status")
            old = await discord.next_message(news)
            assert await first.end() == 0
        await discord.disconnected()
        async with running(tmp_path, discord):
            await discord.connected()
            pressed = await discord.press(old, label="What was known when")
            await pressed.answered()
            assert pressed.message is not None
            assert pressed.ephemeral
            assert "what was known when" in embed(pressed.message)["title"]
            when = await discord.press(pressed.message, label="As of 1 March 2022")
            await when.answered()
            assert when.message is not None
            assert "1 March 2022" in embed(when.message)["title"]
        assert discord.violations == []


async def test_what_happened_next_and_what_is_new_to_somebody(tmp_path: Path) -> None:
    """A button under an answer as of a day; `since` alone knows who looked, and where."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        news, talk = discord.add_channel(guild, "news"), discord.add_channel(guild, "talk")
        bea = discord.add_user("bea", guild)
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.user_types(news, "!exomars status 2022-03-05", author=bea)
            pressed = await discord.press(await discord.next_message(news), label="What happened next")
            await pressed.answered()
            assert pressed.message is not None
            assert "since 5 March 2022" in embed(pressed.message)["title"]
            titles = []
            for channel in (news, news, talk):
                await discord.user_types(channel, "!exomars since", author=bea)
                titles.append(embed(await discord.next_message(channel))["title"])
            assert "nothing new since you last looked" in titles[1]
            assert titles[0] == titles[2] != titles[1]
        assert discord.violations == []


async def test_pages_turn_in_place_and_cover_the_whole_answer(tmp_path: Path) -> None:
    """Turning through all pages shows every line once, and edits the message where it stands."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.user_types(news, "!exomars timeline")
            message = await discord.next_message(news)
            shown = embed(message)["description"].count("• ")
            pages = int(re.findall(r"Page 1 of (\d+)", embed(message)["footer"]["text"])[0])
            for page in range(2, pages + 1):
                await (await discord.press(message, label="Next ›")).answered()
                assert f"Page {page} of {pages}" in embed(message)["footer"]["text"]
                shown += embed(message)["description"].count("• ")
            assert "Next ›" not in labels(message)
            await (await discord.press(message, label="‹ Previous")).answered()
            assert discord.from_bot(news) == [message]
            shell = json.loads(exomars(tmp_path / "shell", "timeline", "--json").stdout)
            assert shown == shell["text"].count("• ")
        assert discord.violations == []


async def test_completion_offers_what_there_is(tmp_path: Path) -> None:
    """Ids, dates and commands are completed from the story and the table."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord) as bot:
            await discord.connected()
            await bot.says("slash commands synced")
            sources = await discord.autocomplete(news, "exomars", "source", "id", "talks")
            assert [choice.value for choice in sources] == ["2022-06-talks"]
            commands = await discord.autocomplete(news, "exomars", "help", "command", "time")
            assert commands[0].value == "timeline"
            dates = await discord.autocomplete(news, "exomars", "status", "date", "5 march")
            assert dates[0].value == "2022-03-05"
            facts = await discord.autocomplete(news, "exomars", "fact", "id", "parachute")
            assert facts
            assert all("#" in str(choice.value) for choice in facts)
            tags = await discord.autocomplete(news, "exomars", "timeline", "tag", "laun")
            assert "launch" in [choice.value for choice in tags]
        assert discord.violations == []


async def test_slash_commands_are_synced_only_when_they_changed(tmp_path: Path) -> None:
    """A second start with the same commands does not sync; a changed story name does."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        changed = tmp_path / "changed.toml"
        text = CONFIG.read_text(encoding="utf-8").replace('name = "ExoMars', 'name = "The ExoMars')
        for folder in ("corpus", "briefings"):
            text = text.replace(f'= "{folder}"', f'= "{CONFIG.parent / folder}"')
        changed.write_text(text, encoding="utf-8")
        counts: list[int] = []
        for config in (CONFIG, CONFIG, changed):
            async with running(tmp_path, discord, config) as bot:
                await discord.connected()
                # Unchanged commands say nothing; an answer shows that the bot has got that far.
                await discord.user_types(news, "!exomars about")
                await discord.next_message(news)
                if config is not CONFIG or not counts:
                    await bot.says("slash commands synced")
                assert await bot.end() == 0
            await discord.disconnected()
            (tmp_path / "log.txt").unlink()
            counts.append(len(discord.requested("PUT", r"/applications/\d+/commands")))
        assert counts == [1, 1, 2]


async def test_without_the_intent_it_serves_mentions_and_slash_commands(tmp_path: Path) -> None:
    """A bot that may not read messages says what to switch on, and goes on with the rest."""
    async with DiscordDouble(message_content=False) as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord) as bot:
            await bot.says("Message Content Intent")
            await discord.connected(10)
            await discord.user_types(news, "status", mention=True)
            assert "ExoMars" in embed(await discord.next_message(news))["title"]
            called = await discord.slash(news, "exomars", "about")
            await called.answered()
            assert await bot.end() == 0
            assert "Traceback" not in bot.log


async def test_nothing_it_says_can_ping(tmp_path: Path) -> None:
    """Mentions in what a user typed are shown, and notify nobody."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        news = discord.add_channel(guild, "news")
        bea = discord.add_user("bea")
        async with running(tmp_path, discord):
            await discord.connected()
            for text in (f"search @everyone <@{bea.id}>", "@here", f"status <@{bea.id}>", f"<@&{guild.id}>"):
                await discord.user_types(news, f"!exomars {text}")
                reply = await discord.next_message(news)
                assert not reply.pings
                assert reply.payload["mentions"] == []
        assert discord.violations == []


async def test_hostile_words_are_shown_as_they_are(tmp_path: Path) -> None:
    """Markdown, links and control characters from a user do not act in the reply."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.user_types(
                news, "!exomars search [x](https://evil.example) **b** \u202eabc \x1b[31m " + "y" * 900
            )
            reply = await discord.next_message(news)
            shown = json.dumps(reply.payload["embeds"], ensure_ascii=False)
            assert "](https://evil.example" not in shown
            assert "\u202e" not in shown
            assert "\x1b" not in shown
        assert discord.violations == []


async def test_without_embeds_it_answers_in_plain_text(tmp_path: Path) -> None:
    """Where the bot may not embed links, the same answer comes as text within 2,000 characters."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        discord.deny(news, "EMBED_LINKS")
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.user_types(news, "!exomars status")
            reply = await discord.next_message(news)
            assert reply.payload["embeds"] == []
            assert "Sources" in reply.payload["content"] or "[1]" in reply.payload["content"]
            assert len(reply.payload["content"]) <= 2000


async def test_it_falls_silent_where_it_may_not_speak(tmp_path: Path) -> None:
    """After one refusal a channel is left alone, so that refused requests do not add up to a ban."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        news, quiet = discord.add_channel(guild, "news"), discord.add_channel(guild, "quiet")
        discord.deny(quiet, "SEND_MESSAGES")
        async with running(tmp_path, discord) as bot:
            await discord.connected()
            for _ in range(4):
                await discord.user_types(quiet, "!exomars status")
            await bot.says("may not send")
            for _ in range(4):
                await discord.user_types(quiet, "!exomars status")
            await discord.user_types(news, "!exomars about")
            await discord.next_message(news)
            assert len(discord.requested("POST", rf"/channels/{quiet.id}/messages")) <= 4
            assert "Traceback" not in bot.log


@pytest.mark.parametrize(
    ("fault", "word"),
    [(Fault.status(503), "503"), (Fault.status(500), "")],
    ids=["503", "500, which discord.py retries"],
)
async def test_an_answer_that_cannot_be_sent_is_one_line_in_the_log(
    tmp_path: Path, fault: Fault, word: str
) -> None:
    """A failure of the platform costs at most the one answer."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord) as bot:
            await discord.connected()
            discord.fail("POST", rf"/channels/{news.id}/messages", 1, fault)
            await discord.user_types(news, "!exomars status")
            if word:
                assert word in await bot.says("was not sent")
            else:
                await discord.next_message(news, 5)
            await discord.user_types(news, "!exomars about")
            assert "briefing bot" in embed(await discord.next_message(news))["title"]
            assert "Traceback" not in bot.log


async def test_it_comes_back_after_an_outage(tmp_path: Path) -> None:
    """Closes, cuts and a closed port pass; what is asked afterwards is answered."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord) as bot:
            await discord.connected()
            for trouble in (discord.drop_gateway(4000), discord.ask_to_reconnect(), discord.drop_gateway()):
                sessions = len(discord.gateway.connections)
                await trouble
                assert sessions
                await asyncio.sleep(0.3)
                await discord.connected(15)
                await discord.user_types(news, "!exomars about")
                await discord.next_message(news, 5)
            await discord.close_port()
            await asyncio.sleep(0.5)
            await discord.open_port()
            await discord.connected(20)
            await discord.user_types(news, "!exomars about")
            await discord.next_message(news, 5)
            assert "Traceback" not in bot.log


async def test_it_waits_for_a_discord_that_is_not_there_yet(tmp_path: Path) -> None:
    """A closed port and rubbish at start are tried again, in one line each."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        await discord.close_port()
        async with running(tmp_path, discord) as bot:
            await bot.says("cannot be reached")
            discord.fail("GET", "/users/@me", 1, Fault.garbage())
            await discord.open_port()
            await discord.connected(15)
            await discord.user_types(news, "!exomars about")
            await discord.next_message(news, 5)
            assert "Traceback" not in bot.log
            assert bot.log.count("cannot be reached") >= 2


async def test_a_wrong_token_ends_it_with_one_line(tmp_path: Path) -> None:
    """What waiting cannot mend ends the process with exit code 4 and says what to do."""
    more = {"DISCORD_TOKEN": "wrong"}
    async with DiscordDouble() as discord, running(tmp_path, discord, more=more) as bot:
        assert await bot.ended() == 4
        assert "token" in bot.log
        assert "Traceback" not in bot.log
        assert "wrong" not in bot.log


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
async def test_it_finishes_what_is_in_progress(tmp_path: Path, number: signal.Signals) -> None:
    """An answer that is being sent when the bot is told to end still arrives, and the exit code is 0."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord) as bot:
            await discord.connected()
            discord.fail("POST", rf"/channels/{news.id}/messages", 1, Fault.status(502))
            await discord.user_types(news, "!exomars status")
            await discord.until(lambda: discord.requested("POST", rf"/channels/{news.id}/messages"))
            assert await bot.end(number) == 0
            assert len(discord.from_bot(news)) == 1


async def test_it_ends_at_once_while_discord_is_away(tmp_path: Path) -> None:
    """Told to end during an outage, it does not wait for the next attempt to reconnect."""
    async with DiscordDouble() as discord:
        discord.add_guild("Rover Watch")
        async with running(tmp_path, discord) as bot:
            await discord.connected()
            await discord.close_port()
            await asyncio.sleep(4)
            started = asyncio.get_running_loop().time()
            assert await bot.end() == 0
            assert asyncio.get_running_loop().time() - started < 5


async def test_a_changed_file_is_taken_over_while_it_runs(tmp_path: Path) -> None:
    """A briefing that is edited on disk shows in the next answers without a restart."""
    story = tmp_path / "story"
    for folder in ("corpus", "briefings"):
        (story / folder).mkdir(parents=True)
        for file in (CONFIG.parent / folder).glob("*.md"):
            (story / folder / file.name).write_bytes(file.read_bytes())
    config = story / "config.toml"
    text = CONFIG.read_text(encoding="utf-8")
    config.write_text(text.replace("reload_seconds = 30", "reload_seconds = 1"), encoding="utf-8")
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord, config) as bot:
            await discord.connected()
            await discord.user_types(news, "!exomars status")
            await discord.next_message(news)
            newest = max((story / "briefings").glob("*.md"))
            lines = newest.read_text(encoding="utf-8").splitlines()
            lines = ["state: The story was edited." if line.startswith("state:") else line for line in lines]
            newest.write_text("\n".join(lines) + "\n", encoding="utf-8")
            await bot.says("1 written, 0 dropped")
            await discord.user_types(news, "!exomars status")
            assert "The story was edited" in embed(await discord.next_message(news))["description"]


def sharded(folder: Path, shards: int) -> Path:
    """The shipped configuration with so many shards."""
    text = CONFIG.read_text(encoding="utf-8").replace("shards = 1", f"shards = {shards}")
    for name in ("corpus", "briefings"):
        text = text.replace(f'= "{name}"', f'= "{CONFIG.parent / name}"')
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


async def test_shards_share_the_servers(tmp_path: Path) -> None:
    """With two shards each has its own servers, and all are answered in, also after an outage of both."""
    async with DiscordDouble() as discord:
        rooms: dict[int, Channel] = {}
        while len(rooms) < 2:
            guild = discord.add_guild("Rover Watch")
            rooms[(int(guild.id) >> 22) % 2] = discord.add_channel(guild, "news")
            await asyncio.sleep(0.0015)  # the millisecond of its making says to which shard it belongs
        rooms[-1] = discord.dm(discord.add_user("bea"))
        async with running(tmp_path, discord, sharded(tmp_path, 2)) as bot:
            await bot.says("connected to Discord", 20)
            servers = len(discord.world.guilds)
            assert f"servers: {servers}" in bot.log
            assert [data["shard"] for data in discord.gateway.identifies] == [[0, 2], [1, 2]]
            assert discord.requested("GET", "/gateway") == []
            assert len(discord.requested("PUT", r"/applications/\d+/commands")) == 1
            for room in rooms.values():
                await discord.user_types(room, "!exomars about")
                assert "briefing bot" in embed(await discord.next_message(room, 5))["title"]
                called = await discord.slash(room, "exomars", "about")
                await called.reply()
                await discord.press((await called.reply()), label=labels(await called.reply())[0])
            await discord.drop_gateway(4000)
            await discord.until(lambda: len(discord.gateway.connections) == 2, 15)
            await discord.until(lambda: len(discord.gateway.resumes) == 2, 15)
            for room in rooms.values():
                await discord.user_types(room, "!exomars about")
                await discord.next_message(room, 5)
                assert len(discord.from_bot(room)) == 3  # nothing twice, and buttons answer in private
            # Each connection counts: where one is down, some servers are not heard.
            await health_is(tmp_path, "connected: discord")
            discord.gateway.refuses = True  # whoever comes back is turned away
            discord.gateway.connections[0].transport.abort()
            await health_is(tmp_path, "not connected: discord")
            discord.gateway.refuses = False
            await health_is(tmp_path, "connected: discord", 40)
            assert await bot.end() == 0
            assert "Traceback" not in bot.log
        assert discord.violations == []


async def health_is(state: Path, words: str, timeout: float = 10) -> None:
    """Waits until `exomars health` says so; a bot tells every 5 seconds."""
    async with asyncio.timeout(timeout):
        while (told := (await asyncio.to_thread(exomars, state, "health")).stdout.strip()) != words:
            await asyncio.sleep(0.3)
            assert told


async def test_shards_do_without_the_intent_as_well(tmp_path: Path) -> None:
    """Two shards that may not read messages say what to switch on, and go on with the rest."""
    async with DiscordDouble(message_content=False) as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord, sharded(tmp_path, 2)) as bot:
            await bot.says("Message Content Intent", 20)
            await bot.says("connected to Discord", 20)
            await discord.user_types(news, "status", mention=True)
            assert "ExoMars" in embed(await discord.next_message(news))["title"]
            assert await bot.end() == 0


async def test_health_says_whether_it_is_connected(tmp_path: Path) -> None:
    """`exomars health` is 0 while the bot is connected, and 1 when it is not or has ended."""
    async with DiscordDouble() as discord:
        discord.add_guild("Rover Watch")
        async with running(tmp_path, discord) as bot:
            await bot.says("connected to Discord", 20)
            await asyncio.sleep(5.5)
            assert exomars(tmp_path, "health").returncode == 0
            await bot.end()
        ended = exomars(tmp_path, "health")
        assert ended.returncode == 1
        assert "no bot is running" in ended.stdout
