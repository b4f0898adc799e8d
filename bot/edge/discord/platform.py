"""Discord as whatever runs the bot sees it."""

from collections.abc import Mapping

import aiohttp
import discord

from bot.config import Discord as Settings
from bot.desk.desk import Desk
from bot.edge.discord.connection import FATAL_CLOSES, DiscordEdge, set_up_library
from bot.edge.discord.listening.client import SEND_SECONDS, Recall, Remember
from bot.edge.discord.messages import quietly, short
from bot.edge.discord.posting.posting import DiscordPoster
from bot.edge.pace import FOR_PEOPLE, Pace
from bot.errors import ConnectError, UnreachableError


class DiscordPlatform:
    """Discord: the edge that listens, the poster that delivers, and the pace that both keep."""

    name = "discord"

    def __init__(
        self, settings: Settings, desks: Mapping[str, Desk], recall: Recall, remember: Remember
    ) -> None:
        self._settings = settings
        self._requests: discord.Client | None = None  # logged in for requests alone
        pace = Pace(settings.requests_per_second - FOR_PEOPLE)
        self._edge = DiscordEdge(settings, desks, recall, remember, pace.ahead)
        self._poster = DiscordPoster(lambda: self._requests or self._edge.client, pace)

    @property
    def connected(self) -> bool:
        """Whether Discord hears us and we hear it."""
        return self._edge.connected

    @property
    def poster(self) -> DiscordPoster:
        """What delivers to Discord."""
        return self._poster

    async def run(self) -> None:
        """Stays connected until `close`; raises ConnectError where waiting would not help."""
        await self._edge.run()

    async def log_in(self) -> None:
        """Logs in for requests alone: the gateway is for those who listen."""
        set_up_library(self._settings)
        client = self._requests = discord.Client(  # kept at once: told to end meanwhile, it is closed
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            max_ratelimit_timeout=SEND_SECONDS,
        )
        try:
            await client.login(self._settings.token)
        except (discord.LoginFailure, aiohttp.InvalidURL) as error:
            await quietly(client.close())
            mend = "mend DISCORD_API_BASE" if isinstance(error, aiohttp.InvalidURL) else FATAL_CLOSES[4004]
            raise ConnectError(mend) from error
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            await quietly(client.close())
            raise UnreachableError(f"Discord cannot be reached ({short(error)})") from error

    async def close(self) -> None:
        """Finishes the answers in progress, then disconnects."""
        await self._poster.close()
        await self._edge.close()
        if self._requests is not None:
            await quietly(self._requests.close())
