"""`exomars digest send`: today's editions now, for some digests or for all, until each has arrived.

    wished ─ reachable? logged in? ─ made and promised, in batches ─ pumped here, or watched ─ told

Each platform is logged in to on its own: one that is away holds up only its own digests.

A bot that is running has the pump's lock: then that one sends, and here only the outbox is watched.
What is promised stays promised, however this ends.
"""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bot.command.entry import Ask
from bot.config import TOKENS
from bot.digest.commands.now import make_now
from bot.edge import clock
from bot.edge.loading import load
from bot.edge.operator import ASKER
from bot.edge.parts import Parts
from bot.edge.pumping import Pumps
from bot.edge.terminal.progress import Progress
from bot.edge.terminal.remarks import remarks
from bot.edge.terminal.screen import Screen
from bot.errors import EXIT_OK, EXIT_PROBLEMS, EXIT_USAGE, BotError
from bot.render.terminal import text
from bot.reply import Reply
from bot.store.outbox import Outbox
from bot.store.register import Register, SubscriptionRow
from bot.store.shelf import Shelf

if TYPE_CHECKING:
    from sqlite_utils import Database

PATIENCE = 3600.0  # seconds for which an edition is waited for
EXIT_STOPPED = 130  # by Ctrl-C
BATCH = 100  # editions made in one transaction

_LOOK_SECONDS = 0.25
_MOST_TOLD = 5  # reasons
_MOST_IN_A_BATCH = 1000  # subscriptions read at a time
_WIDEST = 100


class _Wish(NamedTuple):
    """A digest that is to be sent."""

    id: int
    story: str
    platform: str


class _Fate(NamedTuple):
    """What has become of one."""

    wish: _Wish
    what: str = ""  # sent, come, nothing, refused, held or left; empty while it waits
    why: str = ""
    delivery: str = ""
    again: bool = False  # it is not today's that is under way: today's can be made after it

    @property
    def waits(self) -> bool:
        """Whether nobody knows yet."""
        return not self.what


class UnsendableError(BotError):
    """What was asked for cannot be sent as it was asked."""

    exit_code = EXIT_USAGE


def send(
    parts: Parts, ids: Sequence[str], *, everything: bool, story: str = "", patience: float = PATIENCE
) -> int:
    """Sends the digests with these ids, or all that are not paused; returns the exit code.

    With a `story`, only those of it. `patience`: seconds to wait for them.
    """
    try:
        if bool(ids) == everything:
            raise UnsendableError(
                "name the digests by their numbers (exomars digest list tells them), or say --all for"
                " every one that is not paused"
            )
        word = parts.desk(story).story.word if story else ""
        return asyncio.run(_Sending(parts, patience).run(ids, word))
    finally:
        parts.close()


class _Sending:
    """One run of the command."""

    def __init__(self, parts: Parts, patience: float) -> None:
        self._parts = parts
        self._store = parts.store
        self._patience = patience
        self._screen = Screen()
        self._progress: Progress | None = None
        self._ending = asyncio.Event()
        self._pumps = Pumps(parts, self._show, self._warn)

    async def run(self, ids: Sequence[str], story: str) -> int:
        """Sends them; returns the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(ValueError, RuntimeError):  # no main thread
                loop.add_signal_handler(number, self._ending.set)
        with remarks(self._warn):
            for synced in await asyncio.to_thread(load, self._parts):
                for line in synced.told():
                    self._warn(line)
            wishes = await asyncio.to_thread(self._wishes, ids, story)
            if not wishes:
                self._warn("there is no digest to send; exomars digest list tells which there are")
                return EXIT_OK
            try:
                self._pumps.open(wish.platform for wish in wishes)
                fates = await self._send(wishes)
            finally:
                await self._pumps.close()
            fates = await asyncio.to_thread(self._looked_up, fates)
        return self._told(fates)

    # ── what is wished ──────────────────────────────────────────────────────────────────

    def _wishes(self, ids: Sequence[str], story: str) -> list[_Wish]:
        with self._store.reading("") as shelf:
            register = Register(shelf.connection)
            if ids:
                return self._named(register, ids, story)
            wishes = [wish for wish in _every(register) if self._of(wish, story)]
            reached = {platform for platform in {wish.platform for wish in wishes} if self._reaches(platform)}
            return [wish for wish in wishes if wish.platform in reached]

    def _named(self, register: Register, ids: Sequence[str], story: str) -> list[_Wish]:
        """Those with these ids. Raises UnsendableError where one is not there, or could not be sent."""
        rows = {given: register.get(int(given)) if _is_id(given) else None for given in dict.fromkeys(ids)}
        unknown = [
            given
            for given, row in rows.items()
            if row is None or row.ended or not self._of(_wish(row), story)
        ]
        if unknown:
            raise UnsendableError(
                f"there is no digest no. {', '.join(unknown)}; nothing was sent; exomars digest list tells"
                " which there are"
            )
        wishes = [_wish(row) for row in rows.values() if row]
        far = next((wish for wish in wishes if not self._reaches(wish.platform)), None)
        if far:
            raise UnsendableError(
                f"digest no. {far.id} goes to {far.platform}, and no token is set for that; nothing was sent;"
                f" set {' and '.join(TOKENS[far.platform])}"
            )
        return wishes

    def _of(self, wish: _Wish, story: str) -> bool:
        return wish.story == story if story else wish.story in self._parts.desks

    def _reaches(self, platform: str) -> bool:
        return self._pumps.reaches(platform)

    # ── sending ─────────────────────────────────────────────────────────────────────────

    async def _send(self, wishes: Sequence[_Wish]) -> list[_Fate]:
        """Makes and promises the editions, and waits until none of them is under way any more.

        Ends before that where the time is over, or somebody ends it.
        """
        loop, fates, left = asyncio.get_running_loop(), list[_Fate](), [*wishes]
        end = loop.time() + self._patience
        what = "the running bot delivers" if self._pumps.watching else "delivering"
        with Progress(what, len(wishes)) as self._progress:
            while (left or any(map(self._awaited, fates))) and loop.time() < end:
                if self._ending.is_set():
                    break
                batch = [wish for wish in left if self._pumps.ready(wish.platform)][:BATCH]
                if batch:
                    fates += await asyncio.to_thread(self._store.write, partial(self._batch, batch))
                    made = {*batch}
                    left = [wish for wish in left if wish not in made]
                    self._pumps.wake()
                else:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._ending.wait(), _LOOK_SECONDS)
                self._pumps.check()
                fates += self._refused(left)
                left = [wish for wish in left if wish.platform not in self._pumps.refused]
                fates = await asyncio.to_thread(self._looked_up, fates)
                # One of a day before was in the way of today's.
                left += [fate.wish for fate in fates if fate.again and not fate.waits]
                fates = [fate for fate in fates if fate.waits or not fate.again]
                self._progress.at(sum(not fate.waits for fate in fates))
        self._progress = None
        return fates if self._ending.is_set() else [*fates, *(_Fate(wish, "left") for wish in left)]

    def _refused(self, wishes: Sequence[_Wish]) -> list[_Fate]:
        """Those of platforms that refuse the bot: nothing is promised there."""
        why = self._pumps.refused
        return [_Fate(wish, "refused", why[wish.platform]) for wish in wishes if wish.platform in why]

    def _awaited(self, fate: _Fate) -> bool:
        """Whether it may still arrive while this runs."""
        return fate.waits and fate.wish.platform not in self._pumps.refused

    def _batch(self, wishes: Sequence[_Wish], db: "Database") -> list[_Fate]:
        return [self._one(db, wish) for wish in wishes]

    def _one(self, db: "Database", wish: _Wish) -> _Fate:
        """Does what `digest now ID` does, and sees what came of it."""
        desk, shelf, now = self._parts.desks[wish.story], Shelf(db.conn, wish.story), clock.now()
        args = {"id": str(wish.id)}
        call = self._parts.called(wish.story)
        ask = Ask(shelf, desk.story.name, call, args, now.date(), desk.commands, now, ASKER)
        done = make_now(ask)
        open_ones = [one for one in Outbox(db.conn).open_of(wish.id) if one.task == "post"]
        if open_ones:
            return _Fate(wish, delivery=open_ones[-1].id, again=done.what == "open")
        if done.what in {"nothing", "come"}:
            return _Fate(wish, done.what)
        lines = [line.text for section in done.reply.sections for line in section.lines]
        row = ask.register.get(wish.id)
        return _Fate(wish, "refused", (row and row.paused) or lines[0])

    def _looked_up(self, fates: Sequence[_Fate]) -> list[_Fate]:
        """The same, with what has become of those that were under way."""
        with self._store.reading("") as shelf:
            outbox = Outbox(shelf.connection)
            states = outbox.states([fate.delivery for fate in fates if fate.waits])
            return [self._now(outbox, fate, states.get(fate.delivery, "")) for fate in fates]

    def _now(self, outbox: Outbox, fate: _Fate, state: str) -> _Fate:
        if state == "done":
            return fate._replace(what="sent")
        if state in {"held", "refused"}:
            row = outbox.get(fate.delivery)
            return fate._replace(what=state, why=row.outcome if row else "")
        return fate

    # ── telling ─────────────────────────────────────────────────────────────────────────

    def _told(self, fates: Sequence[_Fate]) -> int:
        """Says in one line what came of it; returns the exit code."""
        counts = Counter(fate.what for fate in fates)
        parts = [f"{counts[what]:,} {words}{_why(fates, what)}" for what, words in _WORDS if counts[what]]
        line = ", ".join(parts) or "nothing was sent"
        if self._ending.is_set():
            self._warn(f"stopped: {line}" + ("; what is promised goes out later" if counts[""] else ""))
            return EXIT_STOPPED
        if counts[""]:
            self._warn("what is still waiting stays promised: the bot goes on trying while it runs")
        self._screen.write(f"{line}\n")
        return EXIT_PROBLEMS if any(counts[what] for what in ("refused", "held", "", "left")) else EXIT_OK

    def _show(self, reply: Reply, story: str) -> None:
        """Prints a digest of the terminal."""
        self._hide()
        tty = sys.stdout.isatty()
        width = min(os.get_terminal_size().columns, _WIDEST) if tty else 0
        colour = tty and "NO_COLOR" not in os.environ
        call = self._parts.called(story)
        self._screen.write(text(reply, call=call, width=width, colour=colour) + "\n\n")

    def _warn(self, line: str) -> None:
        self._hide()
        self._screen.warn([line])

    def _hide(self) -> None:
        if self._progress:
            self._progress.hide()


_WORDS = (
    ("sent", "sent"),
    ("come", "had come already"),
    ("nothing", "had nothing to say"),
    ("held", "held for the next edition"),
    ("refused", "refused"),
    ("", "waiting"),
    ("left", "not made, as the time was over"),
)


def _why(fates: Sequence[_Fate], what: str) -> str:
    """Why that became of them: ` (digest no. 4: the channel is gone)`, the first few."""
    told = [f"digest no. {fate.wish.id}: {fate.why}" for fate in fates if fate.what == what and fate.why]
    if not told:
        return ""
    more = [f"{len(told) - _MOST_TOLD:,} more, see exomars digest why ID"] if len(told) > _MOST_TOLD else []
    return f" ({'; '.join([*told[:_MOST_TOLD], *more])})"


def _every(register: Register) -> Iterator[_Wish]:
    """All that are not paused."""
    after = 0
    while rows := register.active(after, _MOST_IN_A_BATCH):
        yield from map(_wish, rows)
        after = rows[-1].id


def _wish(row: SubscriptionRow) -> _Wish:
    return _Wish(row.id, row.story, row.platform)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
