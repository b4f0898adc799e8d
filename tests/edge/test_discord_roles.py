"""The table of docs/roles.md on a local Discord: every command, typed and by slash, everybody, everywhere."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.desk.access import REFUSALS
from bot.desk.table import COMMANDS
from tests.bots import CONFIG, RunningBot, running
from tests.desk.roles import COLUMNS, Named, Row, command_of, read_rows, typed, values
from tests.doubles.discord import Channel, DiscordDouble, Guild, Interaction, Message, User
from tests.doubles.discord_things import Role
from tests.edge.slash_paths import path_of

pytestmark = pytest.mark.asyncio

ROWS = read_rows()
ADMIN, MANAGER, EDITORS_ROLE, EDITOR, OWNER = COLUMNS[1:]
BRIEFING, SOURCE = "2022-07-13-ended", "2022-07-13-termination"
FACT = f"{SOURCE}#council-mandate"


class Scene(NamedTuple):
    """Two servers, and a person for each column of the table; on the second they are nobody."""

    here: Guild
    elsewhere: Guild
    people: dict[str, User]
    channels: dict[tuple[str, str], Channel]  # by column and scope: each has its own
    admins: Role
    editors: Role
    readers: Role
    others: Role  # of the other server

    @property
    def named(self) -> Named:
        """What is there to be named."""
        return Named(BRIEFING, SOURCE, FACT, f"<@&{self.readers.id}>")


def a_scene(discord: DiscordDouble) -> Scene:
    """Everybody, before anybody is named in chat."""
    here, elsewhere = discord.add_guild("Here"), discord.add_guild("Elsewhere")
    roles = [discord.world.add_role(here, name, ()) for name in ("Admins", "Writers", "Readers")]
    roles.append(discord.world.add_role(elsewhere, "Others", ()))
    people, channels = {}, {}
    for number, column in enumerate(COLUMNS):
        rights = ["manage_guild"] if column == MANAGER else []
        people[column] = user = discord.add_user(f"person {number}", here, rights)
        elsewhere.members[user.id] = []
        channels[column, "here"] = discord.add_channel(here, f"room-{number}")
        channels[column, "elsewhere"] = discord.add_channel(elsewhere, f"room-{number}")
        channels[column, "direct"] = discord.dm(user)
    here.members[people[ADMIN].id].append(roles[0].id)
    here.members[people[EDITORS_ROLE].id].append(roles[1].id)
    return Scene(here, elsewhere, people, channels, *roles)


def a_config(folder: Path, *owners: User) -> Path:
    """The shipped configuration with owners, and without limits: a walk is a flood."""
    text = CONFIG.read_text(encoding="utf-8")
    named = ", ".join(f'"discord/{owner.id}"' for owner in owners)
    for old, new in (
        ("owners = []", f"owners = [{named}]"),
        ("person_per_minute = 60", "person_per_minute = 0"),
        ("server_per_minute = 600", "server_per_minute = 0"),
        ("requests_per_second = 49", "requests_per_second = 0"),
        ('= "corpus"', f'= "{CONFIG.parent / "corpus"}"'),
        ('= "briefings"', f'= "{CONFIG.parent / "briefings"}"'),
    ):
        assert old in text
        text = text.replace(old, new)
    changed = folder / "config.toml"
    changed.write_text(text, encoding="utf-8")
    return changed


@asynccontextmanager
async def walked(folder: Path, discord: DiscordDouble) -> AsyncIterator[tuple[Scene, RunningBot]]:
    """The bot among them, once the roles and the editor have been named in chat."""
    scene = a_scene(discord)
    owner, manager = scene.people[OWNER], scene.people[MANAGER]
    async with running(folder, discord, a_config(folder, owner)) as bot:
        await discord.connected()
        await bot.says("slash commands synced")
        room = scene.channels[OWNER, "here"]
        assert not refused(await called(discord, room, manager, "admins add", role=scene.admins.id))
        for who in (f"<@&{scene.editors.id}>", f"<@{scene.people[EDITOR].id}>"):
            assert not refused(await called(discord, room, owner, "editors add", who=who))
        yield scene, bot


async def called(
    discord: DiscordDouble, channel: Channel, author: User, words: str, /, **options: str
) -> Interaction:
    """A slash command, answered: by a message or a form; people and roles are picked, not typed."""
    picked = {name: re.sub(r"<@[!&]?(\d+)>|discord/(\d+)", r"\1\2", value) for name, value in options.items()}
    if picked.get("who") == NOBODY:
        picked["who"] = (discord.world.users.get(NOBODY) or discord.world.add_user("stranger")).id
    made = await discord.slash(channel, *path_of(discord, words), options=picked, author=author)
    await made.answered(10)
    if made.callback_type != _MODAL:
        await made.reply(10)
    return made


_MODAL = 9
NOBODY = "100000000000000000"  # somebody whom only their id is known of


def refused(made: Interaction) -> bool:
    """Whether the answer to a slash command says that it is for others; a form is none."""
    return made.message is not None and says_so(made.message)


def says_so(message: Message) -> bool:
    """Whether a message says that something is for others."""
    return any(title in message.text for title in REFUSALS)


def options_of(row: Row, scene: Scene, scope: str) -> dict[str, str]:
    """The options with which a row is called by slash; a role is picked of the server where that is."""
    command = command_of(row, COMMANDS)
    found = values(command, scene.named)
    if rest := row.words.removeprefix(command.name).strip():
        found[command.params[0].name] = rest
    role = scene.others.id if scope == "elsewhere" else scene.readers.id
    return found | ({"role": role} if "role" in found else {})


def can_be_called(row: Row, scope: str) -> bool:
    """Whether Discord lets anybody call a row by slash there: a direct message has no roles to pick from."""
    kinds = {param.kind for param in command_of(row, COMMANDS).params if param.required}
    return scope != "direct" or "role" not in kinds


async def test_by_slash_everybody_may_what_the_table_says(tmp_path: Path) -> None:
    """Each command of the table, by each role, on their server, on another, and in a direct message."""
    async with DiscordDouble() as discord, walked(tmp_path, discord) as (scene, bot):
        for row in ROWS:
            name = command_of(row, COMMANDS).name
            rooms = {key: room for key, room in scene.channels.items() if can_be_called(row, key[1])}
            asked = [
                called(discord, room, scene.people[column], name, **options_of(row, scene, scope))
                for (column, scope), room in rooms.items()
            ]
            made = await asyncio.gather(*asked)
            found: dict[str, set[str]] = {column: set() for column in COLUMNS}
            for (column, scope), one in zip(rooms, made, strict=True):
                if refused(one):
                    assert one.ephemeral or scope == "direct", row.words
                else:
                    found[column].add(scope)
            expected = {
                column: {scope for scope in scopes if can_be_called(row, scope)}
                for column, scopes in row.may.items()
            }
            assert found == expected, row.words
        assert "Traceback" not in bot.log
        assert discord.violations == []


async def test_typed_everybody_may_what_the_table_says(tmp_path: Path) -> None:
    """The same as typed; nobody else sees a refusal, wherever it was typed, and there are no others."""
    async with DiscordDouble() as discord, walked(tmp_path, discord) as (scene, bot):
        refusals = 0
        for row in ROWS:
            words = typed(row, command_of(row, COMMANDS), scene.named)
            for scope in ("here", "elsewhere", "direct"):
                wanted = {column: scope not in row.may[column] for column in COLUMNS}
                asked = [
                    ask(discord, scene, (column, scope), words, refusal=wanted[column]) for column in COLUMNS
                ]
                await asyncio.gather(*asked)
                refusals += sum(wanted.values())
        told = [[one for one in discord.from_bot(room) if says_so(one)] for room in scene.channels.values()]
        scopes = [scope for _, scope in scene.channels]
        assert sum(map(len, told)) == refusals
        assert not any(some for some, scope in zip(told, scopes, strict=True) if scope != "direct")
        assert "Traceback" not in bot.log
        assert discord.violations == []


async def ask(
    discord: DiscordDouble,
    scene: Scene,
    where: tuple[str, str],
    words: str,
    *,
    refusal: bool = False,
) -> Message:
    """What the bot says to something that was typed, in its place or to its author alone: a refusal, or none.

    An answer may have several pages, so that the last of them come while the next is asked.
    """
    column, _ = where
    rooms = (scene.channels[where], scene.channels[column, "direct"])
    before = {one.id for room in rooms for one in discord.from_bot(room)}

    def look() -> Message | None:
        new = (one for room in rooms for one in discord.from_bot(room) if one.id not in before)
        return next((one for one in new if says_so(one) is refusal), None)

    await discord.user_types(rooms[0], f"!exomars {words}", author=scene.people[column])
    what = "a refusal of" if refusal else "an answer to"
    return await discord.until(look, 10, f"{where}: not {what} {words}")


# ── what is forged ──────────────────────────────────────────────────────────────────────


async def test_what_is_forged_opens_nothing(tmp_path: Path) -> None:
    """A role named like an id that counts, and the roles of another server."""
    async with DiscordDouble() as discord, walked(tmp_path, discord) as (scene, _):
        names: Sequence[str] = (
            scene.admins.id,
            scene.editors.id,
            scene.people[OWNER].id,
            "Admins",
            "Writers",
        )
        mallory = discord.add_user("mallory", scene.elsewhere)
        scene.here.members[mallory.id] = []
        for guild in (scene.here, scene.elsewhere):
            for name in names:
                role = discord.world.add_role(guild, name, ())
                guild.members[mallory.id].append(role.id)
        for scope in ("here", "elsewhere", "direct"):
            room = discord.dm(mallory) if scope == "direct" else scene.channels[COLUMNS[0], scope]
            for words in ("drafts", "editors list"):
                assert refused(await called(discord, room, mallory, words)), (scope, words)
        for channel in (scene.channels[OWNER, "here"], scene.channels[OWNER, "elsewhere"]):
            assert refused(await called(discord, channel, mallory, "admins list"))


async def test_everyone_and_roles_of_another_server_are_never_named(tmp_path: Path) -> None:
    """An owner who tries is told why not, and nobody has gained by it."""
    async with DiscordDouble() as discord, walked(tmp_path, discord) as (scene, _):
        owner, room = scene.people[OWNER], scene.channels[OWNER, "elsewhere"]
        for role in (scene.elsewhere.id, scene.readers.id, scene.editors.id):
            # Typed, since Discord lets nobody pick them.
            await discord.user_types(room, f"!exomars editors add <@&{role}>", author=owner)
            assert "not @everyone" in (await discord.next_message(room)).text.replace("\\", "")
        reader = scene.people[COLUMNS[0]]
        assert refused(await called(discord, room, reader, "drafts"))


async def test_bots_and_webhooks_are_nobody(tmp_path: Path) -> None:
    """What another bot types is not answered, whatever rights it has."""
    async with DiscordDouble() as discord, walked(tmp_path, discord) as (scene, _):
        room = scene.channels[OWNER, "here"]
        robot = discord.world.add_user("robot", bot=True)
        scene.here.members[robot.id] = [scene.admins.id, scene.editors.id]
        await discord.user_types(room, "!exomars about", author=robot)
        await discord.user_types(room, "!exomars drafts", author=robot)
        answer = await ask(discord, scene, (OWNER, "here"), "about")
        assert "briefing bot" in answer.text
        assert discord.from_bot(room)[-1] == answer
        assert discord.from_bot(discord.dm(robot)) == []
