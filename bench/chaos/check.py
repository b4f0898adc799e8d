"""What a run is held against: no edition twice, none lost without a reason, none too early, all told once."""

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from bench.chaos.arrived import Arrived
from bench.chaos.books import Books, Ledger
from bench.chaos.drive import Ran
from bench.chaos.oracle import days_between, due_moment
from bench.chaos.scene import Wish
from bench.chaos.story import WORD
from bot.config import read_config
from bot.desk.desk import Desk
from bot.digest.content.told import parse_told
from bot.edge.operator import ASKER
from bot.reply import Line, Reply
from bot.store.moments import moment
from bot.wiring import build

PUNCTUAL = timedelta(minutes=5)
_BLUR = timedelta(seconds=40)  # between when a message is worded and when it is stored
_READING = timedelta(seconds=60)

# Words that `digest why` has to say for each reason of the ledger.
WORDS = {
    "missed": "away",
    "quiet hours": "quiet hours",
    "day off": "days off",
    "crowded": "later edition",
    "undelivered": "could not be delivered",
}


class Violation(NamedTuple):
    """Something that must not be."""

    what: str
    place: str = ""
    day: date | None = None
    marks: tuple[str, ...] = ()
    why: str = ""  # what `digest why` says

    def __str__(self) -> str:
        where = f" in {self.place}" if self.place else ""
        day = f", {self.day}" if self.day else ""
        marks = f" [{', '.join(self.marks)}]" if self.marks else ""
        return f"{self.what}{where}{day}{marks}" + (f"\n    digest why: {self.why}" if self.why else "")


class Found(NamedTuple):
    """What a run has come to."""

    editions: int
    late: int  # of these, by more than five minutes
    reasons: Counter[str]  # of open local dates without an edition that arrived
    notices: int
    edited: int  # messages that show a correction
    violations: dict[str, list[Violation]]  # by what was promised


def check(ran: Ran) -> Found:
    """Counts what arrived and holds it against what was wished for."""
    books = Books(str(ran.bot.database), ran.stage.platform)
    parts = build(read_config(str(ran.bot.folder / "config.toml"), {"EXOMARS_DB": str(ran.bot.database)}))
    try:
        return _Checker(ran, books.ledger(), parts.desk(WORD)).check()
    finally:
        parts.close()
        books.close()


class _Checker:
    def __init__(self, ran: Ran, ledger: Ledger, desk: Desk) -> None:
        self._ran = ran
        self._ledger = ledger
        self._desk = desk
        self._names = ran.stage.names
        self._wishes = {wish.id: wish for wish in ran.wishes}
        self._all = [*ran.stage.arrived()]
        self._by_wish: dict[int, list[Arrived]] = defaultdict(list)
        for one in self._all:
            delivery = ledger.deliveries.get(one.mark)
            if delivery is not None and one.kind is not None:
                self._by_wish[delivery.subscription].append(one)
        for arrived in self._by_wish.values():
            arrived.sort(key=lambda one: Decimal(one.id))
        self._reasons: Counter[str] = Counter()

    def check(self) -> Found:
        editions = [one for one in self._all if one.kind is not None]
        found = {
            "duplicates": [*self._duplicates()],
            "misses that are not explained": [*self._misses()],
            "editions before their time": [*self._early()],
            "editions late without need": [*self._idle()],
            "numbers with a gap, or out of order": [*self._numbers()],
            "facts told twice, or never": [*self._facts()],
            "corrections that did not arrive": [*self._corrections()],
            "messages and database that do not agree": [*self._agreement()],
            "errors of the bot": [*self._errors()],
        }
        return Found(
            len(editions),
            sum(self._delay(one) > PUNCTUAL for one in editions),
            self._reasons,
            len(self._all) - len(editions),
            sum(bool(one.edit) for one in self._all),
            found,
        )

    # ── twice, early, out of order ──────────────────────────────────────────────────────

    def _duplicates(self) -> Iterator[Violation]:
        """Messages with one mark, or editions of one kind for one channel and date."""
        keys: tuple[tuple[str, Callable[[Arrived], object]], ...] = (
            ("one delivery arrived more than once", lambda one: one.mark or None),
            (
                "more than one edition of a kind and date",
                lambda one: (one.place, one.kind, one.day) if one.kind else None,
            ),
        )
        for what, key in keys:
            together: dict[object, list[Arrived]] = defaultdict(list)
            for one in self._all:
                if key(one) is not None:
                    together[key(one)].append(one)
            for same in together.values():
                if len(same) > 1:
                    marks = tuple(f"{one.mark} at {one.at:%Y-%m-%d %H:%M:%S}" for one in same)
                    yield self._violation(f"{what}, {len(same)} times", same[0], marks)
        for one in self._all:
            if not one.mark:
                yield Violation(f"a message without a mark ({one.id})", self._names[one.place])

    def _early(self) -> Iterator[Violation]:
        for one in self._editions():
            if self._delay(one) < timedelta(0):
                yield self._violation(f"{-self._delay(one)} before its time", one, (one.mark,))
            elif one.late != (self._delay(one) > PUNCTUAL) and abs(self._delay(one) - PUNCTUAL) > _BLUR:
                said = "says" if one.late else "does not say"
                yield self._violation(f"late by {self._delay(one)} and {said} so", one, (one.mark,))

    def _idle(self) -> Iterator[Violation]:
        """Editions that were made late although the bot was there, and nothing was left for it to do."""
        for wish, arrived in ((wish, self._by_wish.get(wish.id, [])) for wish in self._ran.wishes):
            open_until = wish.created  # until then it was not known what had become of the edition before
            for one in arrived:
                assert one.day is not None
                due = due_moment(one.day, wish.it.at, wish.it.zone)
                made = moment(self._ledger.editions[wish.id][one.day].made)
                calm = self._calm_between(max(due, open_until) + _READING, made - _READING)
                if calm:
                    what = (
                        f"made at {made:%H:%M:%S}, due at {due:%H:%M:%S}, and at {calm:%H:%M:%S} all was done"
                    )
                    yield self._violation(what, one, (one.mark,))
                row = self._ledger.deliveries[one.mark]
                open_until = moment(row.done) if row.done else made

    def _calm_between(self, start: datetime, end: datetime) -> datetime | None:
        """A moment between two at which the bot had done all that was to be done by then."""
        at = bisect_right(self._ran.calm, start)
        return self._ran.calm[at] if at < len(self._ran.calm) and self._ran.calm[at] < end else None

    def _delay(self, one: Arrived) -> timedelta:
        wish = self._wish(one)
        if wish is None or one.day is None:
            return timedelta(0)
        return one.at - due_moment(one.day, wish.it.at, wish.it.zone)

    def _numbers(self) -> Iterator[Violation]:
        for arrived in self._by_wish.values():
            for number, one in enumerate(arrived, 1):
                before = arrived[number - 2] if number > 1 else None
                if one.number != number:
                    yield self._violation(f"no. {one.number} where no. {number} has to be", one, (one.mark,))
                if before and one.day and before.day and one.day <= before.day:
                    yield self._violation(f"it came after that of {before.day}", one, (before.mark, one.mark))

    # ── lost ────────────────────────────────────────────────────────────────────────────

    def _misses(self) -> Iterator[Violation]:
        """Every open local date has an edition that arrived, or a true reason that an admin is told."""
        for wish in self._ran.wishes:
            there = {one.day for one in self._by_wish.get(wish.id, ())}
            dates = days_between(wish.created, self._ran.end, wish.it.at, wish.it.zone)
            for day, due in dates:
                if day not in there and wish.it.open(day):
                    yield from self._missed(wish, day, due)

    def _missed(self, wish: Wish, day: date, due: datetime) -> Iterator[Violation]:
        reason, words, wrong = self._reason(wish, day, due)
        said = self._why(wish.id, day)
        if not wrong and (said.abstained or words.lower() not in _text(said).lower()):
            wrong = f"digest why does not give the reason of the ledger ({words})"
        if wrong:
            yield Violation(f"no edition: {wrong}", self._names[wish.place.id], day, (), _text(said))
        else:
            self._reasons[reason] += 1

    def _reason(self, wish: Wish, day: date, due: datetime) -> tuple[str, str, str]:
        """Why there is no edition, by the ledger: the reason, words of it, and what is wrong with it."""
        entry = self._ledger.editions.get(wish.id, {}).get(day)
        held = self._ledger.held_on(wish.id, day)
        if entry is not None and entry.number:
            posts = [one for one in self._ledger.deliveries.values() if one.edition == entry.id]
            states = {post.state for post in posts if post.task == "post"}
            if states & {"held", "refused"}:
                return "not delivered by the end", next(post.outcome for post in posts), ""
            return "", "", f"the ledger has it as no. {entry.number}, {states or 'without a delivery'}"
        if held is not None and (entry is None or held.why == "undelivered"):
            return held.why, WORDS[held.why], self._untrue(wish, held.why, day, due)
        if entry is not None:
            return "nothing to say", entry.said.rstrip("."), "" if entry.said else "without a word"
        if wish.id in self._ledger.paused:
            return "paused", "paused", ""
        return "", "", "nothing is known of it"

    def _untrue(self, wish: Wish, why: str, day: date, due: datetime) -> str:
        """What is wrong with this reason, as far as can be told from outside."""
        later = [one for one in self._by_wish.get(wish.id, ()) if one.day and one.day > day]
        if why == "missed":
            grace = max(timedelta(hours=wish.it.grace), PUNCTUAL)
            awake = self._calm_between(due + _READING, due + grace)
            return f"it was not missed: the bot was there at {awake:%Y-%m-%d %H:%M:%S}" if awake else ""
        if why == "quiet hours" and wish.it.quiet is None:
            return "it has no quiet hours"
        if why == "day off" and not wish.it.days_off:
            return "it has no days off"
        if why == "undelivered" and not later and self._ran.end - due > timedelta(days=8):
            return "no later edition told what was in it"
        return ""

    def _why(self, subscription: int, day: date) -> Reply:
        command = next(one for one in self._desk.commands if one.name == "digest why")
        values = {"date": day.isoformat(), "id": str(subscription)}
        return self._desk.answer_values(command, values, "exomars", self._ran.end, ASKER)

    # ── told ────────────────────────────────────────────────────────────────────────────

    def _facts(self) -> Iterator[Violation]:
        """What became known is told once: a fact stands in one edition, or is counted in one."""
        every = {word: log.id for log in self._ran.story.logs for word in log.facts}
        for wish in self._ran.wishes:
            arrived = self._by_wish.get(wish.id, [])
            if wish.kind == "onthisday" or not arrived:
                continue
            seen = Counter(word for one in arrived for word in one.words)
            for word, times in seen.items():
                if times > 1:
                    marks = tuple(one.mark for one in arrived if word in one.words)
                    yield self._violation(f"load{word} is told {times} times", arrived[-1], marks)
            last = self._ledger.deliveries[arrived[-1].mark]
            made = moment(last.made)
            told = parse_told(self._ledger.told[self._told_after(wish, arrived[-1])])
            first = self._ledger.editions[wish.id]
            start = parse_told(
                self._ledger.told[_told_before(min(first.values(), key=lambda row: row.day).before)]
            )
            new = {fact for fact in told.facts - start.facts if fact.partition("#")[2] in every}
            count = len(seen) + sum(one.counted for one in arrived)
            # The plan, which every replay begins with, has no word of its own.
            plain = len(told.facts - start.facts) - len(new)
            if not len(new) <= count <= len(new) + plain:
                what = f"{count} facts are told or counted, {len(new)} count as told"
                yield self._violation(what, arrived[-1], ())
            if wish.kind != "replay":
                ready = {name for name, at in self._ran.known.items() if at < made}
                lost = [
                    word for word, log in every.items() if log in ready and f"{log}#{word}" not in told.facts
                ]
                if lost:
                    yield self._violation(f"known before it was made, and not told: {lost}", arrived[-1], ())

    def _told_after(self, wish: Wish, last: Arrived) -> int:
        """What counts as told after an edition that arrived, by what the next one has put down."""
        assert last.day is not None
        later = [row for day, row in self._ledger.editions[wish.id].items() if day > last.day]
        if later:
            return _told_before(min(later, key=lambda row: row.day).before)
        return self._ledger.told_now[wish.id]

    def _corrections(self) -> Iterator[Violation]:
        """Wherever a fact is told that was corrected, it is told as it is; and each edit has arrived."""
        for one in self._all:
            for word in one.words:
                now = self._ran.story.corrected.get(word)
                if now and now not in one.text:
                    yield self._violation(f"load{word} is still told as it was", one, (one.mark,))
        shown = {one.edit for one in self._all}
        newest = {
            row.target: row
            for row in sorted(self._ledger.deliveries.values(), key=lambda row: (row.revision or 0, row.made))
            if row.task == "edit" and not row.outcome
        }
        for row in newest.values():
            place = self._names.get(row.place, row.place)
            if row.state == "done" and row.id not in shown:
                yield Violation("edited by the database, and not there", place, None, (row.target, row.id))
            elif row.state in {"held", "refused"}:
                yield Violation(f"an edit was {row.state}", place, None, (row.target, row.id))

    # ── the rest ────────────────────────────────────────────────────────────────────────

    def _agreement(self) -> Iterator[Violation]:
        """Each message is a delivery that the database has as done, and the other way round."""
        for one in self._all:
            row = self._ledger.deliveries.get(one.mark)
            if row is None:
                yield self._violation("a message of which the database knows nothing", one, (one.mark,))
            elif (row.state, row.message) != ("done", one.id):
                what = (
                    f"message {one.id} arrived; the database has {row.state}, {row.message or 'no message'}"
                )
                yield self._violation(what, one, (one.mark,))
        there = {one.mark for one in self._all}
        published = {one.id for one in self._all if one.crossposted}
        for row in self._ledger.deliveries.values():
            place = self._names.get(row.place, row.place)
            if row.task not in {"publish", "edit"} and row.state == "done" and row.id not in there:
                yield Violation("done by the database, and not there", place, None, (row.id,))
            if row.task == "publish" and (row.state == "done") != (row.message in published):
                yield Violation(
                    f"publishing: {row.state}, and otherwise in the channel", place, None, (row.id,)
                )
            if row.state in {"due", "taken"}:
                yield Violation(f"still {row.state} at the end", place, None, (row.id,))

    def _errors(self) -> Iterator[Violation]:
        for line in self._ran.bot.trouble():
            yield Violation(line)
        for line in dict.fromkeys(self._ran.stage.violations):
            yield Violation(f"{self._ran.stage.title} does not allow: {line}")

    def _editions(self) -> Iterable[Arrived]:
        return (one for arrived in self._by_wish.values() for one in arrived)

    def _wish(self, one: Arrived) -> Wish | None:
        delivery = self._ledger.deliveries.get(one.mark)
        return self._wishes.get(delivery.subscription) if delivery else None

    def _violation(self, what: str, one: Arrived, marks: tuple[str, ...]) -> Violation:
        wish = self._wish(one)
        why = _text(self._why(wish.id, one.day)) if wish and one.day else ""
        return Violation(what, self._names.get(one.place, one.place), one.day, marks, why)


def _told_before(before: str) -> int:
    return int(json.loads(before)["told"])


def _text(reply: Reply) -> str:
    lines = [line for section in reply.sections for line in (section.title, *map(_line, section.lines))]
    return " | ".join(filter(None, [reply.title, *lines, *reply.notes]))


def _line(line: Line) -> str:
    return " ".join(filter(None, [line.label, line.when, line.text, line.note]))
