"""A local Discord with one server, and the poster that is tried there with the real discord.py."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import discord
import pytest
import yarl

from bot.deliver.order import Order
from bot.edge.discord.posting import posting, requests
from bot.edge.discord.posting.posting import DiscordPoster
from bot.edge.pace import Pace
from bot.reply import Action, Line, Reply, Section
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow
from tests.doubles.discord import Channel, DiscordDouble, Guild

MARK = "d-7Q2kX9"


class Stage(NamedTuple):
    """A double with one server, a client that is logged in there, and the poster under test."""

    discord: DiscordDouble
    guild: Guild
    client: discord.Client
    poster: DiscordPoster

    def place(self, kind: str, **more: Any) -> Channel:
        """A place of this kind; the direct messages of a person for `direct` and `notice`."""
        if kind in {"direct", "notice"}:
            return self.discord.dm(self.discord.add_user("bea", self.guild, **more))
        if kind == "thread":
            return self.discord.add_thread(self.discord.add_channel(self.guild, "news"), "talk", **more)
        return self.discord.add_channel(self.guild, "news", kind, **more)

    def order(self, channel: Channel, mark: str = MARK, **more: Any) -> Order:
        """A digest for a place, or with `task` something else."""
        kind = {0: "text", 1: "direct", 5: "announcement", 11: "thread", 15: "forum"}[channel.kind]
        reply = more.pop("reply", said(mark))
        now = stamp(datetime.now(UTC))
        row = {
            "id": mark,
            "platform": "discord",
            "server": channel.guild_id or "",
            "place": channel.id,
            "place_kind": kind,
            "story": "exomars",
            "task": "post",
            "subscription": 1,
            "edition": 1,
            "body": 1,
            "heading": "",
            "role": "",
            "publish": 0,
            "made": now,
            "due": now,
            "until": None,
            "first_try": now,
            **more,
        }
        return Order(DeliveryRow(**row), reply)

    def for_kind(self, kind: str, channel: Channel, mark: str = MARK) -> Order:
        """A digest for a place, or a word to the person whose direct messages it is."""
        if kind != "notice":
            return self.order(channel, mark)
        assert channel.recipient is not None
        return self.order(channel, mark, task="notice", place=channel.recipient.id, server=self.guild.id)

    def arrived(self, channel: Channel) -> list[str]:
        """The titles of what the bot has posted in a place; of a forum, in its posts."""
        places = [channel]
        if channel.kind == 15:
            places = [one for one in self.discord.world.channels.values() if one.parent_id == channel.id]
        return [message.text for one in places for message in self.discord.from_bot(one)]

    def asked(self, method: str, path: str) -> int:
        """How many requests of this kind were made."""
        return len(self.discord.requested(method, path))


def said(mark: str = MARK, **more: Any) -> Reply:
    """A small digest with a button, and the mark in its small print."""
    section = Section("This week", (Line("Roscosmos said that the rover will not fly."),))
    made = Reply("digest", "ExoMars on 2022-03-18", (section,), notes=("Digest no. 1", mark))
    return made._replace(actions=(Action("Timeline", "timeline"),))._replace(**more)


@asynccontextmanager
async def stage(
    *, gateway: bool = False, pages: int = 10, pace: float = 0, **options: Any
) -> AsyncIterator[Stage]:
    """A stage; in the end nothing was sent that Discord's own description does not allow."""
    async with DiscordDouble(judge_replies=True, **options) as double:
        guild = double.add_guild("Rover Watch")
        before = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        discord.http.Route.BASE = double.api_base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(double.gateway_url)
        intents = discord.Intents.none()
        intents.guilds = True
        client = discord.Client(
            intents=intents,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_ratelimit_timeout=30,
            guild_ready_timeout=0.1,
        )
        poster = DiscordPoster(lambda: client, Pace(pace), history_pages=pages)
        connection = None
        try:
            await client.login(double.token)
            if gateway:
                connection = asyncio.create_task(client.connect())
                await asyncio.wait_for(client.wait_until_ready(), 5)
            yield Stage(double, guild, client, poster)
        finally:
            await poster.close()
            await client.close()
            if connection is not None:
                await asyncio.gather(connection, return_exceptions=True)
            discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = before
        assert double.violations == []
        assert double.own_violations == []


def hurry(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.3) -> None:
    """One request gets no more than so long."""
    monkeypatch.setattr(requests, "SEND_SECONDS", seconds)


@contextmanager
def settling(seconds: float) -> Iterator[None]:
    """An edit, or a post in a forum, may still arrive for so long after a try."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting, "SETTLES", seconds)
        yield
