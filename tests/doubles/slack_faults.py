"""What can go wrong with a request on purpose: scripted faults, and rate limits."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.doubles.slack_http import Reply

FOREVER = math.inf
JITTER = 0.05  # seconds by which a request may come early: Slack tolerates more


@dataclass(frozen=True)
class Fault:
    """One way a request goes wrong; use the constructors below, whose names say it."""

    name: str
    stored: bool  # whether Slack does the work before it goes wrong
    reply: Reply | None = None  # None: the connection is cut
    delay: float = 0.0  # seconds until then

    @classmethod
    def lost(cls) -> "Fault":
        """The request is carried out, the answer never arrives: the connection is cut."""
        return cls("lost", stored=True)

    @classmethod
    def dropped(cls) -> "Fault":
        """The connection is cut before anything is done."""
        return cls("dropped", stored=False)

    @classmethod
    def error(cls, name: str, *, stored: bool = False) -> "Fault":
        """A 200 with `ok` false and this error; `stored`: the work was done all the same."""
        return cls(name, stored, Reply({"ok": False, "error": name}))

    @classmethod
    def too_many(cls, retry_after: float = 1) -> "Fault":
        """A 429."""
        return cls("429", stored=False, reply=too_many(retry_after))

    @classmethod
    def status(cls, code: int, *, stored: bool = False) -> "Fault":
        """An HTTP status such as 500 or 503, whose body is no JSON; `stored`: the work was done."""
        page = Reply(status=code, raw=b"scripted", content_type="text/html; charset=utf-8")
        return cls(str(code), stored, page)

    @classmethod
    def hang(cls, seconds: float = FOREVER, *, stored: bool = False) -> "Fault":
        """No answer for so long; then the connection is cut."""
        return cls("hang", stored, delay=seconds)

    @classmethod
    def slow(cls, seconds: float) -> "Fault":
        """The work is done, and the true answer comes so much later."""
        return cls("slow", stored=True, delay=seconds)

    @classmethod
    def garbage(cls, *, stored: bool = False) -> "Fault":
        """A 200 whose body is a web page instead of JSON."""
        page = Reply(raw=b"<html>not json</html>", content_type="text/html; charset=utf-8")
        return cls("garbage", stored, page)


FAULTS: dict[str, Callable[[], Fault]] = {
    "lost": Fault.lost,
    "dropped": Fault.dropped,
    "500": lambda: Fault.status(500),
    "503": lambda: Fault.status(503),
    "429": lambda: Fault.too_many(1),
    "hang": Fault.hang,
    "garbage": Fault.garbage,
}
"""The faults a script can name; any other word is Slack's error of that name."""


@dataclass(eq=False)
class Script:
    """A fault for the next few requests of one kind."""

    method: str  # "*": any
    channel: str  # id; empty: any
    times: float  # left
    fault: Fault


class Faults:
    """The scripted faults, in the order in which they were scripted."""

    def __init__(self) -> None:
        self._scripts: list[Script] = []

    def add(self, method: str, fault: Fault, times: float, channel: str) -> None:
        """The next `times` requests like this go wrong."""
        self._scripts.append(Script(method, channel, times, fault))

    def take(self, method: str, channel: str) -> Fault | None:
        """The fault that this request meets; it is used up by it."""
        for script in self._scripts:
            if script.times > 0 and script.method in ("*", method) and script.channel in ("", channel):
                script.times -= 1
                return script.fault
        return None

    def clear(self) -> None:
        """From now on nothing goes wrong."""
        self._scripts.clear()

    @property
    def left(self) -> float:
        """How many scripted faults were not met yet."""
        return sum(script.times for script in self._scripts)


@dataclass
class Window:
    """At most so many in any stretch of so many seconds."""

    most: int
    seconds: float
    taken: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """How long until one more may come; 0: it may, and is counted by `take`."""
        while self.taken and self.taken[0] <= now - self.seconds + JITTER:
            self.taken.popleft()
        return self.taken[0] + self.seconds - now if len(self.taken) >= self.most else 0.0

    def take(self, now: float) -> None:
        """One came."""
        self.taken.append(now)


@dataclass
class Evenly:
    """So many a second in each channel, with so many at once after a pause."""

    per_second: float
    burst: int
    due: dict[str, float] = field(default_factory=dict)  # when the next may come, by channel

    def wait(self, channel: str, now: float) -> float:
        """How long until one more may come; 0: it may, and is counted by `take`."""
        ahead = (self.burst - 1) / self.per_second
        wait = self.due.get(channel, 0.0) - ahead - now
        return 0.0 if wait <= JITTER else wait

    def take(self, channel: str, now: float) -> None:
        """One came."""
        self.due[channel] = max(self.due.get(channel, 0.0), now) + 1 / self.per_second


class Rates:
    """Rate limits, all off unless set. Times are those of the event loop."""

    def __init__(self) -> None:
        self.channels: Evenly | None = None  # chat.postMessage in each channel
        self.workspace: Window | None = None  # chat.postMessage in all
        self.methods: dict[str, Window] = {}
        self.refused = 0  # how many requests were answered with 429

    def spend(self, method: str, channel: str, now: float) -> Reply | None:
        """A 429 if the request is one too many, else None."""
        posts = method == "chat.postMessage"
        windows = [
            window for window in (self.methods.get(method), self.workspace if posts else None) if window
        ]
        evenly = self.channels if posts else None
        waits = [window.wait(now) for window in windows]
        if evenly is not None:
            waits.append(evenly.wait(channel, now))
        if any(waits):
            self.refused += 1
            return too_many(max(waits))
        for window in windows:
            window.take(now)
        if evenly is not None:
            evenly.take(channel, now)
        return None


def too_many(retry_after: float) -> Reply:
    """A 429 as Slack sends it: with whole seconds."""
    headers = {"Retry-After": str(math.ceil(retry_after))}
    return Reply({"ok": False, "error": "ratelimited"}, 429, headers)
