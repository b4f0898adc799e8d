"""A local Discord: the real protocol over real sockets on loopback, for the real bot.

    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        news = discord.add_channel(guild, "news")
        ...                                  # start the bot with discord.api_base, .gateway_url
        await discord.connected()
        await discord.user_types(news, "!exomars status")
        reply = await discord.next_message(news)
        assert not discord.violations

Methods named `user_…`, `slash`, `press`, `choose` and `submit_modal` do what a person does in the
client; what no client would let a person do is an AssertionError. Everything else is Discord.

As a process: `python -m tests.doubles.discord --port 0 [--script FILE]`, see discord_control.
"""

import contextlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeVar

from tests.doubles import openapi as descriptions
from tests.doubles.discord_accounts import Accounts
from tests.doubles.discord_channels import Channels
from tests.doubles.discord_commands import Commands
from tests.doubles.discord_faults import FOREVER, Fault, Faults, Rate, Rates
from tests.doubles.discord_files import Attached, Files
from tests.doubles.discord_gateway import Gateway, Grants
from tests.doubles.discord_http import Request
from tests.doubles.discord_interaction import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Choice,
    Interaction,
    Windows,
)
from tests.doubles.discord_interactions import Interactions
from tests.doubles.discord_message import Message
from tests.doubles.discord_parts import button_of, chosen_channels, modal_components, select_of
from tests.doubles.discord_posts import Draft
from tests.doubles.discord_pulse import Pulse
from tests.doubles.discord_routes import Route
from tests.doubles.discord_scenery import Scenery
from tests.doubles.discord_server import API, HOST, Judge, Server
from tests.doubles.discord_things import Channel, Guild, User
from tests.doubles.discord_threads import Threads
from tests.doubles.discord_world import World

__all__ = [
    "FOREVER",
    "Attached",
    "Channel",
    "Choice",
    "DiscordDouble",
    "Fault",
    "Grants",
    "Guild",
    "Interaction",
    "Message",
    "Rate",
    "Request",
    "User",
    "Windows",
]

Json = dict[str, Any]
T = TypeVar("T")

TOKEN = "double.token.only-valid-on-loopback"


class DiscordDouble(Scenery):
    """Discord on 127.0.0.1. Times are measured on `clock`, which a test may replace."""

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = TOKEN,
        message_content: bool = True,
        judge_replies: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._pulse = Pulse()
        self._pulse.story = self._story
        self.grants = Grants(message_content)
        world = World(clock)
        super().__init__(world, Gateway(world, self.grants, token, self._pulse.beat))
        self.token = token
        self.openapi = descriptions.load()
        self.violations: list[str] = []  # requests that Discord's description does not allow
        self.own_violations: list[str] = []  # replies of the double that it does not allow
        self.windows = Windows()
        self.rates = Rates()
        self.faults = Faults()
        self.files = Files(world)
        self._commands = Commands(world, self.files)
        self._interactions = Interactions(
            world,
            self._posts,
            self.gateway,
            self.windows,
            self._pulse,
        )
        self._channels = Channels(world, self.gateway, self._posts, self.windows)
        judge = Judge(self.openapi, self.violations, self.own_violations, judge_replies)
        self.server = Server(
            token=token,
            routes=self._routes(),
            gateway=self.gateway,
            faults=self.faults,
            rates=self.rates,
            judge=judge,
            pulse=self._pulse,
            clock=clock,
        )
        self.server.port = port
        self.server.files = self.files.serve
        self._taken: dict[str, set[str]] = {}  # channel id → messages next_message gave out

    def _routes(self) -> list[Route]:
        return [
            *Accounts(self.world, self.gateway, self._commands).routes(),
            *self._channels.routes(),
            *Threads(self.world, self.gateway, self._posts).routes(),
            *self._interactions.routes(),
        ]

    async def __aenter__(self) -> Self:
        await self.server.open()
        self.gateway.url = self.gateway_url
        self.files.base = f"http://{HOST}:{self.server.port}"
        self._posts.file_base = f"{self.files.base}/cdn/attachments"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.stop()

    @property
    def api_base(self) -> str:
        """What discord.http.Route.BASE has to be."""
        return f"http://{HOST}:{self.server.port}{API}"

    @property
    def gateway_url(self) -> str:
        """What DiscordWebSocket.DEFAULT_GATEWAY has to be."""
        return f"ws://{HOST}:{self.server.port}/gateway/"

    @property
    def requests(self) -> list[Request]:
        """Every REST request so far, oldest first."""
        return self.server.requests

    def requested(self, method: str, path: str) -> list[Request]:
        """The requests with this method whose path (below /api/v10) matches, as in `fail`."""
        return [r for r in self.requests if r.method == method and re.search(path, r.path)]

    # People: what a user does in the client.

    async def user_types(
        self,
        channel: Channel,
        text: str,
        *,
        author: User | None = None,
        mention: bool = False,
        reply_to: Message | None = None,
        files: Sequence[Attached] = (),
    ) -> Message:
        """A user sends a message; `mention` puts the bot's mention in front."""
        user = self._present(channel, author)
        body: Json = {"content": f"{self.bot.mention} {text}" if mention else text}
        extra: Json = {}
        if reply_to is not None:
            about = {"type": 0, "channel_id": channel.id, "message_id": reply_to.id}
            extra = {"message_reference": about, "referenced_message": reply_to.payload}
        if files:
            extra["attachments"] = [self.files.attach(channel, one) for one in files]
        draft = Draft(body, kind=19 if reply_to else 0, extra=extra)
        message = self._posts.write(channel, user, draft)
        self._pulse.beat()
        return message

    async def slash(
        self,
        channel: Channel,
        command: str,
        sub: str = "",
        options: Mapping[str, Any] | None = None,
        author: User | None = None,
    ) -> Interaction:
        """A user sends `/command sub` as the bot registered it; `sub` may be "group sub"."""
        user = self._present(channel, author)
        words = f"{command} {sub}".strip()
        picked = self._commands.pick(channel, user, words, options or {})
        return self._interactions.open(COMMAND, channel, user, picked)

    async def autocomplete(
        self,
        channel: Channel,
        command: str,
        sub: str,
        option: str,
        typed: str,
        *,
        others: Mapping[str, Any] | None = None,
        author: User | None = None,
        timeout: float = 3.0,
    ) -> list[Choice]:
        """A user has typed so much of an option; `others` are the options filled in before."""
        user = self._present(channel, author)
        options = {**(others or {}), option: typed}
        words = f"{command} {sub}".strip()
        picked = self._commands.pick(channel, user, words, options, focus=option)
        found = self._interactions.open(AUTOCOMPLETE, channel, user, picked)
        return (await found.answered(timeout)).choices

    async def press(
        self,
        message: Message,
        *,
        label: str | None = None,
        custom_id: str | None = None,
        author: User | None = None,
    ) -> Interaction:
        """A user presses a button, found by label or custom id."""
        button = button_of(message, label, custom_id)
        data = {"custom_id": button["custom_id"], "component_type": button["type"]}
        return self._component(message, data, author)

    async def choose(
        self,
        message: Message,
        *values: str,
        custom_id: str | None = None,
        author: User | None = None,
    ) -> Interaction:
        """A user chooses in a select, given by the values or labels of its options."""
        select, chosen = select_of(message, values, custom_id)
        data = {"custom_id": select["custom_id"], "component_type": select["type"]}
        return self._component(message, {**data, "values": chosen}, author)

    async def submit_modal(
        self, opened: Interaction, values: Mapping[str, Any], *, author: User | None = None
    ) -> Interaction:
        """A user fills in the modal that answered `opened`, by labels or custom ids."""
        modal, user = opened.modal, author or opened.author
        components = modal_components(modal, values)
        data = {
            "custom_id": modal["custom_id"],
            "components": components,
            "resolved": self._commands.chosen(opened.channel, user, chosen_channels(modal, components)),
        }
        return self._interactions.open(
            MODAL_SUBMIT,
            opened.channel,
            user,
            data,
            source=opened.source,
            trigger=opened,
        )

    def _component(self, message: Message, data: Json, author: User | None) -> Interaction:
        assert not message.deleted, "the message is gone"
        channel = self.world.channels[message.channel_id]
        user = self._present(channel, author)
        return self._interactions.open(COMPONENT, channel, user, data, source=message)

    def _present(self, channel: Channel, author: User | None) -> User:
        """The author, by default a person called ann, made a member where they are not yet."""
        if channel.recipient is not None:
            return channel.recipient
        named = (user for user in self.world.users.values() if user.name == "ann")
        user = author or next(named, None) or self.world.add_user("ann")
        assert channel.guild_id is not None
        guild = self.world.guilds[channel.guild_id]
        if user.id not in guild.members:
            self._join(guild, user)
        return user

    # What the bot did.

    def messages(self, channel: Channel) -> list[Message]:
        """What stands in a channel now, by anybody, oldest first; ephemeral replies do not."""
        return list(channel.messages.values())

    def from_bot(self, channel: Channel) -> list[Message]:
        """What the bot says in a channel now, replies to interactions included."""
        return [m for m in self.messages(channel) if m.author_id == self.bot.id]

    async def next_message(self, channel: Channel, timeout: float = 3.0) -> Message:
        """The bot's oldest message here that was not given out yet; no replies to interactions."""
        taken = self._taken.setdefault(channel.id, set())

        def look() -> Message | None:
            fresh = (m for m in self.from_bot(channel) if m.id not in taken)
            return next((m for m in fresh if "interaction_metadata" not in m.payload), None)

        message = await self.until(look, timeout, f"no message from the bot in #{channel.name}")
        taken.add(message.id)
        return message

    async def edited(self, message: Message, timeout: float = 3.0) -> Message:
        """Wait until a message has been edited at least once more than now."""
        before = len(message.versions)
        what = f"message {message.id} was not edited"
        await self.until(lambda: len(message.versions) > before, timeout, what)
        return message

    async def until(
        self,
        look: Callable[[], T | None],
        timeout: float | None = 3.0,
        what: str = "it did not happen",
    ) -> T:
        """Wait until `look` returns something true, which is returned."""
        return await self._pulse.until(look, timeout, what)

    def commands(self, guild: Guild | None = None) -> list[Json]:
        """The commands that are registered globally, or for a guild."""
        return self._commands.listed(guild.id if guild else None)

    @property
    def interactions(self) -> list[Interaction]:
        """Everything users did with commands and components, oldest first."""
        return self._interactions.opened

    def typing(self, channel: Channel) -> int:
        """How often the bot showed that it is typing here."""
        return self._channels.typing.count(channel.id)

    async def connected(self, timeout: float | None = 5.0) -> None:
        """Wait until the bot has a gateway session on an open connection; None: for ever."""
        await self.until(lambda: self.gateway.ready, timeout, "no bot on the gateway")

    async def disconnected(self, timeout: float = 5.0) -> None:
        """Wait until no gateway connection is open."""
        what = "the bot is still on the gateway"
        await self.until(lambda: not self.gateway.connections, timeout, what)

    def _story(self) -> str:
        tail = "; ".join(map(str, self.requests[-8:])) or "none"
        return f"last requests: {tail}"

    # What goes wrong.

    def fail(self, method: str, path: str, times: int = 1, fault: Fault | None = None) -> None:
        """The next requests whose path (below /api/v10) matches go wrong; by default a 500."""
        self.faults.add(method, path, times, fault or Fault.status(500))

    def limit_channels(self, requests: int = 5, seconds: float = 5.0) -> None:
        """Count requests per route and channel, send X-RateLimit headers, refuse with 429."""
        self.rates.channel = Rate(requests, seconds)

    def limit_everything(self, requests: int = 50, seconds: float = 1.0) -> None:
        """Discord's global limit, which interactions are not counted against."""
        self.rates.everything = Rate(requests, seconds)

    @property
    def too_many(self) -> int:
        """How many requests were answered with 429."""
        return self.rates.refused

    def forget_nonces(self) -> None:
        """As if the nonce window had passed."""
        self._channels.forget_nonces()

    async def drop_gateway(self, code: int | None = None) -> None:
        """Close the gateway connections with this code; cut them where there is none."""
        await self.gateway.drop(code)

    async def ask_to_reconnect(self) -> None:
        """Op 7."""
        await self.gateway.reconnect()

    async def invalidate_session(self, *, resumable: bool = False) -> None:
        """Op 9."""
        await self.gateway.invalidate(resumable=resumable)

    def forget_sessions(self) -> None:
        """The next RESUME is answered with op 9 `false`."""
        self.gateway.sessions.clear()

    async def close_port(self) -> None:
        """Nobody listens any more; every connection is cut."""
        await self.server.close()

    async def open_port(self) -> None:
        """Listen again on the same port; sessions and messages are as they were."""
        await self.server.open()


if __name__ == "__main__":
    from tests.doubles.discord_control import main

    with contextlib.suppress(KeyboardInterrupt):
        main()
