"""What a run needs of the platform that it plays on: a double of it, and everything that goes wrong there."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Self

from bench.chaos.arrived import Arrived
from bench.chaos.process import MODULE
from bot.command.asker import Asker


class Stage(ABC):
    """One platform, or rather its double, which is there inside `async with`."""

    platform: str  # as the bot's database calls it
    title: str  # as people do
    bot = MODULE  # the module that is run as the bot

    def __init__(self, chance: Random, *, hangs: int) -> None:
        self._chance = chance
        self._hangs = hangs  # so many requests may hang; each takes half a minute
        self.met: Counter[str] = Counter()  # faults, by name
        self.on_stored: Callable[[str], None] = lambda _: None  # told the mark of each message, at once

    @abstractmethod
    async def __aenter__(self) -> Self:
        """From now on a bot can connect."""

    @abstractmethod
    async def __aexit__(self, *_: object) -> None:
        """The ports are closed; what was written can still be read."""

    # ── scenery ─────────────────────────────────────────────────────────────────────────

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """By what the bot finds the double."""

    @abstractmethod
    def places(self, count: int) -> Iterator[Asker]:
        """Makes so many places, each with somebody who may subscribe there."""

    # ── what there is ───────────────────────────────────────────────────────────────────

    @property
    @abstractmethod
    def ready(self) -> bool:
        """Whether a bot is connected."""

    @property
    @abstractmethod
    def names(self) -> Mapping[str, str]:
        """What people call the channels, by id."""

    @property
    @abstractmethod
    def violations(self) -> Collection[str]:
        """What the bot did that the platform does not allow."""

    @abstractmethod
    def arrived(self) -> Iterator[Arrived]:
        """Every message that the bot has written, channel by channel, oldest first."""

    # ── what goes wrong ─────────────────────────────────────────────────────────────────

    @abstractmethod
    def limit(self, folder: Path, *, limited: bool) -> None:
        """The platform's limit for all that a bot sends is on or off, and the bot's own with it."""

    @abstractmethod
    def scatter(self, places: Collection[str], part: float) -> None:
        """For part of these places, by id, something goes wrong with what is sent there next."""

    @abstractmethod
    async def at_start(self) -> None:
        """What can go wrong while the bot connects."""

    @abstractmethod
    async def disturb(self) -> None:
        """What can happen to the connection while digests are sent."""

    @abstractmethod
    def tally(self) -> None:
        """Counts the faults that were met, and forgets the requests and what was not met."""

    @abstractmethod
    def killed(self) -> None:
        """The bot is no more: whatever the double would keep for it is for nobody."""

    @abstractmethod
    def passed(self, seconds: float) -> None:
        """So long the bot was away, by the shifted clock."""
