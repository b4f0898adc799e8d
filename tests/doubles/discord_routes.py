"""A REST route: one method on one path, and who carries it out."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.doubles.discord_http import Call, Reply

Handler = Callable[[Call], Reply]


@dataclass(frozen=True)
class Route:
    """One method on one path."""

    method: str
    template: str
    shape: re.Pattern[str]
    handler: Handler
    authorized: bool  # False: the token in the path is enough

    def major(self, ids: dict[str, str]) -> str:
        """The id that rate limits are counted by."""
        return ids.get("channel") or ids.get("guild") or ids.get("token") or ""


def route(method: str, template: str, handler: Handler, *, authorized: bool = True) -> Route:
    """A route; `{names}` in the template become the ids of the call."""
    shape = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
    return Route(method, template, shape, handler, authorized)


def find(routes: list[Route], method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The first route of a request, and what its placeholders stand for."""
    for candidate in routes:
        match = candidate.shape.fullmatch(path)
        if match and candidate.method == method:
            return candidate, match.groupdict()
    return None
