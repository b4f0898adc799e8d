"""When the bot of a run is killed: at random, and most of all between what it sends and what it records."""

import asyncio
import contextlib
from collections import Counter
from random import Random

from bench.chaos.books import Books
from bench.chaos.process import Bot
from bench.chaos.stage import Stage

WAIT_SECONDS = 3.5  # for the moment of a kill to come; then it comes anyway

STORED, AFTER, PROMISED = "stored, answer not yet sent", "a moment after the answer", "promised, nothing sent"
BETWEEN, STARTING, ENDING = "somewhere in between", "while it starts", "while it ends"
HANGING = "while requests hang"

# How often of each.
WEIGHTS = {STORED: 6, AFTER: 5, PROMISED: 3, BETWEEN: 4, STARTING: 2, ENDING: 1}

# For how many seconds of the shifted clock it is away afterwards: from, to, and how often of each.
AWAY = {(0, 0): 9.0, (20, 400): 5.0, (400, 5400): 4.0, (7200, 25000): 2.0, (40000, 130000): 0.5}


class Killer:
    """Kills the bot, and counts."""

    def __init__(self, bot: Bot, stage: Stage, books: Books, chance: Random) -> None:
        self._bot = bot
        self._stage = stage
        self._books = books
        self._chance = chance
        self._marks: set[str] = set()  # of all that the platform has stored
        self._left = 0  # messages to be stored until the bot is killed
        self._later: float | None = None  # seconds between that moment and the kill
        self.kills: Counter[str] = Counter()
        self.under_way = 0  # deliveries that were taken when the bot was killed
        self.unrecorded = 0  # of these, what the platform had stored already
        stage.on_stored = self._stored

    def draw(self) -> str:
        """When the next kill is to come."""
        return self._chance.choices([*WEIGHTS], [*WEIGHTS.values()])[0]

    def away(self) -> float:
        """Seconds of the shifted clock until the bot is started again."""
        low, high = self._chance.choices([*AWAY], [*AWAY.values()])[0]
        return self._chance.uniform(low, high)

    def lie_in_wait(self, when: str, count: int) -> "asyncio.Task[None]":
        """From now on it is killed at that moment; `count` messages are about to be posted."""
        if when in {STORED, AFTER}:
            self._left = self._chance.randint(1, max(count // 2, 1))
            self._later = None if when == STORED else self._chance.uniform(0.0, 0.04)
        return asyncio.create_task(self._lie_in_wait(when))

    async def strike(self, waiting: "asyncio.Task[None]", when: str) -> None:
        """Waits until the moment has come, and no longer than it may take."""
        try:
            await asyncio.wait_for(self._bot.gone(), WAIT_SECONDS)
        except TimeoutError:
            self._bot.kill()
        self._left = 0
        waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiting
        await self.kill(when)

    async def kill(self, when: str) -> None:
        """Kills it now, if it is still there, and counts."""
        self._bot.kill()
        await self._bot.gone()
        if self._bot.killed:
            self.kills[when] += 1
            taken = self._books.taken()
            self.under_way += len(taken)
            self.unrecorded += len(taken & self._marks)
        self._stage.killed()

    def _stored(self, mark: str) -> None:
        self._marks.add(mark)
        if not self._left:
            return
        self._left -= 1
        if self._left == 0 and self._later is None:
            self._bot.kill()
        elif self._left == 0 and self._later is not None:
            asyncio.get_running_loop().call_later(self._later, self._bot.kill)

    async def _lie_in_wait(self, when: str) -> None:
        chance = self._chance
        if when == PROMISED:
            waited = self._books.promised()
            for _ in range(5000):
                await asyncio.sleep(0.001)
                if self._books.promised() > waited:
                    break
            self._bot.kill()
        elif when == BETWEEN:
            await asyncio.sleep(chance.uniform(0.0, 1.5))
            self._bot.kill()
        elif when == ENDING:
            await asyncio.sleep(chance.uniform(0.2, 0.8))
            ending = asyncio.create_task(self._bot.end())
            await asyncio.sleep(chance.uniform(0.0, 0.1))
            self._bot.kill()
            await ending
