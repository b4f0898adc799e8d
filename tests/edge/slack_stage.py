"""A local Slack with one workspace, and the poster that is tried there with the real slack_sdk."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Slack as Settings
from bot.deliver.order import Order
from bot.edge.slack.posting import posting, requests
from bot.edge.slack.posting.pace import Paces
from bot.edge.slack.posting.posting import SlackPoster
from bot.edge.slack.web import close_web, new_web
from bot.edge.slack.workspace import Workspace, known
from bot.reply import Reply
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow
from tests.doubles.slack import Channel, SlackDouble
from tests.edge.stage import MARK, said

EVENT = "exomars_delivery"
NO_PACE = 60_000
"""So many a minute that nobody notices; the second of each channel stays."""


class Stage(NamedTuple):
    """A double, a client that has asked whose token it has, and the poster under test."""

    slack: SlackDouble
    web: AsyncWebClient
    workspace: Workspace
    paces: Paces
    poster: SlackPoster

    def place(self, kind: str = "text") -> Channel:
        """A place of this kind; the direct messages of a person for `direct` and `notice`."""
        if kind in {"direct", "notice"}:
            return self.slack.dm(self.slack.add_user(f"bea-{len(self.slack.world.users)}"))
        name = f"news-{len(self.slack.world.channels)}"
        return self.slack.add_channel(name, private=kind == "private")

    def order(self, channel: Channel, mark: str = MARK, **more: Any) -> Order:
        """A digest for a place, or with `task` something else."""
        reply: Reply | None = more.pop("reply", said(mark))
        post = more.pop("post", "")
        now = stamp(datetime.now(UTC))
        row = {
            "id": mark,
            "platform": "slack",
            "server": "" if channel.user else self.workspace.id,
            "place": channel.id,
            "place_kind": "direct" if channel.user else "text",
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
        return Order(DeliveryRow(**row), reply, post)

    def for_kind(self, kind: str, channel: Channel, mark: str = MARK) -> Order:
        """A digest for a place, or a word to the person whose direct messages it is."""
        if kind != "notice":
            return self.order(channel, mark)
        assert channel.user is not None
        return self.order(channel, mark, task="notice", place=channel.user.id, place_kind="direct")

    def arrived(self, channel: Channel) -> list[str]:
        """The ids of the deliveries whose messages stand in a place."""
        found = self.slack.from_bot(channel)
        return [message.metadata["event_payload"]["id"] for message in found]

    def asked(self, method: str) -> int:
        """How many requests of a method were made."""
        return len(self.slack.requested(method))


def poster_of(web: AsyncWebClient, workspace: Workspace, paces: Paces, pages: int = 10) -> SlackPoster:
    """A poster, as a new process has it."""
    return SlackPoster(lambda: web, lambda: workspace, paces, history_pages=pages)


@asynccontextmanager
async def stage(
    *, pages: int = 10, posts: int = NO_PACE, edits: int = NO_PACE, reads: int = NO_PACE, **options: Any
) -> AsyncIterator[Stage]:
    """A stage; in the end nothing was sent that Slack does not allow.

    `posts`, `edits` and `reads`: how many are allowed in a minute.
    """
    async with SlackDouble(**options) as double:
        web = new_web(Settings(double.bot_token, double.app_token, double.api_base))
        try:
            workspace = await known(web)
            paces = Paces(posts, edits, reads)
            yield Stage(double, web, workspace, paces, poster_of(web, workspace, paces, pages))
        finally:
            await close_web(web)
        assert double.violations == []


def hurry(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.3) -> None:
    """One request gets no more than so long."""
    monkeypatch.setattr(requests, "SEND_SECONDS", seconds)


@contextmanager
def settling(seconds: float) -> Iterator[None]:
    """A message may still arrive for so long after a try."""
    before = posting.SETTLES
    posting.SETTLES = seconds
    try:
        yield
    finally:
        posting.SETTLES = before
