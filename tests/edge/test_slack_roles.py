"""The table of docs/roles.md on a local Slack: every command, typed and by slash, everybody, everywhere.

There is one workspace, so that *elsewhere* is a channel which it shares with another: whoever comes from
there is at home what the column says, and in the user groups of this one as well.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
import pytest_asyncio

from bot.desk.access import REFUSALS
from bot.desk.desk import Desk
from bot.desk.table import COMMANDS
from bot.store.store import Store
from tests.desk.roles import COLUMNS, SCOPES, Named, Row, command_of, read_rows, typed
from tests.doubles.slack import Channel, Interaction, Message, SlackDouble, User
from tests.edge.slack_edges import connected, of_another_workspace
from tests.stories import PLAN, STORY

pytestmark = pytest.mark.asyncio

ROWS = read_rows()
READER, ADMIN, MANAGER, EDITORS_GROUP, EDITOR, OWNER = COLUMNS
GUEST = "a guest"  # in every group, an admin besides: and a reader all the same
FORGER = "a forger"  # in groups that are called like those that count, and in one that has ended
SCOPES_OF = dict.fromkeys(COLUMNS, SCOPES) | {GUEST: ("here",), FORGER: ("here",)}
NAMED = Named(PLAN, PLAN, f"{PLAN}#two-towns", "@readers", "@somebody")


class Where(NamedTuple):
    """Somebody, and where they ask."""

    column: str  # of the table, or GUEST or FORGER
    scope: str


class Scene(NamedTuple):
    """The workspace and its guests; each is alone with the bot in a channel wherever they ask."""

    slack: SlackDouble
    people: Mapping[Where, User]
    rooms: Mapping[Where, Channel]

    async def called(self, where: Where, words: str) -> Interaction:
        """A slash command, answered: by a message or a form."""
        made = await self.slack.slash(self.rooms[where], words, self.people[where], command="/bridge")
        await self.slack.until(lambda: made.shown or made.views, 10, f"{where}: no answer to {words}")
        return made

    async def named(self, where: Where, words: str) -> None:
        """Names a group or somebody, which is taken."""
        made = await self.called(where, words)
        assert made.shown[0].said.endswith(" now."), made.shown[0].said

    async def typed(self, where: Where, words: str) -> Message:
        """What the bot says to something that was typed, in its place or to its author alone."""
        before = len(self.said(where))
        await self.slack.types(self.rooms[where], f"!bridge {words}", self.people[where])
        what = f"{where}: no answer to {words}"
        await self.slack.until(lambda: len(self.said(where)) > before, 10, what)
        (message,) = self.said(where)[before:]
        return message

    def said(self, where: Where) -> list[Message]:
        """All that the bot has said to somebody there, oldest first; commands called are not among it."""
        room = self.rooms[where]
        found = [*self.slack.from_bot(room), *self.slack.ephemerals(room, self.people[where])]
        return sorted(found, key=lambda message: float(message.ts))


def a_scene(slack: SlackDouble) -> Scene:
    """Everybody, before anybody is named in chat."""
    people: dict[Where, User] = {}
    rooms: dict[Where, Channel] = {}
    for number, (column, scopes) in enumerate(SCOPES_OF.items()):
        admin, guest = column in {MANAGER, GUEST}, column == GUEST
        member, other = (
            slack.add_user(f"{name}-{number}", admin=admin, guest=guest) for name in ("member", "other")
        )
        for scope in scopes:
            where = Where(column, scope)
            people[where] = user = other if scope == "elsewhere" else member
            direct = scope == "direct"
            rooms[where] = (
                slack.dm(user) if direct else slack.add_channel(f"{scope}-{number}", members=[user])
            )
    slack.add_user("somebody")
    for handle in ("admins", "writers"):  # the same names, before those that count
        slack.add_group(handle, [people[Where(FORGER, "here")]])
    slack.add_group("old-admins", [people[Where(FORGER, "here")]]).disabled = True
    for handle, column in (("admins", ADMIN), ("writers", EDITORS_GROUP), ("readers", READER)):
        members = (Where(column, "here"), Where(column, "elsewhere"), Where(GUEST, "here"))
        slack.add_group(handle, [people[where] for where in members])
    return Scene(slack, people, rooms)


@pytest_asyncio.fixture(name="it")
async def _it(loaded: Store) -> AsyncIterator[Scene]:
    async with SlackDouble() as slack, walked(slack, loaded) as it:
        yield it


@asynccontextmanager
async def walked(slack: SlackDouble, store: Store) -> AsyncIterator[Scene]:
    """The bot among them, once groups and editors have been named in chat; nothing is sent amiss."""
    it = a_scene(slack)
    owners = [f"slack/{it.people[Where(OWNER, scope)].id}" for scope in SCOPES[:2]]
    others = {user for where, user in it.people.items() if where.scope == "elsewhere"}
    with of_another_workspace(slack, others):
        async with connected(slack, Desk(store, STORY, owners=owners)):
            manager, owner = Where(MANAGER, "here"), Where(OWNER, "here")
            for group in ("admins", "old-admins"):
                await it.named(manager, f"admins add @{group}")
            editors = [it.people[Where(EDITOR, scope)].mention for scope in SCOPES[:2]]
            for who in ("@writers", *editors):
                await it.named(owner, f"editors add {who}")
            yield it
    assert slack.violations == []


def refused(message: Message) -> bool:
    """Whether a message says that something is for others."""
    return any(title in message.said for title in REFUSALS)


def expected(row: Row) -> dict[str, set[str]]:
    """Where each of them may say a row: whoever is nothing in the table is a reader."""
    return {column: {*scopes} & row.may.get(column, row.may[READER]) for column, scopes in SCOPES_OF.items()}


def words_of(row: Row) -> str:
    """A line that says a row."""
    return typed(row, command_of(row, COMMANDS), NAMED)


async def test_by_slash_everybody_may_what_the_table_says(it: Scene) -> None:
    """Each command of the table, by each role, in the workspace, from another, and in a direct message."""
    for row in ROWS:
        made = await asyncio.gather(*(it.called(where, words_of(row)) for where in it.rooms))
        found: dict[str, set[str]] = {column: set() for column in SCOPES_OF}
        for where, one in zip(it.rooms, made, strict=True):
            if one.views or not refused(one.shown[0]):
                found[where.column].add(where.scope)
            else:
                assert one.shown[0].ephemeral == it.people[where].id, row.words
        assert found == expected(row), row.words


async def test_typed_everybody_may_what_the_table_says(it: Scene) -> None:
    """The same as typed; nobody else sees a refusal, wherever it was typed."""
    for row in ROWS:
        said = await asyncio.gather(*(it.typed(where, words_of(row)) for where in it.rooms))
        found: dict[str, set[str]] = {column: set() for column in SCOPES_OF}
        for where, message in zip(it.rooms, said, strict=True):
            if not refused(message):
                found[where.column].add(where.scope)
            elif where.scope != "direct":
                assert message.ephemeral == it.people[where].id, row.words
        assert found == expected(row), row.words
    assert {len(it.said(where)) for where in it.rooms if where not in _NAMERS} == {len(ROWS)}


_NAMERS = {Where(MANAGER, "here"), Where(OWNER, "here")}  # they have called commands before
