"""Slack as whatever runs the bot sees it."""

from collections.abc import Mapping

from bot.config import Slack as Settings
from bot.desk.desk import Desk
from bot.edge.slack.posting.pace import Paces
from bot.edge.slack.posting.posting import SlackPoster
from bot.edge.slack.socket.connection import SlackEdge


class SlackPlatform:
    """Slack: the edge that listens, the poster that delivers, and the paces that both keep."""

    name = "slack"

    def __init__(self, settings: Settings, desks: Mapping[str, Desk]) -> None:
        paces = Paces(settings.posts_per_minute, settings.edits_per_minute)
        self._edge = SlackEdge(settings, desks, paces.ahead)
        self._poster = SlackPoster(lambda: self._edge.web, lambda: self._edge.workspace, paces)

    @property
    def connected(self) -> bool:
        """Whether Slack hears us and we hear it."""
        return self._edge.connected

    @property
    def poster(self) -> SlackPoster:
        """What delivers to Slack."""
        return self._poster

    async def run(self) -> None:
        """Stays connected until `close`; raises ConnectError where waiting would not help."""
        await self._edge.run()

    async def log_in(self) -> None:
        """Makes ready for requests alone: the sockets are for those who listen."""
        await self._edge.log_in()

    async def close(self) -> None:
        """Finishes the answers in progress, then disconnects."""
        await self._edge.close()
