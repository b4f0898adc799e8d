"""A chat platform as whatever runs the bot sees it; docs/new-platform.md tells how to add one."""

from typing import Protocol

from bot.deliver.order import Poster


class Platform(Protocol):
    """A chat platform that there are tokens for; nothing is opened before it is told to.

    It either listens and answers (`run`), or is there for requests alone (`log_in`). Both may post.
    """

    @property
    def name(self) -> str:
        """What it is called everywhere: in the database, in config.toml, in the log."""

    @property
    def connected(self) -> bool:
        """Whether it hears us and we hear it."""

    @property
    def poster(self) -> Poster:
        """What delivers there."""

    async def run(self) -> None:
        """Stays connected and answers until `close`, through every outage that passes.

        Raises ConnectError where waiting would not help. However it ended, it may be run anew.
        """

    async def log_in(self) -> None:
        """Makes ready for requests alone, without listening.

        Raises ConnectError where waiting would not help, UnreachableError where it may.
        """

    async def close(self) -> None:
        """Finishes the answers in progress, then disconnects."""
