"""The paces that Slack sets: of each method over the workspace, and of messages in each channel.

chat.postMessage: one a second in a channel, and several hundred a minute in all. chat.update, and what
reads, belong to tier 3: 50 a minute each (apis/web-api/rate-limits). Where Slack says 429 all the same, it
blocks that method for the workspace: it waits, and no other does. Times are seconds of the event loop's
clock.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.deliver.pump import MOST
from bot.edge.pace import Pace
from bot.edge.slack.refusals import ERRORS, asked_to_wait
from bot.store.outbox import DeliveryRow

READS_PER_MINUTE = 50
CHANNEL_SECONDS = 1.05  # between two messages in one channel: on the way they may come closer together
GIVE_WAY_SECONDS = 30.0  # for so long at most a digest gives way to answers in its channel
A_MOMENT = 0.05
MARGIN = 0.99  # of what is allowed in a minute, for the same reason
MOST_KEPT = 256  # channels, before those are forgotten in which a message may be posted at once


class Method:
    """The pace of one method over the workspace; 0 a minute means none, but for what Slack asks to wait."""

    def __init__(self, per_minute: int) -> None:
        self._pace = Pace(per_minute * MARGIN / 60)
        self._until = 0.0  # Slack has said that nothing goes before
        self._queue = asyncio.Lock()  # wakes those who wait in the order in which they came

    async def turn(self) -> None:
        """Waits until one more may go out."""
        async with self._queue:
            await self.held()
            await self._pace.turn()
            await self.held()

    async def held(self) -> None:
        """Waits as long as Slack has asked to; meanwhile that may grow."""
        await _until(lambda: self._until)

    def hold(self, seconds: float) -> None:
        """Nothing goes out for so long."""
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)

    def ahead(self) -> None:
        """One goes out for a person; those who wait for their turn give way to it."""
        self._pace.ahead()


class _Channel:
    """When the next message may be posted in one channel."""

    def __init__(self) -> None:
        self.due = 0.0
        self.used = 0  # by so many who wait or post
        self.people = 0  # of these, so many answers
        self.queue = asyncio.Lock()  # wakes those who wait in the order in which they came
        self.answers = asyncio.Lock()  # the same for answers, which go first

    async def rest(self) -> None:
        """Waits until the next message may be posted there; meanwhile `due` may grow."""
        await _until(lambda: self.due)

    async def rest_behind_people(self, patience: float) -> None:
        """The same, behind all answers; of these it is tired at a moment."""
        loop = asyncio.get_running_loop()
        await self.rest()
        while self.people and loop.time() < patience:
            await asyncio.sleep(A_MOMENT)
            await self.rest()

    def posted(self) -> None:
        """A message is posted there now."""
        self.due = asyncio.get_running_loop().time() + CHANNEL_SECONDS


class Paces:
    """Lets requests go out evenly; a limit of 0 a minute means none, but for the second of a channel."""

    def __init__(
        self, posts_per_minute: int, edits_per_minute: int, reads_per_minute: int = READS_PER_MINUTE
    ) -> None:
        self.posts = Method(posts_per_minute)
        self.edits = Method(edits_per_minute)
        self.reads = Method(reads_per_minute)
        self.opens = Method(reads_per_minute)  # of direct messages: as many
        self._channels: dict[str, _Channel] = {}
        # As many as the pump has under way may stand in one queue.
        self.longest = MOST * max(CHANNEL_SECONDS, 60 / (posts_per_minute or 60))
        """Seconds that a post may wait for its turn, but for answers, and what Slack asks to wait."""

    async def turn(self, row: DeliveryRow) -> None:
        """Waits until the first request of a delivery may go out."""
        if row.task == "notice":
            await self.opens.turn()
        elif row.unsure:  # it is looked for
            await self.reads.turn()
        elif row.task == "edit":
            await self.edits.turn()
        else:
            await self.channel(row.place)

    async def channel(self, place: str) -> None:
        """Waits until one more message may be posted in a channel."""
        channel, patience = self._channel(place), asyncio.get_running_loop().time() + GIVE_WAY_SECONDS
        channel.used += 1
        try:
            async with channel.queue:
                # Its turn in the workspace is taken when it can be used, and not by those who wait here.
                await channel.rest_behind_people(patience)
                await self.posts.turn()
                await channel.rest_behind_people(patience)
                channel.posted()
        finally:
            channel.used -= 1

    @asynccontextmanager
    async def ahead(self, place: str) -> AsyncIterator[None]:
        """Posts a message for a person, once the channel may have one more; digests there give way.

        A 429 that it raises holds back whatever posts.
        """
        channel = self._channel(place)
        channel.used += 1
        channel.people += 1
        try:
            async with channel.answers:
                await self.posts.held()
                await channel.rest()
                channel.posted()
                self.posts.ahead()
        finally:
            channel.used -= 1
            channel.people -= 1
        try:
            yield
        except ERRORS as error:
            self.posts.hold(asked_to_wait(error))
            raise

    def _channel(self, place: str) -> _Channel:
        found = self._channels.get(place)
        if found is None:
            if len(self._channels) >= MOST_KEPT:
                self._forget()
            found = self._channels[place] = _Channel()
        return found

    def _forget(self) -> None:
        """Keeps only the channels in which something waits, or would have to."""
        now = asyncio.get_running_loop().time()
        kept = {place: one for place, one in self._channels.items() if one.used or one.due > now}
        self._channels = kept


async def _until(when: Callable[[], float]) -> None:
    """Waits until a moment that may move meanwhile."""
    loop = asyncio.get_running_loop()
    while (wait := when() - loop.time()) > 0:  # noqa: ASYNC110  (for a time, and for no event)
        await asyncio.sleep(wait)
