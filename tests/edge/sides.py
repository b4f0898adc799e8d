"""Discord and Slack behind one face: what somebody does in a client, and what they are shown.

Each side drives its own double, as a person would; what is shown is compared without markup and without
what is each platform's own, as ids and what its things are called.
"""

import asyncio
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from bot.command.request import named
from bot.desk.table import COMMANDS
from tests.doubles.discord import Channel as DiscordChannel
from tests.doubles.discord import DiscordDouble, Interaction, Message
from tests.doubles.slack import SlackDouble
from tests.doubles.slack_things import Channel as SlackChannel
from tests.edge.slash_paths import path_of

_MODAL = 9  # the type of a response of Discord that opens a form


class Shown(NamedTuple):
    """What somebody is shown: an answer with its buttons, or a form with its fields."""

    text: str
    labels: tuple[str, ...] = ()
    fields: Mapping[str, str] | None = None  # of a form: what stands in each
    native: Any = None


class Side(Protocol):
    """A platform, as somebody who owns the bot uses it."""

    name: str
    room: Any  # where they are

    @property
    def role(self) -> str:
        """How a role is named there."""

    @property
    def person(self) -> str:
        """How somebody else is named there."""

    def moves(self, name: str) -> None:
        """Goes to a new channel of this name."""

    async def calls(self, words: str) -> Shown:
        """Calls a command by slash, and is shown something."""

    async def types(self, words: str) -> Shown:
        """Types it in the channel, and is shown something."""

    async def presses(self, under: Shown, label: str) -> Shown:
        """Presses a button."""

    async def submits(self, form: Shown, values: Mapping[str, str]) -> Shown:
        """Fills in a form, by the names of its fields."""

    def posted(self) -> list[str]:
        """What the bot has said in the channel for all to see."""

    async def until_posted(self) -> None:
        """Waits until it has said something there."""


class OnDiscord:
    """Somebody on a local Discord."""

    name = "discord"
    room: DiscordChannel

    def __init__(self, double: DiscordDouble) -> None:
        self._double = double
        self.guild = double.add_guild("Rover Watch")
        self.owner = double.add_user("owner", self.guild, ["manage_guild"])
        self._other = double.add_user("other", self.guild)
        self._role = double.world.add_role(self.guild, "readers", ())
        self.moves("news")

    @property
    def role(self) -> str:
        """A mention of the role."""
        return f"<@&{self._role.id}>"

    @property
    def person(self) -> str:
        """A mention of the other person."""
        return f"<@{self._other.id}>"

    def moves(self, name: str) -> None:
        """Goes to a new channel of this name."""
        self.room = self._double.add_channel(self.guild, name)

    async def calls(self, words: str) -> Shown:
        """Calls a subcommand with its options by name."""
        found = named(words, COMMANDS, date(2026, 11, 21))
        assert found is not None, words
        command, values = found
        options = {name: re.sub(r"<@[!&]?(\d+)>", r"\1", value) for name, value in values.items()}
        path = path_of(self._double, command.name)
        made = await self._double.slash(self.room, *path, options=options, author=self.owner)
        return await self._shown(made)

    async def types(self, words: str) -> Shown:
        """Types it; what is for them alone comes as a direct message."""
        rooms = (self.room, self._double.dm(self.owner))
        before = {one.id for room in rooms for one in self._double.from_bot(room)}

        def new() -> list[Message]:
            return [one for room in rooms for one in self._double.from_bot(room) if one.id not in before]

        await self._double.user_types(self.room, f"!exomars {words}", author=self.owner)
        await self._double.until(new, 10, f"no answer to {words}")
        return _read(new()[0])

    async def presses(self, under: Shown, label: str) -> Shown:
        """Presses a button."""
        return await self._shown(await self._double.press(under.native, label=label, author=self.owner))

    async def submits(self, form: Shown, values: Mapping[str, str]) -> Shown:
        """Fills in a modal."""
        return await self._shown(await self._double.submit_modal(form.native, values))

    async def until_posted(self) -> None:
        """Waits until it has said something there, and knows that it has."""
        await self._double.until(self.posted, 10, "nothing was posted")
        await asyncio.sleep(0.5)

    def posted(self) -> list[str]:
        """The texts of its messages in the channel."""
        return [_plain(one.text) for one in self._double.from_bot(self.room)]

    async def _shown(self, made: Interaction) -> Shown:
        await made.answered(10)
        if made.callback_type == _MODAL:
            fields = [row.get("component") or row["components"][0] for row in made.modal["components"]]
            held = {one["custom_id"]: _initial(one) for one in fields}
            return Shown(made.modal["title"], (), held, made)
        return _read(await made.reply(10))


class OnSlack:
    """Somebody on a local Slack."""

    name = "slack"
    room: SlackChannel

    def __init__(self, double: SlackDouble) -> None:
        self._double = double
        self.owner = double.add_user("owner", admin=True)
        self._other = double.add_user("other")
        self._group = double.add_group("readers")
        self.moves("news")

    @property
    def role(self) -> str:
        """The user group, as somebody types it."""
        return f"@{self._group.handle}"

    @property
    def person(self) -> str:
        """The other person, as somebody types it."""
        return f"@{self._other.name}"

    def moves(self, name: str) -> None:
        """Goes to a new channel of this name."""
        self.room = self._double.add_channel(name)

    async def calls(self, words: str) -> Shown:
        """Types a slash command."""
        return await self._shown(await self._double.slash(self.room, words, self.owner))

    async def types(self, words: str) -> Shown:
        """Types it; what is for them alone is shown to them alone."""

        def all_of_it() -> list[Any]:
            return [*self._double.from_bot(self.room), *self._double.ephemerals(self.room, self.owner)]

        before = len(all_of_it())
        await self._double.types(self.room, f"!exomars {words}", self.owner)
        await self._double.until(lambda: len(all_of_it()) > before, 10, f"no answer to {words}")
        newest = max(all_of_it(), key=lambda one: float(one.ts))
        return Shown(_plain(newest.said), tuple(newest.labels), None, newest)

    async def presses(self, under: Shown, label: str) -> Shown:
        """Presses a button."""
        return await self._shown(await self._double.presses(under.native, label, self.owner))

    async def submits(self, form: Shown, values: Mapping[str, str]) -> Shown:
        """Fills in a modal."""
        return await self._shown(await self._double.submits(form.native, dict(values), self.owner))

    async def until_posted(self) -> None:
        """Waits until it has said something there, and knows that it has."""
        await self._double.until(self.posted, 10, "nothing was posted")
        await asyncio.sleep(0.5)

    def posted(self) -> list[str]:
        """The texts of its messages in the channel."""
        return [_plain(one.said) for one in self._double.from_bot(self.room)]

    async def _shown(self, made: Any) -> Shown:
        def here() -> list[Any]:  # a picture that follows stands in the direct messages
            return [one for one in made.shown if one.channel == self.room.id]

        await self._double.until(lambda: here() or made.views, 10, "nothing was shown")
        if not here():
            view = await made.view()
            await self._double.until(lambda: view.fields, 10, "the form stayed empty")
            return Shown(view.title, (), view.fields, view)
        message = here()[-1]
        return Shown(_plain(message.said), tuple(message.labels), None, message)


# What is a platform's own or the moment's, and what stands in its place where texts are compared.
_OWN = (
    (r"/exomars-newsroom\b", "/exomars"),
    (r"\b\d{17,20}\b|\b[CDGUST][A-Z0-9]{6,}\b", "ID"),
    (r"\[[\w-]{10,24}\]|\b[0-9a-f]{8}\b", "MARK"),
    (r"\b\d{10}\.\d{6}\b", "ID"),
    (r"\b\d\d:\d\d(:\d\d)?\b", "TIME"),
    (r"(?i)(with|has|in|is in) the (role|user group)", "has the role"),
    (r"(?i)\b(no\.|draft|digest|reports?|report close) \d+\b", r"\1 N"),
    (r"(?im)^(\W*)ping\b", r"\1role"),
    (r"(?im)^\W*publish\W+(?:on|off)\W*$", ""),
    (r"(?i)the (role|user group) alone no longer", "the role alone no longer"),
    (r"(?i)\b(exomars (?:digest|draft) \w+(?: 2026-\d\d-\d\d)?) \d+\b", r"\1 N"),
    (r"(?i)has the permission manage server|is an admin or owner of the workspace", "manages it"),
    (r"(?i)\buser group(s?)\b", r"role\1"),
    (r"(?i)\b(?:on|in) ((?:this|its own|a|the|that) )(?:workspace|server)\b", r"on \1server"),
    (r"(?i)\bworkspace\b", "server"),
    (r"(?i)\bslack\b|\bdiscord\b", "PLATFORM"),
    (r"The picture is in your direct messages\.", ""),
    (r"You asked in #[\w-]+: type there what you type next\.", ""),
    (r"Page \d+ of \d+", ""),
    (r"https?://\S+", ""),
)


def alike(text: str) -> list[str]:
    """The words of a text, without what is the platform's own or the moment's."""
    for own, common in _OWN:
        text = re.sub(own, common, text)
    return re.findall(r"\w+", text.lower())


def _plain(text: str) -> str:
    """Without markup, links and what keeps a platform from reading words as such."""
    text = re.sub(r"\[([^\]]+)\]\((https?:[^)]+)\)", r"\1", text.replace("\u200b", ""))
    return re.sub(r"[\\*_`~]", "", text)


def _read(message: Message) -> Shown:
    """A message of Discord as it is read."""
    labels = [one["label"] for row in message.components for one in row["components"]]
    return Shown(_plain(message.text), tuple(labels), None, message)


def _initial(component: Mapping[str, Any]) -> str:
    """What stands in a field of a modal at first."""
    chosen = [one["value"] for one in component.get("options") or [] if one.get("default")]
    return str(component.get("value") or next(iter(chosen), ""))
