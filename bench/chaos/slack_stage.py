"""Slack as the stage of a run: one workspace, channels and direct messages, and a socket that is cut."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Self

from bench.chaos.arrived import Arrived, read
from bench.chaos.scene import asker
from bench.chaos.slack_trouble import EDIT, FAULTS, HANGS, LOOKS, POST, Watched, named
from bench.chaos.stage import Stage
from bench.chaos.story import configure
from bot.command.asker import Asker, Place
from tests.doubles import slack_reading
from tests.doubles.slack import Channel, Fault, Message

LIMIT = 1800  # posts a minute in the whole workspace
PER_MINUTE = 1700  # the bot's own
EVENT = "exomars_delivery"

# Half of all places are public channels.
PLACES = ("public", "private", "public", "direct")


class SlackStage(Stage):
    """Slack's double: one message a second in a channel is always its limit."""

    platform, title = "slack", "Slack"
    bot = "bench.chaos.slack_bot"

    def __init__(self, clock: Callable[[], float], chance: Random, *, hangs: int) -> None:
        super().__init__(chance, hangs=hangs)
        self.double = Watched(clock)
        self.double.limit_channels()
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
        return dict(self.double.environment)

    def places(self, count: int) -> Iterator[Asker]:
        """Channels and direct messages, each with somebody who may subscribe there."""
        slack = self.double
        for number in range(count):
            kind = PLACES[number % len(PLACES)]
            name = f"{kind}-{number}"
            person = slack.add_user(f"admin-of-{name}", admin=True)
            direct = kind == "direct"
            channel = slack.dm(person) if direct else slack.add_channel(name, private=kind == "private")
            self.channels[channel.id] = channel
            server = "" if direct else slack.team.id
            place = Place("slack", server, channel.id, f"#{name}", "direct" if direct else "text")
            yield asker(place, person.id)

    # ── what there is ───────────────────────────────────────────────────────────────────

    @property
    def ready(self) -> bool:
        """Whether a bot is connected."""
        return bool(self.double.connections)

    @property
    def names(self) -> Mapping[str, str]:
        """What people call the channels, by id."""
        return {channel.id: f"#{channel.name}" for channel in self.double.world.channels.values()}

    @property
    def violations(self) -> Collection[str]:
        """What the bot did that Slack does not allow."""
        return self.double.violations

    def arrived(self) -> Iterator[Arrived]:
        """Every message that the bot has written, channel by channel, oldest first."""
        for channel in self.double.world.channels.values():
            for message in self.double.from_bot(channel):
                yield _read(message)

    def _stored(self, message: Message) -> None:
        self.on_stored(str(_mark(message).get("id", "")))

    # ── what goes wrong ─────────────────────────────────────────────────────────────────

    def limit(self, folder: Path, *, limited: bool) -> None:
        """A limit of posts in a minute is on or off, and the bot's own with it."""
        configure(folder, 0, PER_MINUTE if limited else 0)
        if limited:
            self.double.limit_workspace(LIMIT)
            self.double.limit_method(EDIT, LIMIT)
            self.double.limit_method("conversations.history", LIMIT)
        else:
            self.double.server.rates.workspace = None
            self.double.server.rates.methods.clear()

    def scatter(self, places: Collection[str], part: float) -> None:
        """For part of these channels something goes wrong with what is sent there next."""
        chance, fail = self._chance, self.double.fail
        for channel in places:
            if chance.random() < part:
                fail(POST, self._one(), chance.choice((1, 1, 1, 2)), channel)
            if chance.random() < part / 4:
                fail(EDIT, self._one(), 1, channel)
        if chance.random() < 0.06:
            # An outage: whatever is sent, everywhere.
            fail(POST, named(Fault.status(503), "503"), chance.randint(5, 40))
        if chance.random() < 0.06:
            # The bot sends one at a time while it is held back, and each of these holds it back anew.
            fail(POST, named(Fault.too_many(chance.randint(1, 2)), "429"), chance.randint(2, 6))
        if chance.random() < 0.15:
            fail(chance.choice(LOOKS), self._one(), 1)

    def _one(self) -> Fault:
        if self._hangs and self._chance.random() < 0.004:
            self._hangs -= 1
            name, made = self._chance.choice(HANGS)
        else:
            _, name, made = self._chance.choices(FAULTS, [weight for weight, _, _ in FAULTS])[0]
        return named(made(), name)

    async def at_start(self) -> None:
        """What can go wrong while the bot connects."""
        roll = self._chance.random()
        if roll < 0.1:
            self.double.fail("apps.connections.open", named(Fault.status(503), "503"))
        elif roll < 0.2:
            self.double.fail("apps.connections.open", named(Fault.error("internal_error"), "internal_error"))
        elif roll < 0.3:
            self.double.fail("auth.test", named(Fault.dropped(), "connection dropped"))

    async def disturb(self) -> None:
        """What can happen to the connection while digests are sent."""
        roll, later = self._chance.random(), self._chance.random() * 1.5
        if roll >= 0.22:
            return
        await asyncio.sleep(later)
        if roll < 0.12:
            reason = self._chance.choice(("warning", "refresh_requested", "too_many_websockets"))
            self.met[f"disconnect: {reason}"] += 1
            await self.double.disconnect(reason, self._chance.uniform(0.0, 2.0))
        elif roll < 0.14:
            self.met["no new connection"] += 1
            await self._without("internal_error")
        elif roll < 0.19:
            self.met["socket aborted"] += 1
            self.double.abort()
        else:
            self.met["port closed"] += 1
            await self.double.down()
            try:
                await asyncio.sleep(self._chance.uniform(0.3, 3.0))
            finally:
                await self.double.up()

    async def _without(self, error: str) -> None:
        """For a while nobody can connect anew.

        That Socket Mode is switched off (link_disabled) does not pass: then the bot ends, and says why.
        """
        self.double.refuse(error)
        try:
            await self.double.disconnect("refresh_requested", 0.1)
            await asyncio.sleep(self._chance.uniform(0.3, 2.0))
        finally:
            self.double.refuse(None)

    def tally(self) -> None:
        """Counts the faults that were met, and forgets the requests and what was not met."""
        self.met.update(request.fault for request in self.double.requests if request.fault)
        self.double.requests.clear()
        self.double.server.by_method.clear()
        self.double.server.faults.clear()

    def killed(self) -> None:
        """A socket is of one process; Slack keeps nothing for the next."""

    def passed(self, seconds: float) -> None:
        """Slack knows no message by what it was sent with, so it has nothing to forget."""


def _read(message: Message) -> Arrived:
    """A message as its reader sees it; what Slack knows of it has to say the same."""
    small = [block for block in message.blocks if block.get("type") == "context"][-1:]
    at = datetime.fromtimestamp(float(message.ts), UTC)
    found = read(message.ts, message.channel, at, message.said, slack_reading.seen(small, message.names))
    known = _mark(message)
    if (known.get("id", ""), known.get("edit", "")) != (found.mark, found.edit):
        return found._replace(mark="")  # by what it is marked with, the bot would not find it again
    return found


def _mark(message: Message) -> Mapping[str, object]:
    """What the bot has marked a message with, where nobody reads it."""
    metadata = message.metadata
    payload = metadata.get("event_payload") if metadata.get("event_type") == EVENT else None
    return payload if isinstance(payload, Mapping) else {}
