"""Admins on a local Discord: who has their rights, who sees the answers, and which channels they can name."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.bots import CONFIG, RunningBot, running
from tests.doubles.discord import Channel, DiscordDouble, Guild, Interaction, User
from tests.doubles.discord_things import Role

pytestmark = pytest.mark.asyncio

REFUSED = "That is for admins"


class Server(NamedTuple):
    """A server with somebody who manages it, somebody with a role, and somebody without."""

    guild: Guild
    news: Channel
    editors: Role
    boss: User
    editor: User
    guest: User


def server(discord: DiscordDouble, name: str = "Rover Watch") -> Server:
    """A new server with its people."""
    guild = discord.add_guild(name)
    news = discord.add_channel(guild, "news")
    editors = discord.world.add_role(guild, "Editors", ())
    boss = discord.add_user(f"boss of {name}", guild, ["manage_guild"])
    editor, guest = discord.add_user(f"editor of {name}", guild), discord.add_user(f"guest of {name}", guild)
    guild.members[editor.id].append(editors.id)
    return Server(guild, news, editors, boss, editor, guest)


@asynccontextmanager
async def connected(state: Path, discord: DiscordDouble, config: Path = CONFIG) -> AsyncIterator[RunningBot]:
    """The bot, connected and with its slash commands synced."""
    async with running(state, discord, config) as bot:
        await discord.connected()
        await bot.says("slash commands synced")
        yield bot


async def called(
    discord: DiscordDouble, channel: Channel, words: str, author: User, /, **options: str
) -> Interaction:
    """A slash command and its answer."""
    made = await discord.slash(channel, "exomars", words, options=options, author=author)
    await made.reply()
    return made


def text(made: Interaction) -> str:
    """What the answer to a slash command says."""
    assert made.message is not None
    return made.message.text.replace("\\", "")


async def let_in(discord: DiscordDouble, place: Server) -> None:
    """Whoever manages the server names the role."""
    made = await called(discord, place.news, "admins add", place.boss, role=place.editors.id)
    assert "the role Editors" in text(made)


async def typed(discord: DiscordDouble, channel: Channel, words: str, author: User) -> None:
    """Somebody types a command."""
    await discord.user_types(channel, f"!exomars {words}", author=author)


# ── who has an admin's rights ───────────────────────────────────────────────────────────


async def test_a_role_that_an_admin_names_has_their_rights(tmp_path: Path) -> None:
    """Who manages the server names a role; whoever has it gets through, until it is taken back."""
    async with DiscordDouble() as discord:
        here = server(discord)
        async with connected(tmp_path, discord):
            assert REFUSED in text(await called(discord, here.news, "admins list", here.editor))
            await let_in(discord, here)
            listed = await called(discord, here.news, "admins list", here.editor)
            assert "the role Editors" in text(listed)
            assert REFUSED in text(await called(discord, here.news, "admins list", here.guest))
            await called(discord, here.news, "admins remove", here.boss, role=here.editors.id)
            assert REFUSED in text(await called(discord, here.news, "admins list", here.editor))
            assert discord.messages(here.news) == []
        assert discord.violations == []


async def test_a_role_gives_rights_on_its_own_server_only(tmp_path: Path) -> None:
    """Neither a named role nor managing a server counts on another one."""
    async with DiscordDouble() as discord:
        here, there = server(discord), server(discord, "Mars Desk")
        for user in (here.boss, here.editor):
            there.guild.members[user.id] = []
        async with connected(tmp_path, discord):
            await let_in(discord, here)
            assert REFUSED in text(await called(discord, there.news, "admins list", here.boss))
            assert REFUSED in text(await called(discord, there.news, "admins list", here.editor))
            assert "Editors" not in text(await called(discord, there.news, "admins list", there.boss))


@pytest.mark.parametrize("by", ["name", "id"])
async def test_a_role_of_the_configuration_has_the_rights_of_an_admin(tmp_path: Path, by: str) -> None:
    """A role that config.toml names counts on every server, and nobody else gains by it."""
    async with DiscordDouble() as discord:
        here = server(discord)
        named = here.editors.id if by == "id" else "editors"
        config = CONFIG.parent / "config.toml"
        changed = tmp_path / "config.toml"
        changed.write_text(
            config.read_text(encoding="utf-8")
            .replace("admin_roles = []", f'admin_roles = ["{named}", "@everyone"]')
            .replace('= "corpus"', f'= "{CONFIG.parent / "corpus"}"')
            .replace('= "briefings"', f'= "{CONFIG.parent / "briefings"}"'),
            encoding="utf-8",
        )
        async with connected(tmp_path, discord, changed):
            assert "Who may manage" in text(await called(discord, here.news, "admins list", here.editor))
            assert REFUSED in text(await called(discord, here.news, "admins list", here.guest))
            await typed(discord, here.news, "admins list", here.editor)
            assert "Who may manage" in (await discord.next_message(here.news)).text


@pytest.mark.parametrize("permission", ["manage_guild", "administrator", "owner"])
async def test_whoever_manages_the_server_is_an_admin(tmp_path: Path, permission: str) -> None:
    """By slash and typed alike: the permission, being an administrator, or owning the server."""
    async with DiscordDouble() as discord:
        here = server(discord)
        if permission == "owner":
            user = discord.world.users[here.guild.owner_id]
        else:
            user = discord.add_user("somebody", here.guild, [permission])
        async with connected(tmp_path, discord):
            assert "Who may manage" in text(await called(discord, here.news, "admins list", user))
            await typed(discord, here.news, "admins list", user)
            assert "Who may manage" in (await discord.next_message(here.news)).text


# ── who sees the answers ────────────────────────────────────────────────────────────────


async def test_answers_to_admins_by_slash_are_seen_by_them_alone(tmp_path: Path) -> None:
    """Every reply to a slash command for admins is private; others still answer in sight of all."""
    async with DiscordDouble() as discord:
        here = server(discord)
        async with connected(tmp_path, discord):
            for user in (here.boss, here.guest):
                assert (await called(discord, here.news, "admins list", user)).ephemeral
            assert not (await called(discord, here.news, "about", here.guest)).ephemeral
            assert len(discord.messages(here.news)) == 1


async def test_an_answer_that_takes_long_is_private_from_the_start(tmp_path: Path) -> None:
    """A deferred reply to an admin is private as well: Discord keeps to what the deferral said."""
    async with DiscordDouble() as discord:
        here = server(discord)
        async with connected(tmp_path, discord):
            other = sqlite3.connect(tmp_path / "exomars.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            made = await discord.slash(
                here.news, "exomars", "admins add", {"role": here.editors.id}, here.boss
            )
            await made.answered(5)
            assert made.deferred
            assert made.ephemeral
            other.execute("ROLLBACK")
            other.close()
            await made.reply()
            assert made.ephemeral
            assert "Editors" in text(made)
            assert discord.messages(here.news) == []


async def test_a_typed_refusal_comes_by_direct_message(tmp_path: Path) -> None:
    """Who may not is told so where nobody else sees it, and the channel gets nothing."""
    async with DiscordDouble() as discord:
        here = server(discord)
        async with connected(tmp_path, discord):
            await typed(discord, here.news, "admins list", here.guest)
            told = await discord.next_message(discord.dm(here.guest))
            assert REFUSED in told.text
            assert told.buttons == []
            await typed(discord, here.news, "about", here.guest)
            only = await discord.next_message(here.news)
            assert "briefing bot" in only.text
            assert discord.from_bot(here.news) == [only]
        assert discord.violations == []


async def test_where_direct_messages_are_closed_the_channel_says_so_and_nothing_else(tmp_path: Path) -> None:
    """The one line has nothing of the answer, and refused requests do not add up."""
    async with DiscordDouble() as discord:
        here = server(discord)
        here.guest.dms_open = False
        async with connected(tmp_path, discord):
            for _ in range(3):
                asked = await discord.user_types(here.news, "!exomars admins list", author=here.guest)
                line = await discord.next_message(here.news)
                assert line.replies_to == asked.id
                assert "direct messages" in line.text
                assert "/exomars" in line.text
                assert "admin" not in line.text
                assert "\n" not in line.text
            dm = discord.dm(here.guest)
            assert discord.messages(dm) == []
            assert len(discord.requested("POST", rf"/channels/{dm.id}/messages")) == 1
        assert discord.violations == []


async def test_in_a_direct_message_a_private_answer_stays_there(tmp_path: Path) -> None:
    """Said to the bot alone, the answer comes right there."""
    async with DiscordDouble() as discord:
        here = server(discord)
        dm = discord.dm(here.guest)
        async with connected(tmp_path, discord):
            await discord.user_types(dm, f"admins add <@&{here.editors.id}>")
            assert "no server" in (await discord.next_message(dm)).text
            assert len(discord.from_bot(dm)) == 1


async def test_what_an_admin_was_told_is_never_told_to_another_from_memory(tmp_path: Path) -> None:
    """The same words, asked again by somebody else, are answered to them, typed and by slash."""
    async with DiscordDouble() as discord:
        here = server(discord)
        async with connected(tmp_path, discord):
            for _ in range(2):
                await typed(discord, here.news, "admins list", here.boss)
                assert "Who may manage" in (await discord.next_message(here.news)).text
                assert "Who may manage" in text(await called(discord, here.news, "admins list", here.boss))
            await typed(discord, here.news, "admins list", here.guest)
            assert REFUSED in (await discord.next_message(discord.dm(here.guest))).text
            assert REFUSED in text(await called(discord, here.news, "admins list", here.guest))
            await typed(discord, here.news, "admins list", here.boss)  # nor is a refusal kept for others
            assert "Who may manage" in (await discord.next_message(here.news)).text


async def test_a_button_has_the_rights_of_whoever_presses_it(tmp_path: Path) -> None:
    """Under an admin's answer in a channel a button refuses others, and the answer stays as it is."""
    async with DiscordDouble() as discord:
        here = server(discord)
        for number in range(14):
            role = discord.world.add_role(here.guild, f"role {number}", ())
            here.guild.members[here.guest.id].append(role.id)
        async with connected(tmp_path, discord):
            for number, role_id in enumerate(here.guild.members[here.guest.id][:]):
                boss = discord.add_user(f"boss {number}", here.guild, ["manage_guild"])
                await called(discord, here.news, "admins add", boss, role=role_id)
            stranger = discord.add_user("stranger", here.guild)
            await typed(discord, here.news, "admins list", here.boss)
            shown = await discord.next_message(here.news)
            before = shown.text
            assert "Page 1 of 2" in before
            pressed = await discord.press(shown, label="Next ›", author=stranger)
            await pressed.reply()
            assert pressed.ephemeral
            assert REFUSED in text(pressed)
            assert shown.text == before
            await (await discord.press(shown, label="Next ›", author=here.guest)).reply()
            assert "Page 2 of 2" in shown.text
        assert discord.violations == []


# ── what the commands look like ─────────────────────────────────────────────────────────


async def test_two_words_are_a_group_and_channels_and_roles_are_picked(tmp_path: Path) -> None:
    """`digest subscribe` is a subcommand of a group, with Discord's own lists of channels and roles."""
    async with DiscordDouble() as discord:
        discord.add_guild()
        async with connected(tmp_path, discord):
            command, newsroom = discord.commands()
            assert {"add", "source", "draft", "approval"} <= {one["name"] for one in newsroom["options"]}
            tops = {option["name"]: option for option in command["options"]}
            assert (tops["digest"]["type"], tops["admins"]["type"], tops["status"]["type"]) == (2, 2, 1)
            digest = {option["name"]: option for option in tops["digest"]["options"]}
            options = {option["name"]: option for option in digest["subscribe"]["options"]}
            assert options["channel"]["type"] == 7
            assert set(options["channel"]["channel_types"]) == {0, 5, 10, 11, 12, 15}
            assert options["role"]["type"] == 8
            for name in ("at", "zone", "days", "kind", "quiet", "days_off"):
                assert (options[name]["type"], options[name]["autocomplete"]) == (3, True), name
            assert not options["channel"].get("autocomplete")
            ids = {option["name"]: option for option in digest["show"]["options"]}
            assert ids["id"]["autocomplete"]
        assert discord.violations == []


async def test_completion_offers_zones_and_kinds_to_admins_alone(tmp_path: Path) -> None:
    """What a digest can be set to is offered while an admin types it, and to nobody else."""
    async with DiscordDouble() as discord:
        here = server(discord)
        async with connected(tmp_path, discord):

            async def offered(option: str, so_far: str, author: User) -> list[str]:
                words = "digest subscribe"
                found = await discord.autocomplete(
                    here.news,
                    "exomars",
                    words,
                    option,
                    so_far,
                    others={"channel": here.news.id},
                    author=author,
                )
                return [str(choice.value) for choice in found]

            assert "Europe/Berlin" in await offered("zone", "berl", here.boss)
            assert set(await offered("kind", "", here.boss)) >= {"news", "replay", "weekly", "onthisday"}
            assert await offered("zone", "berl", here.guest) == []
        assert discord.violations == []


# ── digests ─────────────────────────────────────────────────────────────────────────────

MORNING = {"at": "09:00", "zone": "Europe/Berlin", "kind": "news"}


async def test_digests_of_two_servers_know_nothing_of_each_other(tmp_path: Path) -> None:
    """What is subscribed on one server is neither listed nor changed from the other."""
    async with DiscordDouble() as discord:
        here, there = server(discord), server(discord, "Mars Desk")
        async with connected(tmp_path, discord):
            for place in (here, there):
                made = await called(
                    discord, place.news, "digest subscribe", place.boss, channel=place.news.id, **MORNING
                )
                assert made.ephemeral
                assert "comes to #news at 09:00 (Europe/Berlin)" in text(made)
            refused = await called(discord, there.news, "digest unsubscribe", there.boss, id="1")
            assert "no digest no. 1" in text(refused)
            listed = text(await called(discord, here.news, "digest list", here.boss))
            assert "no. 1" in listed
            assert "no. 2" not in listed
            assert discord.messages(here.news) == discord.messages(there.news) == []
        assert discord.violations == []


async def test_a_digest_is_subscribed_with_a_form(tmp_path: Path) -> None:
    """Called with nothing, or by the button of an empty list, it asks for what most people choose."""
    async with DiscordDouble() as discord:
        here = server(discord)
        talk = discord.add_channel(here.guild, "talk")
        async with connected(tmp_path, discord):
            bare = await discord.slash(here.news, "exomars", "digest subscribe", {}, here.boss)
            await bare.answered()
            labels = [one["label"] for one in bare.modal["components"]]
            assert labels == ["Channel", "Time of day", "Time zone", "Days", "Kind"]
            sent = await discord.submit_modal(bare, {"Time zone": "berlin", "Kind": "weekly"})
            await sent.reply()
            assert sent.ephemeral
            assert "comes to #news at 09:00 (Europe/Berlin), Monday." in text(sent)
            listed = await called(discord, here.news, "digest list", here.boss)
            assert "weekly in #news" in text(listed)
            ended = await called(discord, here.news, "digest unsubscribe", here.boss, id="1")
            assert "has ended" in text(ended)
            empty = await called(discord, here.news, "digest list", here.boss)
            assert empty.message is not None
            pressed = await discord.press(empty.message, label="Subscribe", author=here.boss)
            await pressed.answered()
            wish = {"Channel": talk.id, "Time of day": "17:30", "Days": "Monday to Friday"}
            sent = await discord.submit_modal(pressed, wish)
            await sent.reply()
            assert "comes to #talk at 17:30 (UTC), Monday to Friday" in text(sent)
            wrong = await discord.submit_modal(bare, {"Time of day": "25:00", "Time zone": "Mars/Phobos"})
            await wrong.reply()
            assert "no time that a clock shows" in text(wrong)
            assert "is no time zone" in text(wrong)
        assert discord.violations == []


async def test_the_form_of_a_digest_is_shown_to_who_may_send_it(tmp_path: Path) -> None:
    """Who may not is told so; a voice channel is not proposed; a direct message has no channels."""
    async with DiscordDouble() as discord:
        here = server(discord)
        voice = discord.add_channel(here.guild, "voice", "voice")
        async with connected(tmp_path, discord):
            assert REFUSED in text(await called(discord, here.news, "digest subscribe", here.guest))
            bare = await discord.slash(voice, "exomars", "digest subscribe", {}, here.boss)
            await bare.answered()
            assert not bare.modal["components"][0]["component"].get("default_values")
            own = await discord.slash(discord.dm(here.guest), "exomars", "digest subscribe", {}, here.guest)
            await own.answered()
            assert "Channel" not in {one["label"] for one in own.modal["components"]}
            sent = await discord.submit_modal(own, {})
            await sent.reply()
            assert "comes to your direct messages at 09:00 (UTC)" in text(sent)
        assert discord.violations == []


async def test_nobody_subscribes_a_channel_that_is_not_theirs_to_see(tmp_path: Path) -> None:
    """Neither one of another server, nor one of this server that is hidden from them."""
    async with DiscordDouble() as discord:
        here, there = server(discord), server(discord, "Mars Desk")
        there.guild.members[here.boss.id] = []
        secret = discord.add_channel(here.guild, "secret")
        discord.deny(secret, "view_channel", user=here.boss)
        async with connected(tmp_path, discord) as bot:
            for channel in (there.news, secret):
                await typed(discord, here.news, f"digest subscribe to {channel.mention} at 09:00", here.boss)
                assert "no such channel on this server" in (await discord.next_message(here.news)).text
            listed = text(await called(discord, here.news, "digest list", here.boss))
            assert "no. 1" not in listed
            assert "Traceback" not in bot.log


async def test_a_digest_for_oneself_and_one_where_the_bot_may_not_post(tmp_path: Path) -> None:
    """`me` is the direct messages of whoever asks; what the bot lacks in a channel is named."""
    async with DiscordDouble() as discord:
        here = server(discord)
        quiet = discord.add_channel(here.guild, "quiet")
        discord.deny(quiet, "send_messages")
        async with connected(tmp_path, discord):
            await typed(discord, here.news, "digest subscribe to me at 09:00", here.boss)
            assert "your direct messages" in (await discord.next_message(here.news)).text
            refused = await called(
                discord, here.news, "digest subscribe", here.boss, channel=quiet.id, **MORNING
            )
            assert "Send Messages" in text(refused)
