"""A local Slack: the Web API and Socket Mode over real sockets on loopback, for the real bot.

    async with SlackDouble() as slack:
        news = slack.add_channel("news")
        ...                                  # start the bot with slack.environment
        await slack.connected()
        asked = await slack.slash(news, "status")
        assert "Rosalind" in (await asked.answered()).said
        assert not slack.violations

`types`, `slash`, `presses`, `chooses`, `submits`, `closes` and `opens_home` do what a person does in the
client; what no client would let a person do is an AssertionError. Everything else is Slack.

Times of messages come from `clock`; all that is waited for is measured by the event loop's.
As a process: `python -m tests.doubles.slack --port 0 [--script FILE]`, see slack_control.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self, TypeVar

from tests.doubles.discord_pulse import Pulse
from tests.doubles.slack_chat import Chat
from tests.doubles.slack_conversations import Conversations
from tests.doubles.slack_events import Events
from tests.doubles.slack_faults import FOREVER, Evenly, Fault, Window
from tests.doubles.slack_files import Files
from tests.doubles.slack_http import Request
from tests.doubles.slack_interaction import Interaction
from tests.doubles.slack_interactions import Interactions, button_of, choice_of
from tests.doubles.slack_message import File, Message
from tests.doubles.slack_people import People
from tests.doubles.slack_posts import Draft, Posts
from tests.doubles.slack_scenery import Scenery
from tests.doubles.slack_server import API, HOST, Server
from tests.doubles.slack_sockets import Connection, Envelope, Sockets
from tests.doubles.slack_text import typed
from tests.doubles.slack_things import PUBLIC, Channel, Group, Team, User
from tests.doubles.slack_view import View
from tests.doubles.slack_views import Views
from tests.doubles.slack_windows import Windows
from tests.doubles.slack_world import World

__all__ = [
    "FOREVER",
    "Channel",
    "Connection",
    "Envelope",
    "Fault",
    "File",
    "Group",
    "Interaction",
    "Message",
    "Request",
    "SlackDouble",
    "Team",
    "User",
    "View",
    "Windows",
]

Json = dict[str, Any]
T = TypeVar("T")

BOT_TOKEN = "xoxb-double-only-valid-on-loopback"
APP_TOKEN = "xapp-double-only-valid-on-loopback"
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


class SlackDouble(Scenery):
    """Slack on 127.0.0.1."""

    def __init__(
        self,
        *,
        port: int = 0,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._pulse = Pulse()
        self._pulse.story = self._story
        world = World(clock)
        self.sockets = Sockets(world, self._pulse.beat)
        self.events = Events(world, self.sockets)
        super().__init__(world, Posts(world, self.events))
        self.bot_token = bot_token
        self.app_token = app_token
        self.files = Files(world, self.events, self._posts)
        self._views = Views(world)
        self._interactions = Interactions(
            world, self.events, self._posts, self._views, sockets=self.sockets, pulse=self._pulse
        )
        self.server = Server(
            tokens=(bot_token, app_token),
            world=world,
            methods={
                **Chat(world, self.events, self._posts).methods(),
                **Conversations(world, self.events).methods(),
                **People(world).methods(),
                **self._views.methods(),
                **self.files.methods(),
            },
            sockets=self.sockets,
            interactions=self._interactions,
            files=self.files,
            pulse=self._pulse,
        )
        self.server.port = port
        self._proxies: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        # slack_sdk reads these, and asks them even for loopback: NO_PROXY is nothing to it.
        self._proxies = {name: os.environ.pop(name) for name in PROXIES if name in os.environ}
        await self.server.open()
        base = f"{HOST}:{self.server.port}"
        self.sockets.base = f"ws://{base}"
        self.files.base = self._interactions.base = f"http://{base}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.sockets.stop()
        await self.server.stop()
        os.environ.update(self._proxies)

    @property
    def api_base(self) -> str:
        """What AsyncWebClient's base_url has to be."""
        return f"http://{HOST}:{self.server.port}{API}"

    @property
    def environment(self) -> dict[str, str]:
        """What the bot has to find in its environment."""
        return {
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_API_BASE": self.api_base,
        }

    # People: what a user does in the client.

    async def types(
        self,
        channel: Channel,
        text: str,
        author: User | None = None,
        *,
        thread: Message | None = None,
        mention: bool = False,
        files: Iterable[tuple[str, bytes]] = (),
    ) -> Message:
        """A person sends a message; `mention` puts the bot's mention in front, `thread` answers to one.

        Slack escapes the text, and makes mentions and links of "@ann", "#news" and "https://…".
        """
        user = self._present(channel, author)
        assert not channel.archived, f"#{channel.name} is archived"
        whole = f"{self.bot.mention} {text}" if mention else text
        parent = (thread.thread_ts or thread.ts) if thread else ""
        attached = [self.files.add(name, content, user.id) for name, content in files]
        for file in attached:
            file.channels.append(channel.id)
        draft = Draft(typed(whole, self.world.typed), thread_ts=parent, files=attached)
        message = self._posts.write(channel, user, draft)
        self._pulse.beat()
        return message

    async def edits(self, message: Message, text: str) -> None:
        """A person changes a message of theirs."""
        assert not self.world.users[message.user].bot_id, "people change only what they wrote"
        self._posts.edit(message, typed(text, self.world.typed), [], {})

    async def slash(
        self, channel: Channel, text: str, author: User | None = None, command: str = "/exomars"
    ) -> Interaction:
        """A person sends `/exomars text`."""
        return self._interactions.slash(channel, self._present(channel, author), command, text)

    async def presses(self, thing: Message | View, label: str, author: User | None = None) -> Interaction:
        """A person presses the button with this text; a link is told to the bot as well."""
        user = self._before(thing, author)
        block, button = button_of(thing, label)
        return self._interactions.act(user, block, button, {}, on=thing)

    async def chooses(
        self, thing: Message | View, wanted: str, author: User | None = None, *, action_id: str = ""
    ) -> Interaction:
        """A person chooses in a select outside of a form's fields, by value or text of the option."""
        user = self._before(thing, author)
        block, element, extra = choice_of(thing, wanted, action_id)
        return self._interactions.act(user, block, element, extra, on=thing)

    async def submits(self, view: View, values: Mapping[str, Any], author: User | None = None) -> Interaction:
        """A person fills in fields, by name (block_id), selects by value or text, and sends the form off."""
        return self._interactions.submit(view, values, self._before(view, author))

    async def closes(self, view: View, author: User | None = None) -> Interaction | None:
        """A person closes a form; None: the bot did not want to hear of it."""
        return self._interactions.close(view, self._before(view, author))

    async def opens_home(self, user: User) -> None:
        """A person opens the bot's home tab."""
        view = self.home(user)
        self.events.home_opened(user, self._views.payload(view) if view else None)

    def _before(self, thing: Message | View, author: User | None) -> User:
        """Who acts on something: they have to see it."""
        if isinstance(thing, View):
            assert author in (None, thing.user), "nobody else sees this view"
            assert thing.open, "the view is closed"
            return thing.user
        assert not thing.deleted, "the message is gone"
        if thing.ephemeral:
            seen_by = self.world.users[thing.ephemeral]
            assert author in (None, seen_by), "nobody else sees this message"
            return seen_by
        return self._present(self.world.channels[thing.channel], author)

    def _present(self, channel: Channel, author: User | None) -> User:
        """The author, by default a person called ann; who is not in a public channel comes in."""
        if channel.user is not None:
            assert author in (None, channel.user), "nobody else can write there"
            return channel.user
        ann = self.world.users.get(self.world.typed.get("@ann", ""))
        user = author or ann or self.add_user("ann")
        if user.id not in channel.members:
            invited = author is None or channel.kind == PUBLIC
            assert invited, f"{user.name} is not in {channel.name}: slack.join(channel, user)"
            self.join(channel, user)
        return user

    async def uninstalls(self) -> None:
        """An admin takes the app away: the bot is told, and from now on its token is nothing."""
        self.events.uninstalled()
        self.server.revoked = True

    # What there is.

    def messages(self, channel: Channel) -> list[Message]:
        """What stands in a channel and its threads now, by anybody, oldest first; no ephemeral ones."""
        return [message for message in channel.messages.values() if not message.deleted]

    def from_bot(self, channel: Channel) -> list[Message]:
        """What the bot says in a channel and its threads now, oldest first."""
        return [message for message in self.messages(channel) if message.user == self.bot.id]

    def ephemerals(self, channel: Channel, user: User) -> list[Message]:
        """What the bot says to one person alone in a channel."""
        return [message for message in channel.ephemerals if message.ephemeral == user.id]

    def home(self, user: User) -> View | None:
        """The home tab that the bot has published for a person."""
        return self._views.homes.get(user.id)

    @property
    def interactions(self) -> list[Interaction]:
        """Everything that people did with commands, buttons and forms, oldest first."""
        return self._interactions.opened

    @property
    def commands(self) -> set[str]:
        """The slash commands that there are."""
        return self._interactions.commands

    @property
    def windows(self) -> Windows:
        """How long triggers, response_urls and so on hold; a test may shorten them."""
        return self.sockets.windows

    @property
    def violations(self) -> list[str]:
        """Everything that Slack refuses because it is wrong, and what the bot must not do besides."""
        return self.world.violations

    @property
    def requests(self) -> list[Request]:
        """Every request so far, oldest first."""
        return self.server.requests

    def requested(self, method: str = "") -> list[Request]:
        """The requests of one method; also "response_url", "upload" and "file"."""
        return list(self.server.by_method.get(method, ())) if method else list(self.requests)

    async def until(
        self,
        look: Callable[[], T | None],
        timeout: float | None = 5.0,
        what: str = "it did not happen",
    ) -> T:
        """Wait until `look` returns something true, which is returned."""
        return await self._pulse.until(look, timeout, what)

    def _story(self) -> str:
        tail = "; ".join(map(str, self.requests[-8:])) or "none"
        wrong = f"; violations: {self.violations[-3:]}" if self.violations else ""
        return f"last requests: {tail}{wrong}"

    # What goes wrong.

    def fail(self, method: str, fault: Fault, times: float = 1, channel: Channel | str | None = None) -> None:
        """The next requests of this method go wrong; "*": of any."""
        place = channel.id if isinstance(channel, Channel) else channel or ""
        self.server.faults.add(method, fault, times, place)

    def limit_channels(self, per_second: float = 1.0, burst: int = 1) -> None:
        """So many chat.postMessage a second in each channel, then 429."""
        self.server.rates.channels = Evenly(per_second, burst)

    def limit_workspace(self, posts_per_minute: int, seconds: float = 60.0) -> None:
        """So many chat.postMessage in any minute (or so many seconds) in all, then 429."""
        self.server.rates.workspace = Window(posts_per_minute, seconds)

    def limit_method(self, method: str, per_minute: int, seconds: float = 60.0) -> None:
        """So many calls of a method in any minute (or so many seconds), then 429."""
        self.server.rates.methods[method] = Window(per_minute, seconds)

    @property
    def too_many(self) -> int:
        """How many requests were answered with 429."""
        return self.server.rates.refused

    # Sockets.

    @property
    def connections(self) -> list[Connection]:
        """The open WebSockets."""
        return self.sockets.connections

    @property
    def unacked(self) -> list[Envelope]:
        """What was sent, or waits to be sent, and was not acknowledged, oldest first."""
        return list(self.sockets.pending)

    @property
    def redeliver_after(self) -> float:
        """Seconds after which an envelope without acknowledgement comes again."""
        return self.windows.redeliver

    @redeliver_after.setter
    def redeliver_after(self, seconds: float) -> None:
        self.windows.redeliver = seconds

    async def connected(self, count: int = 1, timeout: float | None = 5.0) -> None:
        """Wait until the bot has so many connections open; timeout None: for ever."""
        what = f"the bot has no {count} connections"
        await self.until(lambda: len(self.sockets.live) >= count, timeout, what)

    async def disconnected(self, timeout: float = 5.0) -> None:
        """Wait until no connection is open."""
        await self.until(lambda: not self.connections, timeout, "the bot is still connected")

    async def disconnect(
        self, reason: str = "warning", close_after: float = 0.5, which: Connection | None = None
    ) -> None:
        """Send `disconnect` over one connection or all, and close them so many seconds later.

        Reasons: warning, refresh_requested, link_disabled, too_many_websockets.
        """
        await self.sockets.disconnect(reason, close_after, which)

    def abort(self) -> None:
        """Every WebSocket is reset."""
        self.sockets.abort()

    def refuse(self, error: str | None) -> None:
        """apps.connections.open answers with this error; None: it works again."""
        self.sockets.refuses = error or ""

    async def down(self) -> None:
        """Nobody listens any more; every connection is cut."""
        await self.server.close()

    async def up(self) -> None:
        """Listen again on the same port; everything is as it was."""
        await self.server.open()


if __name__ == "__main__":
    from tests.doubles.slack_control import main

    with contextlib.suppress(KeyboardInterrupt):
        main()
