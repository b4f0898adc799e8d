"""Counts what a platform refuses, so that its address ban is never near.

Discord bans an address after 10,000 invalid requests (401, 403, 429) in ten minutes: topics/rate-limits.
"""

from collections import deque

MOST_INVALID = 1000
IN_SECONDS = 600.0


class Guard:
    """The refusals of the last ten minutes. Moments are seconds of any steady clock."""

    def __init__(self) -> None:
        self._refused: deque[float] = deque()

    def refused(self, now: float, times: int = 1) -> None:
        """So many more were refused."""
        self._refused.extend([now] * times)

    def wait(self, now: float) -> float:
        """Seconds for which nothing should be sent; 0 where all is well."""
        while self._refused and self._refused[0] <= now - IN_SECONDS:
            self._refused.popleft()
        if len(self._refused) < MOST_INVALID:
            return 0.0
        return self._refused[-MOST_INVALID] + IN_SECONDS - now
