"""So that nobody can flood: how many requests of one person, and of one server, are answered.

Each has a bucket of tokens that fills by its allowance of a minute. A request takes one of each; where
one is empty, it is refused, and told for how long. Until then nothing more is said: an answer to every
refused request would be a flood as well. No clock is read: seconds are of any steady one.
"""

from math import ceil
from typing import Literal, NamedTuple

from bot.reply import Line, Reply, Section

MOST = 100_000  # buckets that are remembered of either kind
COMPLETIONS = (900, 9000)
"""Completions of a minute, of one person and of one server: many times what typing brings about."""
_SMALLEST = 5.0  # requests that may come at once, however small the allowance
_AT_ONCE = 1 / 3  # of a minute's allowance
_BACK = 1 / 3  # of a bucket has to be full again after a refusal

SILENCE = Reply("flood", "", (), abstained=True, private=True)
"""What is said to somebody who was told to wait and did not: nothing at all. Known by being this object."""

Whose = Literal["person", "server", ""]


class Verdict(NamedTuple):
    """Whether a request is answered."""

    admitted: bool
    whose: Whose = ""  # allowance is used up
    wait: float = 0.0  # seconds until it is worth asking again
    told: bool = False  # they have been told so already


ADMITTED = Verdict(admitted=True)


class Flood:
    """The allowances of a minute: of each person, and of each server; 0 sets none."""

    def __init__(self, person_per_minute: int, server_per_minute: int) -> None:
        self._persons = _Buckets(person_per_minute)
        self._servers = _Buckets(server_per_minute)

    def admit(self, person: str, server: str, seconds: float) -> Verdict:
        """Whether a request is answered now; it counts only where it is.

        An empty server is none, as in direct messages.
        """
        if wait := self._persons.wait(person, seconds):
            return Verdict(
                admitted=False, whose="person", wait=wait, told=self._persons.tell(person, seconds)
            )
        if wait := self._servers.wait(server, seconds):
            return Verdict(
                admitted=False, whose="server", wait=wait, told=self._servers.tell(server, seconds)
            )
        self._persons.take(person)
        self._servers.take(server)
        return ADMITTED

    @property
    def remembered(self) -> int:
        """How many persons and servers are known at this moment."""
        return len(self._persons) + len(self._servers)


def reply_to(verdict: Verdict, title: str, server: str = "server") -> Reply | None:
    """What somebody hears: None where they are answered; how long to wait, once; then SILENCE.

    `title` stands above it; `server` is what a server is called there.
    """
    if verdict.admitted:
        return None
    if verdict.told:
        return SILENCE
    seconds = max(ceil(verdict.wait), 1)
    who = "You have asked" if verdict.whose == "person" else f"This {server} has asked"
    unit = "second" if seconds == 1 else "seconds"
    text = f"{who} very much within a short time. Wait {seconds} {unit}; until then there are no answers."
    return Reply("flood", title, (Section("", (Line(text),)),), abstained=True, private=True)


class _Bucket:
    """Tokens as they were at a moment, and until when its owner has been told to wait."""

    __slots__ = ("at", "tokens", "until")

    def __init__(self, tokens: float, at: float) -> None:
        self.tokens = tokens
        self.at = at
        self.until = 0.0


class _Buckets:
    """The buckets of all persons, or of all servers, in the order in which they were last used."""

    def __init__(self, per_minute: int) -> None:
        self._rate = per_minute / 60
        self._room = max(per_minute * _AT_ONCE, _SMALLEST)
        self._full = self._room / self._rate if self._rate else 0.0  # seconds until an empty one is
        self._known: dict[str, _Bucket] = {}

    def __len__(self) -> int:
        return len(self._known)

    def wait(self, name: str, seconds: float) -> float:
        """Seconds until a request of this name is answered; 0: now."""
        if not self._rate or not name:
            return 0.0
        bucket = self._bucket(name, seconds)
        if bucket.until > seconds:
            return bucket.until - seconds
        if bucket.tokens >= 1:
            return 0.0
        return (max(self._room * _BACK, 1.0) - bucket.tokens) / self._rate

    def tell(self, name: str, seconds: float) -> bool:
        """Keeps that they are told to wait; returns whether they had been already."""
        bucket = self._known[name]
        if bucket.until > seconds:
            return True
        bucket.until = seconds + self.wait(name, seconds)
        return False

    def take(self, name: str) -> None:
        """Takes a token, which `wait` has found to be there."""
        if self._rate and name:
            self._known[name].tokens -= 1

    def _bucket(self, name: str, seconds: float) -> _Bucket:
        bucket = self._known.pop(name, None)
        if bucket is None:
            self._forget(seconds)
            bucket = _Bucket(self._room, seconds)
        passed = max(seconds - bucket.at, 0.0)
        bucket.tokens = min(bucket.tokens + passed * self._rate, self._room)
        bucket.at = seconds
        self._known[name] = bucket  # the last used is the last
        return bucket

    def _forget(self, seconds: float) -> None:
        """Drops some that are full again, as those of which nothing is known; each new one pays for two."""
        for _ in range(2):
            oldest = next(iter(self._known), None)
            if oldest is None:
                return
            quiet = seconds - self._known[oldest].at >= self._full
            if not quiet and len(self._known) < MOST:
                return
            del self._known[oldest]
