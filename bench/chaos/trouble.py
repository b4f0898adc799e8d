"""What goes wrong in a run: faults of Discord, drawn at random."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from tests.doubles.discord import Channel, DiscordDouble, Fault, Message
from tests.doubles.discord_posts import Draft
from tests.doubles.discord_things import User

FAULTS: tuple[tuple[int, str, Callable[[], Fault]], ...] = (
    (6, "answer lost", Fault.lost),
    (2, "500", lambda: Fault.status(500)),
    (3, "500, stored", lambda: Fault.status(500, stored=True)),
    (2, "502, stored", lambda: Fault.status(502, stored=True)),
    (5, "503", lambda: Fault.status(503)),
    (3, "503, stored", lambda: Fault.status(503, stored=True)),
    (5, "reset", Fault.reset),
    (4, "429", lambda: Fault.rate_limited(0.4)),
    (3, "429 shared", lambda: Fault.rate_limited(1.2, "shared")),
    (2, "429 global", lambda: Fault.rate_limited(0.5, "global")),
    (2, "web page, stored", lambda: Fault.garbage(stored=True)),
)
HANG = ("hang, stored", lambda: Fault.hang(36.0, stored=True))  # longer than the bot waits for an answer
POSTS = r"/(messages|threads)$"


class Watched(DiscordDouble):
    """The double, which says at once when a message of the bot has been stored, before it answers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock=clock)
        self.on_stored: Callable[[Message], None] = lambda _: None
        write = self._posts.write

        def watched(channel: Channel, author: User, draft: Draft) -> Message:
            message = write(channel, author, draft)
            if author is self.bot:
                self.on_stored(message)
            return message

        # There is no later moment at which the bot has surely not been answered yet.
        self._posts.write = watched  # type: ignore[method-assign]


class Trouble:
    """Makes trouble, and counts it."""

    def __init__(self, discord: Watched, chance: Random, *, hangs: int) -> None:
        self._discord = discord
        self._chance = chance
        self._hangs = hangs  # so many may come; each takes half a minute
        self.met: Counter[str] = Counter()

    def scatter(self, channels: Sequence[str], part: float) -> None:
        """For part of these channels, by id, something goes wrong with what is sent there next."""
        for channel in channels:
            if self._chance.random() < part:
                name, fault = self._one()
                path = rf"^/channels/{channel}{POSTS}"
                self._discord.fail("POST", path, self._chance.choice((1, 1, 1, 2)), _named(fault, name))
        if self._chance.random() < 0.06:
            # An outage: whatever is sent, everywhere.
            self._discord.fail("POST", POSTS, self._chance.randint(5, 40), _named(Fault.status(503), "503"))
        if self._chance.random() < 0.1:
            self._discord.fail("GET", r"/messages", 1, _named(Fault.status(503), "503"))
        if self._chance.random() < 0.1:
            self._discord.fail("POST", r"/crosspost$", 1, _named(Fault.lost(), "answer lost"))

    def _one(self) -> tuple[str, Fault]:
        if self._hangs and self._chance.random() < 0.004:
            self._hangs -= 1
            return HANG[0], HANG[1]()
        _, name, made = self._chance.choices(FAULTS, [weight for weight, _, _ in FAULTS])[0]
        return name, made()

    def tally(self) -> None:
        """Counts the faults that were met, and forgets the requests and what was not met."""
        self.met.update(request.fault for request in self._discord.requests if request.fault)
        self._discord.requests.clear()
        self._discord.faults.clear()

    async def at_start(self) -> None:
        """What can go wrong while the bot connects."""
        if self._chance.random() < 0.2:
            self._discord.fail("GET", r"^/users/@me$", 1, _named(Fault.status(503), "503"))
        if self._chance.random() < 0.1:
            self._discord.fail("GET", r"^/users/@me$", 1, _named(Fault.reset(), "reset"))

    async def disturb(self) -> None:
        """What can happen to the connection while digests are sent."""
        roll = self._chance.random()
        await asyncio.sleep(self._chance.random() * 1.5)
        if roll < 0.05:
            self.met["gateway cut"] += 1
            await self._discord.drop_gateway(self._chance.choice((None, 4000, 1001)))
        elif roll < 0.07:
            self.met["gateway: reconnect"] += 1
            await self._discord.ask_to_reconnect()
        elif roll < 0.09:
            self.met["gateway: session invalid"] += 1
            await self._discord.invalidate_session()
        elif roll < 0.12:
            self.met["port closed"] += 1
            await self._discord.close_port()
            try:
                await asyncio.sleep(self._chance.uniform(0.3, 3.0))
            finally:
                await self._discord.open_port()


def _named(fault: Fault, name: str) -> Fault:
    """The fault under the name by which it is counted."""
    return Fault(name, fault.stored, fault.reply, fault.delay, fault.hard)
