"""The connection to Discord: kept through every outage that passes, ended where waiting is no help."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Literal

import aiohttp
import discord
import yarl

from bot.config import Discord as Settings
from bot.desk.desk import Desk
from bot.edge.discord.listening.client import Ahead, Client, Recall, Remember, ShardedClient
from bot.edge.discord.messages import quietly, short
from bot.errors import ConnectError

log = logging.getLogger("bot.discord")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
CLEAR_SECONDS = 60.0  # between two looks for rate limits that are of no more use

FATAL_CLOSES = {
    4004: "Discord refuses the token; copy it anew from the developer portal into DISCORD_TOKEN",
    4010: "Discord refuses the shards; set another number of them in config.toml, under [discord]",
    4011: "the bot is in too many servers for so few shards; set more in config.toml, under [discord]",
    4012: "Discord no longer speaks this version of its gateway; update the bot",
    4013: "Discord does not know an intent that was asked for; update the bot",
}


class DiscordEdge:
    """One bot on Discord, connected until told to close, through every outage that passes.

    `ahead` is called right before each message that it sends of its own, answers to slash commands
    and buttons apart: these are not counted against Discord's limit.
    """

    name = "discord"

    def __init__(
        self,
        settings: Settings,
        desks: Mapping[str, Desk],
        recall: Recall,
        remember: Remember,
        ahead: Ahead | None = None,
    ) -> None:
        self._settings = settings
        self._desks = desks
        self._recall = recall
        self._remember = remember
        self._ahead = ahead or (lambda: None)
        self._client: Client | None = None
        self._closing = asyncio.Event()
        self._starting: asyncio.Future[None] | None = None
        self._prefix = settings.prefix_commands

    @property
    def client(self) -> Client | None:
        """The client of the present connection, or of the last one; None before the first."""
        return self._client

    @property
    def connected(self) -> bool:
        """Whether Discord hears us and we hear it."""
        return self._client is not None and self._client.online

    async def run(self) -> None:
        """Stays connected until `close`; raises ConnectError where waiting would not help."""
        set_up_library(self._settings)
        pause = FIRST_PAUSE
        while not self._closing.is_set():
            self._client = client = self._new_client()
            started = time.monotonic()
            try:
                self._starting = asyncio.ensure_future(client.start(self._settings.token))
                await self._starting
            except asyncio.CancelledError:
                if not self._closing.is_set():
                    raise
                break
            except discord.PrivilegedIntentsRequired:
                self._without_content()
                continue
            except Exception as error:  # discord.py lets many kinds through; see _fatal
                if self._closing.is_set():
                    break
                if fatal := _fatal(error):
                    raise ConnectError(fatal) from error
                # A connection that held for a while starts the waiting anew.
                pause = FIRST_PAUSE if time.monotonic() - started > LONGEST_PAUSE else pause
                log.warning("Discord cannot be reached (%s); trying again in %.0f s", short(error), pause)
            finally:
                await quietly(client.close())
            await self._wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def close(self) -> None:
        """Finishes the answers in progress, then disconnects."""
        self._closing.set()
        if self._client is not None:
            await self._client.finish()
            await quietly(self._client.close())
        if self._starting is not None:
            # discord.py may be asleep until it tries to reconnect, which closing it does not end.
            self._starting.cancel()

    def _new_client(self) -> Client:
        shards = self._settings.shards
        desks, recall, remember = self._desks, self._recall, self._remember
        if shards == 1:
            return Client(desks, recall, remember, prefix=self._prefix, ahead=self._ahead)
        return ShardedClient(desks, recall, remember, prefix=self._prefix, ahead=self._ahead, shards=shards)

    def _without_content(self) -> None:
        self._prefix = False
        log.warning(
            "Discord does not let this bot read messages: switch on “Message Content Intent” in the developer"
            " portal under Bot, then start again; until then /commands and @mentions are answered"
        )

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return


class _Backoff(discord.backoff.ExponentialBackoff[Literal[False]]):
    """discord.py's own waiting before it reconnects, which would grow to 17 minutes."""

    def delay(self) -> float:
        return min(super().delay(), LONGEST_PAUSE)


class _Http(discord.http.HTTPClient):
    """discord.py's own, but for its clearing away of old rate limits.

    It looks at every channel of the last five minutes for each new one: with 10,000 of them, that takes
    longer than all else that is done to post a message.
    """

    _cleared = 0.0

    def _try_clear_expired_ratelimits(self) -> None:
        now = time.monotonic()
        if now - self._cleared >= CLEAR_SECONDS:
            self._cleared = now
            super()._try_clear_expired_ratelimits()


def set_up_library(settings: Settings) -> None:
    """Sets what discord.py keeps in classes and takes no argument for.

    Other servers (a proxy before a large bot, or a local double), and how long it waits. Whoever logs
    in without an edge, for REST alone, calls it before.
    """
    # What it says of missing voice libraries is of no use to a bot that does not speak.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    if settings.api_base:
        discord.http.Route.BASE = settings.api_base
    discord.client.HTTPClient = _Http  # type: ignore[attr-defined]
    discord.client.ExponentialBackoff = _Backoff  # type: ignore[attr-defined,assignment]
    discord.shard.ExponentialBackoff = _Backoff  # type: ignore[attr-defined,assignment]
    if settings.gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url)


def _fatal(error: Exception) -> str:
    """Why trying again would not help; empty where it may."""
    if isinstance(error, discord.LoginFailure):
        return FATAL_CLOSES[4004]
    if isinstance(error, discord.ConnectionClosed):
        return FATAL_CLOSES.get(error.code, "")
    if isinstance(error, aiohttp.InvalidURL):
        return f"DISCORD_API_BASE or DISCORD_GATEWAY_URL is no address ({error}); mend it"
    return ""
