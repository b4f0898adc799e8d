"""The paces that Slack sets: of each method over the workspace, and of messages in each channel.

chat.postMessage: one a second in a channel, and several hundred a minute in all. chat.update, and what
reads, belong to tier 3: 50 a minute each (apis/web-api/rate-limits). Times are seconds of the event
loop's clock.
"""

import asyncio

from bot.deliver.pump import MOST
from bot.edge.pace import Pace
from bot.store.outbox import DeliveryRow

READS_PER_MINUTE = 50
CHANNEL_SECONDS = 1.05  # between two messages in one channel: on the way they may come closer together
MARGIN = 0.99  # of what is allowed in a minute, for the same reason
MOST_KEPT = 256  # channels, before those are forgotten in which a message may be posted at once


class _Channel:
    """When the next message may be posted in one channel."""

    def __init__(self) -> None:
        self.due = 0.0
        self.used = 0  # by so many who wait or post
        self.queue = asyncio.Lock()  # wakes those who wait in the order in which they came

    async def rest(self) -> None:
        """Waits until the next message may be posted there; meanwhile `due` may grow."""
        loop = asyncio.get_running_loop()
        while (wait := self.due - loop.time()) > 0:  # noqa: ASYNC110  (for a time, and for no event)
            await asyncio.sleep(wait)

    def posted(self) -> None:
        """A message is posted there now."""
        now = asyncio.get_running_loop().time()
        self.due = max(self.due, now) + CHANNEL_SECONDS


class Paces:
    """Lets requests go out evenly; a limit of 0 a minute means none, but for the second of a channel."""

    def __init__(self, posts_per_minute: int, edits_per_minute: int) -> None:
        self._posts = _pace(posts_per_minute)
        self._edits = _pace(edits_per_minute)
        self._reads = _pace(READS_PER_MINUTE)
        self._opens = _pace(READS_PER_MINUTE)  # of direct messages: as many
        self._channels: dict[str, _Channel] = {}
        # As many as the pump has under way may stand in one queue.
        self.longest = MOST * max(CHANNEL_SECONDS, 60 / (posts_per_minute or 60))
        """Seconds that a post may wait for its turn, but for what goes out for people meanwhile."""

    async def turn(self, row: DeliveryRow) -> None:
        """Waits until the first request of a delivery may go out."""
        if row.task == "notice":
            await self._opens.turn()
        elif row.unsure:  # it is looked for
            await self.reading()
        elif row.task == "edit":
            await self._edits.turn()
        else:
            await self.channel(row.place)

    async def channel(self, place: str) -> None:
        """Waits until one more message may be posted in a channel."""
        channel = self._channel(place)
        channel.used += 1
        try:
            async with channel.queue:
                # Its turn in the workspace is taken when it can be used, and not by those who wait here.
                await channel.rest()
                await self._posts.turn()
                await channel.rest()
                channel.posted()
        finally:
            channel.used -= 1

    async def reading(self) -> None:
        """Waits until one more page may be read."""
        await self._reads.turn()

    def ahead(self, place: str) -> None:
        """A message is posted for a person in a channel, at once; those who wait for their turn give way."""
        self._posts.ahead()
        self._channel(place).posted()

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


def _pace(per_minute: int) -> Pace:
    return Pace(per_minute * MARGIN / 60)
