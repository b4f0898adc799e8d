"""Many places of a local Discord that have got one edition, who corrects it, and what stands there.

Times are those of the machine: the edition is due at the minute that has just passed. Only the bot's clock is
put forward, and only while it is away, by as long as it would wait for what may still arrive.
"""

import asyncio
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.subscribed import WORD, promise, subscribe
from bot.edge.discord.posting.posting import SETTLES
from bot.store.connect import connect
from bot.store.register import Register
from bot.store.store import Store
from tests.bots import CONFIG, RunningBot, exomars
from tests.doubles.discord import Attached, Channel, DiscordDouble, Guild, Message, User

if TYPE_CHECKING:
    from sqlite_utils import Database

SERVERS = 5
SECONDS = 60.0
BRIEFING = "2022-07-13-ended"
OLD, NEW, NEWEST = "ESA called off the ExoMars", "ESA ended the ExoMars", "ESA gave up the ExoMars"
"""What a sentence of the briefing says that stands in the edition, and what it comes to say."""

WAS, WAS_TOO = "It said that the mission was called off.", "It said that the mission was ended."
DATED = re.compile(r"Corrected on \d+ [A-Z][a-z]+ \d{4}")
_EDITION = re.compile(r"^News no\. 1, ")


class Told(NamedTuple):
    """What somebody reads in an edition, but for the marks in its small print."""

    title: str
    text: str
    sources: tuple[str, ...]
    buttons: tuple[str, ...]


class Copies:
    """Places on several servers, an owner of the bot who writes elsewhere, and a database beside them."""

    def __init__(self, discord: DiscordDouble, folder: Path, per_second: int = 0) -> None:
        self.discord = discord
        self.guilds: list[Guild] = [discord.add_guild(f"Server {number}") for number in range(SERVERS)]
        self.desk: Channel = discord.add_channel(self.guilds[0], "desk")
        self.owner: User = discord.add_user("owner", self.guilds[0])
        self.state = folder / "state"
        self.state.mkdir()
        self.config = folder / "config.toml"
        text = CONFIG.read_text(encoding="utf-8")
        changed = {
            "owners = []": f'owners = ["discord/{self.owner.id}"]',
            "requests_per_second = 49": f"requests_per_second = {per_second}",
            **{
                f'{name} = "{name}"': f'{name} = "{CONFIG.parent / name}"' for name in ("corpus", "briefings")
            },
        }
        for line, instead in changed.items():
            assert line in text, line
            text = text.replace(line, instead)
        self.config.write_text(text, encoding="utf-8")
        self.clock = folder / "clock"  # of the bot: by how many seconds it is ahead
        self.clock.write_text("0", encoding="utf-8")
        self._drafts = 0

    # ── the places ──────────────────────────────────────────────────────────────────────

    def texts(self, count: int) -> list[Channel]:
        """So many text channels, spread over the servers."""
        add = self.discord.add_channel
        return [add(self.guilds[number % SERVERS], f"news-{number}") for number in range(count)]

    def threads(self, count: int) -> list[Channel]:
        """So many threads of one channel."""
        below = self.discord.add_channel(self.guilds[1], "below")
        return [self.discord.add_thread(below, f"thread-{number}") for number in range(count)]

    def odd(self) -> list[Channel]:
        """A forum, an announcement channel, a thread, and the direct messages of a person."""
        reader = self.discord.add_user("reader", self.guilds[2])
        forum = self.discord.add_channel(self.guilds[3], "forum", "forum")
        wire = self.discord.add_channel(self.guilds[4], "wire", "announcement")
        return [forum, wire, *self.threads(1), self.discord.dm(reader)]

    def subscribe(self, channels: Iterable[Channel]) -> None:
        """News to all of them, due at this minute."""
        now, kinds = datetime.now(UTC), {0: "text", 1: "direct", 5: "announcement", 11: "thread", 15: "forum"}
        places = [(channel.guild_id or "", channel.id, kinds[channel.kind]) for channel in channels]
        subscribe(self.config.parent, self._database, places, [now.replace(second=0, microsecond=0)], now)

    def pinged(self, channel: Channel) -> str:
        """A role that each edition in a channel pings; how it is mentioned."""
        assert channel.guild_id is not None
        role = self.discord.world.add_role(self.discord.world.guilds[channel.guild_id], "watchers", ())
        store = Store(str(self._database))

        def work(db: "Database") -> None:
            register = Register(db.conn)
            (row,) = register.of_place(WORD, "discord", channel.id)
            register.save(row._replace(role=role.id))

        try:
            store.write(work)
        finally:
            store.close()
        return f"<@&{role.id}>"

    def promise(self) -> int:
        """Makes the editions that are due, as a bot would that ends before it has sent any."""
        return promise(self.config.parent, self._database, datetime.now(UTC))

    # ── what stands there ───────────────────────────────────────────────────────────────

    def written(self) -> list[Message]:
        """What the bot has written anywhere but to those who write in the newsroom."""
        elsewhere = {self.desk.id, self.discord.dm(self.owner).id}
        every = self.discord._posts.all.values()
        return [
            one for one in every if one.author_id == self.discord.bot.id and one.channel_id not in elsewhere
        ]

    def posts(self) -> list[Message]:
        """The copies of the edition."""
        return [one for one in self.written() if _EDITION.match(footer(one))]

    async def posted(self, count: int) -> list[Message]:
        """Waits until so many have arrived, and the bot knows it."""
        made = "task IN ('post', 'publish')"
        await self.until(
            lambda: (
                self.count(f"{made} AND state = 'done' AND task = 'post'") >= count
                and not self.count(f"{made} AND state IN ('due', 'taken')")
            ),
            f"{count} posts",
        )
        found = self.posts()
        assert len(found) == count
        return found

    def patches(self) -> Counter[str]:
        """How often an edit of each message was asked for."""
        asked = self.discord.requested("PATCH", "/messages/")
        return Counter(request.path.rpartition("/")[2] for request in asked)

    # ── what the database says ──────────────────────────────────────────────────────────

    def count(self, where: str) -> int:
        """How many deliveries are like this."""
        return int(self._asked(f"SELECT count(*) FROM delivery WHERE {where}")[0][0])

    async def killed(self, bot: RunningBot) -> set[str]:
        """Kills the bot; returns the messages whose correction was taken, so that it may be there or not."""
        await bot.end(signal.SIGKILL)
        await self.discord.disconnected()
        ahead = float(self.clock.read_text(encoding="utf-8")) + SETTLES
        self.clock.write_text(str(ahead), encoding="utf-8")
        rows = self._asked("SELECT message FROM delivery WHERE target != '' AND state = 'taken'")
        return {str(row[0]) for row in rows}

    async def settled(self) -> None:
        """Waits until no correction is left to be made."""
        open_ones = "target != '' AND state IN ('due', 'taken')"
        await self.until(lambda: not self.count(open_ones), "corrections that are all made")

    async def until(self, look: Callable[[], object], what: str) -> None:
        """Waits until this is so; looking through all there is takes a while, so not too often."""
        end = time.monotonic() + SECONDS
        while not look():
            assert time.monotonic() < end, f"no {what} within {SECONDS:.0f} s"
            await asyncio.sleep(0.02)

    @property
    def _database(self) -> Path:
        return self.state / "exomars.db"

    def _asked(self, query: str) -> list[tuple[Any, ...]]:
        db = connect(str(self._database), readonly=True)
        try:
            return db.execute(query).fetchall()
        finally:
            db.close()

    # ── who corrects it ─────────────────────────────────────────────────────────────────

    async def types(self, words: str, files: Sequence[Attached] = (), *, private: bool = False) -> str:
        """What the owner is answered in the newsroom, or by direct message."""
        await self.discord.user_types(self.desk, f"!exomars {words}", author=self.owner, files=files)
        where = self.discord.dm(self.owner) if private else self.desk
        return (await self.discord.next_message(where, SECONDS)).text

    async def drafted(self, words: str, text: str = "") -> str:
        """A draft of the owner's, with a file where there is a text; returns what publishes it."""
        files = [Attached("briefing.md", text.encode(), "text/markdown")] if text else []
        preview = await self.types(words, files, private=True)
        assert "this is what readers will see" in preview, preview
        self._drafts += 1
        return f"draft publish {self._drafts}"

    async def history(self) -> str:
        """What the owner is told of the versions of the briefing, and of its copies."""
        return await self.types(f"history {BRIEFING}", private=True)

    def corrects_in_the_shell(self) -> None:
        """The briefing is corrected while the bot is away."""
        told = self._shell("correct", BRIEFING, "-", "--was", WAS, typed=corrected())
        assert "this is what readers will see" in told
        self._drafts += 1
        self._shell("draft", "publish", str(self._drafts))

    def _shell(self, *words: str, typed: str | None = None) -> str:
        """What a command in the shell prints."""
        ran = exomars(self.state, *words, typed=typed, config=self.config)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


def corrected(*changes: tuple[str, str]) -> str:
    """The briefing's file with other words."""
    text = (CONFIG.parent / "briefings" / f"{BRIEFING}.md").read_text(encoding="utf-8")
    for old, new in changes or ((OLD, NEW),):
        assert old in text
        text = text.replace(old, new)
    return text


def footer(message: Message) -> str:
    """The small print of a message."""
    return next((str(one["footer"]["text"]) for one in message.embeds if "footer" in one), "")


def told(message: Message) -> Told:
    """What is read in a message, but for its marks."""
    (embed,) = message.embeds
    fields = tuple(f"{one['name']}: {one['value']}" for one in embed.get("fields", ()))
    return Told(embed["title"], embed["description"], fields, tuple(message.buttons))
