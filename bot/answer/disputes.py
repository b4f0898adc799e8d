"""`disputes`: where sources contradict each other, and what has been overturned."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.lines import SPARED, nothing_loaded
from bot.answer.naming import Subject, figures, mentions, near, subject_of
from bot.command.entry import Ask
from bot.command.mistake import mistake, shortened
from bot.command.when import read_when
from bot.edtf import Edtf, spoken
from bot.model import Fact
from bot.reply import Action, Line, Reply, Section
from bot.store.relations import MOST_TIES, About, Tie, ties
from bot.store.shelf import Link
from bot.store.threads import tag_counts
from bot.wording import dated, fact_line, overturned_by, plural

MOST_SHOWN = 6  # disputes, and facts that overturned others, of a page
MOST_FOUND = 200  # facts that are looked through for words

Overturned = Mapping[str, Sequence[Link]]
"""What has overturned each fact, by id."""
Published = Mapping[str, Edtf]
"""When each source came out, by id."""


class Turn(NamedTuple):
    """A fact, and all that it has overturned."""

    fact_id: str
    others: tuple[str, ...]


class Shown(NamedTuple):
    """Which of so many entries are told at once."""

    number: int  # of the page, from 1
    first: int
    last: int
    total: int  # of all entries

    @classmethod
    def of(cls, total: int, number: int) -> "Shown":
        """The page of this number, or the last there is; hardly any are left over for a page of their own."""
        whole = max(1, -(-(total - SPARED) // MOST_SHOWN))
        number = min(max(number, 1), whole)
        last = total if number == whole else number * MOST_SHOWN
        return cls(number, (number - 1) * MOST_SHOWN, last, total)

    @property
    def more(self) -> bool:
        """Whether there are any behind these."""
        return self.last < self.total

    def part(self, entries: "Sequence[Tie | Turn]") -> "Sequence[Tie | Turn]":
        """Those of the page."""
        return entries[self.first : self.last]

    def notes(self, onward: str) -> list[str]:
        """Which these are, and the way on; nothing where they are all."""
        if self.number == 1 and not self.more:
            return []
        which = f"{self.first + 1} to {self.last} of {self.total} here, those between sources first"
        return [f"{which}; `{onward}` has more." if self.more else f"{which}."]


class Meant(NamedTuple):
    """The part of a story that was asked about."""

    about: About
    called: str = ""
    notes: tuple[str, ...] = ()  # how it was understood
    subject: Subject | None = None


def disputes(ask: Ask) -> Reply:
    """Answers `disputes [TOPIC] [page NUMBER]`."""
    shelf = ask.shelf
    horizon = shelf.horizon(None)
    if horizon is None:
        return nothing_loaded(ask, "disputes")
    given, number = _asked_for(ask)
    meant = _meant(ask, given) if given else Meant(About())
    if given and not meant.subject and (day := _day(ask, given, horizon)):
        return _no_topic(ask, given, day)
    found = ties(shelf, meant.about) if meant.about != About() or not given else []
    facts = shelf.facts(one for tie in found for one in (tie.fact_id, tie.other_id))
    found = [tie for tie in found if _is_meant(tie, facts, meant)]
    if not found:
        return _none(ask, given, meant)._replace(as_of=horizon)
    because = {
        (kind, fact, link.fact.id): link.because
        for kind in ("disputes", "supersedes")
        for fact, links in shelf.links({tie.fact_id for tie in found}, kind, None, back=False).items()
        for link in links
    }
    disputed = [tie for tie in found if tie.kind == "disputes"]
    overturning = _grouped([tie for tie in found if tie.kind == "supersedes"])
    page = Shown.of(len(disputed) + len(overturning), number)
    told = page.part([*disputed, *overturning])
    overturned = overturned_by(shelf, (facts[one] for entry in told for one in _facts_of(entry)))
    cards = shelf.sources(ids=[*{facts[one].source_id for entry in told for one in _facts_of(entry)}])
    published = {card.id: card.published for card in cards}
    sections = [
        _dispute(entry, facts, because[entry[:3]], overturned, published)
        if isinstance(entry, Tie)
        else _overturning(
            facts[entry.fact_id],
            [(facts[other], because["supersedes", entry.fact_id, other]) for other in entry.others],
            overturned,
            published,
        )
        for entry in told
    ]
    onward = _words(meant, page.number + 1)
    return Reply(
        "disputes",
        _title(ask, meant.called),
        tuple(sections),
        notes=(*meant.notes, _counted(found, disputed, overturning), *page.notes(f"{ask.call} {onward}")),
        actions=(*((Action("More", onward),) if page.more else ()), *_actions(meant.subject)),
        as_of=horizon,
        words=_words(meant, page.number),
    )


def _facts_of(entry: "Tie | Turn") -> tuple[str, ...]:
    return (entry.fact_id, entry.other_id) if isinstance(entry, Tie) else (entry.fact_id, *entry.others)


def _day(ask: Ask, given: str, newest: date) -> Edtf | None:
    """The day that is meant by what was given as a topic; a month by name alone is a word as any other."""
    return read_when(given, ask.today, newest) if re.search(r"\d", given) else None


def _no_topic(ask: Ask, given: str, day: Edtf) -> Reply:
    """Says that a day is no topic, and where days are asked for."""
    ways = ["disputes"]
    if day.last:
        ways += [f"status {day.last.isoformat()}", f"timeline known {day.last.isoformat()}"]
    what = f"“{shortened(given)}” is a date; disputes takes a topic: a tag, a name, or words."
    return mistake(ask.call, "disputes", what, ways)


def _meant(ask: Ask, given: str) -> Meant:
    """A tag or a name under any of its spellings; else what a search finds that has all the words."""
    words = ask.shelf.vocabulary()
    subject = subject_of(ask.shelf, given, words, figures(ask.shelf, words))
    if subject:
        spelt = subject.figure.spellings if subject.figure else ()
        return Meant(About(subject.tag, spelt), subject.called, (), subject)
    found = ask.shelf.search(given, MOST_FOUND)
    most = max((hit.covers for hit in found.hits), default=0)
    ids = tuple(hit.id for hit in found.hits if hit.kind == "fact" and hit.covers == most)
    notes = tuple(
        f"“{word}” stands nowhere; looked for “{other}”." for word, other in found.understood.instead
    )
    called = " ".join(found.understood.words)
    return Meant(About(ids=ids), called, notes)


def _is_meant(tie: Tie, facts: Mapping[str, Fact], meant: Meant) -> bool:
    """Whether both sides are there, and one of them is about what was asked."""
    if tie.fact_id not in facts or tie.other_id not in facts:
        return False
    figure = meant.subject.figure if meant.subject else None
    if figure is None:
        return True
    sides = {one: facts[one] for one in (tie.fact_id, tie.other_id)}
    return bool(
        any(meant.about.tag in fact.tags or fact.speaker in figure.speakers for fact in sides.values())
        or mentions(sides, figure)
    )


def _asked_for(ask: Ask) -> tuple[str, int]:
    """The topic, and the number of the page, which may stand behind its words."""
    given, page = ask.text("topic") or "", ask.text("page")
    behind = re.fullmatch(r"(.*\S)\s+page\s+([1-9][0-9]{0,2})", given, re.DOTALL)
    if behind and not page:
        return behind[1], int(behind[2])
    return given, int(page or 1)


def _words(meant: Meant, page: int) -> str:
    """The request for a page."""
    figure = meant.subject.figure if meant.subject else None
    about = figure.asked if figure else meant.called
    if page == 1:
        return f"disputes {about}".strip()
    return f"disputes page {page} about {about}" if about else f"disputes page {page}"


def _grouped(found: Sequence[Tie]) -> list[Turn]:
    """What each fact has overturned; in the order of the first of these."""
    groups: dict[str, list[str]] = {}
    for tie in found:
        groups.setdefault(tie.fact_id, []).append(tie.other_id)
    return [Turn(fact, tuple(others)) for fact, others in groups.items()]


def _dispute(
    tie: Tie, facts: Mapping[str, Fact], because: str, overturned: Overturned, published: Published
) -> Section:
    """Both sides, the earlier first, why it matters, and whether one of them has been overturned since."""
    sides = sorted(
        (facts[tie.other_id], facts[tie.fact_id]),
        key=lambda fact: (fact.date.first or fact.known_on, fact.known_on),
    )
    one, other = (_side(fact, published) for fact in sides)
    title = f"Disputed: {one}, and {other}" if one != other else f"Disputed: {one}, twice"
    lines = (
        *(fact_line(fact, overturned=overturned.get(fact.id, ())) for fact in sides),
        Line(f"{because} {_verdict(sides, overturned, published)}", tuple(fact.id for fact in sides)),
    )
    return Section(title, lines)


def _verdict(sides: Sequence[Fact], overturned: Overturned, published: Published) -> str:
    """Which side stands; neither is said to be right unless the other has been overturned."""
    stands = [fact for fact in sides if not overturned.get(fact.id)]
    if len(stands) == len(sides):
        return "Neither has been overturned."
    if not stands:
        return "Both have been overturned since."
    return f"Of the two, what {_side(stands[0], published)} said has not been overturned."


def _overturning(
    newer: Fact, older: Sequence[tuple[Fact, str]], overturned: Overturned, published: Published
) -> Section:
    """A fact, whether it stands itself, and all that it has overturned."""
    first = fact_line(newer, overturned=overturned.get(newer.id, ()))
    lines = [first if first.note else first._replace(note="This stands today.")]
    for fact, because in older:
        line = fact_line(fact)
        lines.append(line._replace(cites=(fact.id, newer.id), note=f"Overturned: {because}"))
    return Section(f"Overturned by {_side(newer, published)}: {plural(len(older), 'fact')}", tuple(lines))


def _side(fact: Fact, published: Published) -> str:
    """Who said it: a speaker, or an article, which is dated no more exactly than it is known."""
    if fact.speaker:
        return shortened(fact.speaker)
    when = published[fact.source_id]
    return f"an article of {spoken(when)}" if when.exact else f"an article published {dated(when)}"


def _title(ask: Ask, called: str) -> str:
    about = f" about {shortened(called)}" if called else ""
    return f"{ask.name}: what is disputed{about}, and what was overturned"


def _counted(found: Sequence[Tie], disputed: Sequence[Tie], overturning: Sequence[Turn]) -> str:
    """How much there is of either; what there is none of is left out."""
    between = sum(tie.apart for tie in disputed)
    facts = {other for turn in overturning for other in turn.others}
    least = "at least " if len(found) >= MOST_TIES else ""
    told = []
    if disputed:
        some = f", {between} of them between sources" if between and len(disputed) > 1 else ""
        told.append(f"{least}{plural(len(disputed), 'dispute')}{some}")
    if overturning:
        by = plural(len(overturning), "other")
        told.append(f"{least}{plural(len(facts), 'fact')} overturned by {by}")
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}."


def _actions(subject: Subject | None) -> tuple[Action, ...]:
    actions = []
    if subject and subject.tag:
        actions.append(Action(f"Topic {subject.tag}"[:80], f"topic {subject.tag}"))
    if subject and subject.figure:
        actions.append(Action(f"Who is {subject.called}"[:80], f"who {subject.figure.asked}"))
    return (*actions, Action("Status", "status"), Action("Timeline", "timeline"))


def _none(ask: Ask, given: str, meant: Meant) -> Reply:
    """Says that nothing stands against anything here, and which topics are nearest."""
    if given:
        words = ask.shelf.vocabulary()
        names = [one.name.name for one in figures(ask.shelf, words)]
        tags = [tag for tag, _ in tag_counts(ask.shelf)]
        others = [name for name in near(given, (*tags, *names)) if name not in {meant.called, given}]
        about = meant.called or given
        text = f"The corpus has nothing disputed or overturned about “{shortened(about)}”."
    else:
        others, text = [], "Nothing in the corpus disputes or overturns anything else."
    near_ones = tuple(Line("", label=f"{ask.call} disputes {name}") for name in others)
    sections = (Section("", (Line(text),)), *([Section("Nearest topics", near_ones)] if near_ones else []))
    actions = tuple(Action(f"Disputes about {name}"[:80], f"disputes {name}") for name in others)
    every = (Action("All disputes", "disputes"),) if given else ()
    return Reply(
        "disputes",
        _title(ask, meant.called or given),
        sections,
        notes=meant.notes,
        actions=(*actions, *every, Action("Topics", "topic")),
        abstained=True,
    )
