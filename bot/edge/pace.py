"""One schedule for every request of a kind that the bot makes on its own account.

Discord allows 50 requests a second over all channels, and bans what keeps going over it
(topics/rate-limits); discord.py spaces requests within a channel only. Slack counts by method and
workspace, and by channel (apis/web-api/rate-limits). Times are seconds of the event loop's clock, which
is never set.
"""

import asyncio
import math
from collections import deque

FOR_PEOPLE = 0.5  # requests a second that digests leave to answers, which never wait
CATCH_UP = 0.1  # seconds that the loop may stall without the requests of that time being lost


class Pace:
    """Lets requests go out evenly, `per_second` of them; 0 or less means without a limit.

    After a pause two may go at once, and what a stalled event loop held up is caught up with. Yet no
    second has more than `per_second` of them (where that is no whole number: no n / per_second seconds
    more than n), but for those that went out for people: these never wait.
    """

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second if per_second > 0 else 0.0
        most = max(1, math.ceil(per_second))
        self._span = most / per_second if per_second > 0 else 0.0
        self._gone: deque[float] = deque(maxlen=most)  # when the last went out
        self._due = 0.0  # when the next may, for the spacing
        self._queue = asyncio.Lock()  # wakes those who wait in the order in which they came

    async def turn(self) -> None:
        """Waits until one more may go out."""
        if not self._interval:
            return
        loop, waited = asyncio.get_running_loop(), False
        async with self._queue:
            # Only the first of the queue sleeps, and looks again afterwards: meanwhile `ahead` may
            # have taken its place.
            while (wait := self._next() - loop.time()) > 0:
                waited = True
                await asyncio.sleep(wait)
            self._go(loop.time(), late=waited)

    def ahead(self) -> None:
        """One goes out for a person, at once; those who wait for their turn give way to it."""
        if self._interval:
            self._go(asyncio.get_running_loop().time())

    def _next(self) -> float:
        """When one more may go out."""
        full = len(self._gone) == self._gone.maxlen
        return max(self._due, self._gone[0] + self._span) if full else self._due

    def _go(self, now: float, *, late: bool = False) -> None:
        """One goes out.

        Who waited and woke late, or comes right behind such a one, goes on where the schedule was. Who
        came after a pause starts it anew, but for one interval.
        """
        behind = CATCH_UP if late else max(self._interval, self._behind(now))
        self._due = max(self._due, now - behind) + self._interval
        self._gone.append(now)

    def _behind(self, now: float) -> float:
        """For how long the last one has been catching up."""
        return min(now - self._due, CATCH_UP) if self._gone and now - self._gone[-1] < self._interval else 0.0
