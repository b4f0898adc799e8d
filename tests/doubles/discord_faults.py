"""What can go wrong with a request on purpose: scripted faults, and rate limits."""

import hashlib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.doubles.discord_http import VIA, Json, Reply

FOREVER = math.inf
INTERACTION_PATHS = ("/interactions/", "/webhooks/")


@dataclass(frozen=True)
class Fault:
    """One way a request goes wrong; use the constructors below, whose names say it.

    discord.py sends a 500, 502, 504 or 524 again by itself (after 1, 3, 5, 7, 9 s), a 503, a 403
    and a cut connection never; aiohttp sends a cut GET, PUT or DELETE again, once, where the
    connection had been used before.
    """

    name: str
    stored: bool  # whether Discord does the work before it goes wrong
    reply: Reply | None = None  # None: the connection is cut
    delay: float = 0.0  # seconds until then
    hard: bool = False  # cut by RST, not FIN

    @classmethod
    def lost(cls) -> "Fault":
        """The request is carried out, the answer never arrives: the connection closes."""
        return cls("lost", stored=True)

    @classmethod
    def reset(cls) -> "Fault":
        """The connection is reset before anything is done."""
        return cls("reset", stored=False, hard=True)

    @classmethod
    def status(cls, status: int, *, stored: bool = False) -> "Fault":
        """A server error such as 500, 502 or 503; `stored`: the work was done all the same."""
        reply = Reply(status, {"message": f"{status}: scripted", "code": 0})
        return cls(str(status), stored, reply)

    @classmethod
    def rate_limited(cls, retry_after: float, scope: str = "user") -> "Fault":
        """A 429 with scope `user`, `shared` or `global`."""
        return cls(f"429 {scope}", stored=False, reply=too_many(retry_after, scope))

    @classmethod
    def too_old(cls, retry_after: float = 0.01) -> "Fault":
        """A 429 with 30046: too many edits of messages older than an hour. discord.py tries five times."""
        late = too_many(retry_after, "user")
        words = "Maximum number of edits to messages older than 1 hour reached. Try again later"
        reply = Reply(429, {"message": words, "code": 30046, "retry_after": retry_after}, late.headers)
        return cls("429/30046", stored=False, reply=reply)

    @classmethod
    def banned(cls) -> "Fault":
        """Cloudflare's 429: no Via header, an HTML body."""
        page = Reply(429, raw=b"<html>error 1015</html>", content_type="text/html")
        return cls("banned", stored=False, reply=page)

    @classmethod
    def forbidden(cls) -> "Fault":
        """403 Missing Permissions (50013)."""
        reply = Reply(403, {"message": "Missing Permissions", "code": 50013})
        return cls("403", stored=False, reply=reply)

    @classmethod
    def refused(cls, status: int, code: int, message: str) -> "Fault":
        """Any refusal, such as 404/10008."""
        reply = Reply(status, {"message": message, "code": code})
        return cls(f"{status}/{code}", stored=False, reply=reply)

    @classmethod
    def hang(cls, seconds: float = FOREVER, *, stored: bool = False) -> "Fault":
        """No answer for so long; then the connection is cut."""
        return cls("hang", stored, delay=seconds)

    @classmethod
    def garbage(cls, *, stored: bool = False) -> "Fault":
        """A 200 whose body is a web page instead of JSON."""
        page = Reply(200, raw=b"<html>not json</html>", content_type="text/html")
        return cls("garbage", stored, page)


FAULTS: dict[str, Callable[[], Fault]] = {
    "lost": Fault.lost,
    "reset": Fault.reset,
    "500": lambda: Fault.status(500),
    "502": lambda: Fault.status(502),
    "503": lambda: Fault.status(503),
    "429": lambda: Fault.rate_limited(0.5),
    "30046": Fault.too_old,
    "403": Fault.forbidden,
    "hang": Fault.hang,
    "garbage": Fault.garbage,
}
"""The faults a script can name."""


@dataclass(eq=False)
class Script:
    """A fault for the next few requests of one kind."""

    method: str
    path: re.Pattern[str]  # searched for in the path below /api/v10
    times: int  # left
    fault: Fault


class Faults:
    """The scripted faults, in the order they were scripted."""

    def __init__(self) -> None:
        self._scripts: list[Script] = []

    def add(self, method: str, path: str, times: int, fault: Fault) -> None:
        """The next `times` requests like this go wrong."""
        self._scripts.append(Script(method, re.compile(path), times, fault))

    def take(self, method: str, path: str) -> Fault | None:
        """The fault this request meets; it is used up by it."""
        for script in self._scripts:
            if script.times and script.method == method and script.path.search(path):
                script.times -= 1
                return script.fault
        return None

    def clear(self) -> None:
        """From now on nothing goes wrong."""
        self._scripts.clear()

    @property
    def left(self) -> int:
        """How many scripted faults were not met yet."""
        return sum(script.times for script in self._scripts)


@dataclass(frozen=True)
class Rate:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


@dataclass
class _Bucket:
    used: int
    until: float


@dataclass
class Rates:
    """Rate limits; both are off unless set, and then no X-RateLimit header is sent."""

    channel: Rate | None = None  # each route in each channel, guild or webhook
    everything: Rate | None = None  # all requests together, interactions excepted
    refused: int = 0  # how many requests were answered with 429
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def spend(self, route: str, major: str, path: str, now: float) -> tuple[Reply | None, Json]:
        """A 429 if the request is one too many, else None; and the headers of the answer."""
        late = self._spend_global(path, now)
        if late is not None:
            return late, {}
        if self.channel is None:
            return None, {}
        bucket = self._bucket(f"{route} {major}", self.channel, now)
        name = hashlib.md5(route.encode(), usedforsecurity=False).hexdigest()
        left = self.channel.requests - bucket.used
        headers = {
            "X-RateLimit-Limit": str(self.channel.requests),
            "X-RateLimit-Remaining": str(max(0, left)),
            "X-RateLimit-Reset": f"{bucket.until:.3f}",
            "X-RateLimit-Reset-After": f"{bucket.until - now:.3f}",
            "X-RateLimit-Bucket": name,
        }
        if left >= 0:
            return None, headers
        self.refused += 1
        return too_many(bucket.until - now, "user", headers), {}

    def _spend_global(self, path: str, now: float) -> Reply | None:
        if self.everything is None or path.startswith(INTERACTION_PATHS):
            return None
        bucket = self._bucket("global", self.everything, now)
        if bucket.used <= self.everything.requests:
            return None
        self.refused += 1
        return too_many(bucket.until - now, "global")

    def _bucket(self, key: str, rate: Rate, now: float) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None or bucket.until <= now:
            bucket = self._buckets[key] = _Bucket(0, now + rate.seconds)
        bucket.used += 1
        return bucket


def too_many(retry_after: float, scope: str, headers: dict[str, str] | None = None) -> Reply:
    """A 429 in Discord's form: topics/rate-limits."""
    body: Json = {
        "message": "You are being rate limited.",
        "retry_after": round(retry_after, 3),
        "global": scope == "global",
    }
    extra = {"X-RateLimit-Scope": scope, "Retry-After": str(math.ceil(retry_after)), **VIA}
    if scope == "global":
        extra["X-RateLimit-Global"] = "true"
    return Reply(429, body, {**(headers or {}), **extra})
