"""Discord as the stage of a run: servers, channels of every kind, and a connection that is cut."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Self

from bench.chaos.arrived import Arrived, footer_of, mark_in, messages
from bench.chaos.discord_trouble import FAULTS, HANG, POSTS, Watched, named
from bench.chaos.scene import asker
from bench.chaos.stage import Stage
from bench.chaos.story import configure
from bot.command.asker import Asker, Place, PlaceKind
from tests.doubles.discord import Channel, Fault, Guild, Message

SERVERS = 8
LIMIT = 50  # Discord's, requests a second
PER_SECOND = 49  # the bot's own
NONCE_SECONDS = 300.0  # for so long the double knows a nonce

# Half of all places are text channels.
PLACES: tuple[PlaceKind, ...] = ("text", "forum", "text", "announcement", "text", "direct", "text", "thread")


class DiscordStage(Stage):
    """Discord's double, with every kind of channel."""

    platform, title = "discord", "Discord"
    bot = "bench.chaos.discord_bot"

    def __init__(self, clock: Callable[[], float], chance: Random, *, hangs: int) -> None:
        super().__init__(chance, hangs=hangs)
        self.double = Watched(clock)
        self.double.windows.nonce = NONCE_SECONDS
        self.double.on_stored = self._stored
        self.channels: dict[str, Channel] = {}  # by id: those that digests come to

    async def __aenter__(self) -> Self:
        await self.double.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.double.__aexit__(None, None, None)

    # ── scenery ─────────────────────────────────────────────────────────────────────────

    @property
    def environment(self) -> dict[str, str]:
        """By what the bot finds the double."""
        return {
            "DISCORD_TOKEN": self.double.token,
            "DISCORD_API_BASE": self.double.api_base,
            "DISCORD_GATEWAY_URL": self.double.gateway_url,
        }

    def places(self, count: int) -> Iterator[Asker]:
        """Channels, each with somebody who may subscribe there."""
        discord = self.double
        guilds = [discord.add_guild(f"Server {number}") for number in range(SERVERS)]
        for number in range(count):
            guild, kind = guilds[number % SERVERS], PLACES[number % len(PLACES)]
            name = f"{kind}-{number}"
            person = discord.add_user(f"admin of {name}", guild)
            direct = kind == "direct"
            channel = discord.dm(person) if direct else self._channel(guild, name, kind)
            self.channels[channel.id] = channel
            place = Place("discord", "" if direct else guild.id, channel.id, f"#{name}", kind)
            yield asker(place, person.id)

    def _channel(self, guild: Guild, name: str, kind: PlaceKind) -> Channel:
        if kind == "thread":
            return self.double.add_thread(self.double.add_channel(guild, f"below-{name}"), name)
        return self.double.add_channel(guild, name, kind)

    # ── what there is ───────────────────────────────────────────────────────────────────

    @property
    def ready(self) -> bool:
        """Whether a bot is connected, and was told of its servers."""
        return self.double.gateway.ready

    @property
    def names(self) -> Mapping[str, str]:
        """What people call the channels, by id."""
        return {channel.id: f"#{channel.name}" for channel in self.double.world.channels.values()}

    @property
    def violations(self) -> Collection[str]:
        """What the bot did that Discord does not allow."""
        return self.double.violations

    def arrived(self) -> Iterator[Arrived]:
        """Every message that the bot has written, channel by channel, oldest first."""
        return messages(self.double, self.channels)

    def _stored(self, message: Message) -> None:
        self.on_stored(mark_in(footer_of(message)))

    # ── what goes wrong ─────────────────────────────────────────────────────────────────

    def limit(self, folder: Path, *, limited: bool) -> None:
        """Discord's limit of requests in a second is on or off, and the bot's own with it."""
        configure(folder, PER_SECOND if limited else 0)
        if limited:
            self.double.limit_everything(LIMIT)
        else:
            self.double.rates.everything = None

    def scatter(self, places: Collection[str], part: float) -> None:
        """For part of these channels something goes wrong with what is sent there next."""
        chance, fail = self._chance, self.double.fail
        for channel in places:
            if chance.random() < part:
                name, fault = self._one()
                fail("POST", rf"^/channels/{channel}{POSTS}", chance.choice((1, 1, 1, 2)), named(fault, name))
        if chance.random() < 0.06:
            # An outage: whatever is sent, everywhere.
            fail("POST", POSTS, chance.randint(5, 40), named(Fault.status(503), "503"))
        if chance.random() < 0.1:
            fail("GET", r"/messages", 1, named(Fault.status(503), "503"))
        if chance.random() < 0.1:
            fail("POST", r"/crosspost$", 1, named(Fault.lost(), "answer lost"))

    def _one(self) -> tuple[str, Fault]:
        if self._hangs and self._chance.random() < 0.004:
            self._hangs -= 1
            return HANG[0], HANG[1]()
        _, name, made = self._chance.choices(FAULTS, [weight for weight, _, _ in FAULTS])[0]
        return name, made()

    async def at_start(self) -> None:
        """What can go wrong while the bot connects."""
        if self._chance.random() < 0.2:
            self.double.fail("GET", r"^/users/@me$", 1, named(Fault.status(503), "503"))
        if self._chance.random() < 0.1:
            self.double.fail("GET", r"^/users/@me$", 1, named(Fault.reset(), "reset"))

    async def disturb(self) -> None:
        """What can happen to the connection while digests are sent."""
        roll, later = self._chance.random(), self._chance.random() * 1.5
        if roll >= 0.12:
            return
        await asyncio.sleep(later)
        if roll < 0.05:
            self.met["gateway cut"] += 1
            await self.double.drop_gateway(self._chance.choice((None, 4000, 1001)))
        elif roll < 0.07:
            self.met["gateway: reconnect"] += 1
            await self.double.ask_to_reconnect()
        elif roll < 0.09:
            self.met["gateway: session invalid"] += 1
            await self.double.invalidate_session()
        else:
            self.met["port closed"] += 1
            await self.double.close_port()
            try:
                await asyncio.sleep(self._chance.uniform(0.3, 3.0))
            finally:
                await self.double.open_port()

    def tally(self) -> None:
        """Counts the faults that were met, and forgets the requests and what was not met."""
        self.met.update(request.fault for request in self.double.requests if request.fault)
        self.double.requests.clear()
        self.double.faults.clear()

    def killed(self) -> None:
        """What was to be resumed never will be; else the double would keep every event for it."""
        self.double.forget_sessions()

    def passed(self, seconds: float) -> None:
        """A nonce is known for some minutes only."""
        if seconds > NONCE_SECONDS:
            self.double.forget_nonces()
