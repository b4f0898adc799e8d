"""`topic`: one thread of the story, in order: how it stands, how it came to that, what is open."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.chart import headline
from bot.answer.lines import nothing_loaded
from bot.answer.naming import Subject, figures, mentions, near, subject_of
from bot.command.entry import Ask
from bot.command.mistake import shortened
from bot.model import BACKGROUND, OPEN, Fact
from bot.reply import Action, Line, Reply, Section
from bot.store.naming import naming, said_by
from bot.store.shelf import Link
from bot.store.threads import newest_of, tag_counts, thread
from bot.wording import dated, fact_line, overturned_by, plural, said

MOST_TAGS = 60
MOST_READ = 400  # the newest facts of a topic, of which the thread is made
MOST_NOW, MOST_CAME, MOST_OPEN, MOST_BEHIND = 3, 30, 6, 6
SOON_READ = 50  # facts of a topic
NEWEST = 1000  # facts of the story among which each topic's newest is looked for

Overturned = Mapping[str, Sequence[Link]]
"""What has overturned each fact, by id."""


class Thread(NamedTuple):
    """The facts of a topic, each in the one place where it is told."""

    now: tuple[Fact, ...]  # what happened or was said last and stands, the newest first
    came: tuple[Fact, ...]  # what led there, oldest first
    open: tuple[Fact, ...]  # questions and plans that stand, the newest first
    behind: tuple[Fact, ...]  # what is so without a day of its own
    left: int  # facts that are not told


def topic(ask: Ask) -> Reply:
    """Answers `topic [TAG]`."""
    horizon = ask.shelf.horizon(None)
    if horizon is None:
        return nothing_loaded(ask, "topic")
    given = ask.text("topic") or ""
    if not given:
        return _all(ask)._replace(as_of=horizon)
    words = ask.shelf.vocabulary()
    subject = subject_of(ask.shelf, given, words, figures(ask.shelf, words))
    facts = _facts(ask, subject) if subject else []
    if subject is None or not facts:
        return _none(ask, given)._replace(as_of=horizon)
    overturned = overturned_by(ask.shelf, facts)
    told = laid(facts, overturned, ask.today)
    called = subject.tag or subject.called
    notes = [f"{plural(len(facts), 'fact')} about {called}, each told once."]
    if told.left or len(facts) == MOST_READ:
        more = f"`{ask.call} timeline about {called}`" if subject.tag else f"`{ask.call} search {called}`"
        notes = [f"The newest of what there is about {called}; {more} has more."]
    return Reply(
        "topic",
        f"{ask.name}: {called}",
        tuple(section for section in _sections(told, overturned) if section.lines),
        notes=tuple(notes),
        actions=_ways(subject),
        as_of=horizon,
        words=f"topic {asked_for(subject)}",
    )


def asked_for(subject: Subject) -> str:
    """The topic in a request that a button carries."""
    return subject.tag or (subject.figure.asked if subject.figure else subject.called)


def laid(facts: Sequence[Fact], overturned: Overturned, today: date) -> Thread:
    """Where each fact of a topic is told; they come newest first. A pure function of what is known."""
    standing = [fact for fact in facts if not overturned.get(fact.id)]
    to_come = [fact for fact in standing if OPEN in fact.tags or _ahead(fact, today)]
    behind = [
        fact for fact in facts if fact not in to_come and (fact.kind == BACKGROUND or not fact.date.first)
    ]
    apart = {fact.id for fact in (*to_come, *behind)}
    happened = [fact for fact in facts if fact.id not in apart]
    now = [fact for fact in happened if fact.kind != "plan" and not overturned.get(fact.id)][:MOST_NOW]
    came = [fact for fact in happened if fact not in now]
    told = Thread(
        tuple(now),
        tuple(came[:MOST_CAME][::-1]),
        tuple(to_come[:MOST_OPEN]),
        tuple(behind[:MOST_BEHIND]),
        0,
    )
    return told._replace(left=len(facts) - sum(map(len, told[:4])))


def _ahead(fact: Fact, today: date) -> bool:
    return fact.kind == "plan" and fact.date.last is not None and fact.date.last > today


def _facts(ask: Ask, subject: Subject) -> list[Fact]:
    """The facts of the tag; of a name that is no tag, those that name it, and what it said."""
    shelf = ask.shelf
    if subject.tag:
        ids = thread(shelf, subject.tag, MOST_READ)
        found = shelf.facts(ids)
        return [found[one] for one in ids if one in found]
    assert subject.figure is not None
    said = said_by(shelf, subject.figure.speakers, MOST_READ)
    named = shelf.facts(naming(shelf, subject.figure.spellings, MOST_READ))
    facts = {fact.id: fact for fact in mentions(named, subject.figure)} | shelf.facts(said)
    order = sorted(facts.values(), key=lambda fact: fact.id)
    order.sort(key=lambda fact: (str(fact.date.first or ""), str(fact.date.last or "")), reverse=True)
    return order[:MOST_READ]


def _sections(told: Thread, overturned: Overturned) -> list[Section]:
    def lines(facts: Sequence[Fact]) -> tuple[Line, ...]:
        return tuple(fact_line(fact, overturned=overturned.get(fact.id, ())) for fact in facts)

    return [
        Section("How it stands", lines(told.now)),
        Section("How it came to that", lines(told.came)),
        Section("What is open", lines(told.open)),
        Section("What lies behind it", lines(told.behind)),
    ]


def _ways(subject: Subject) -> tuple[Action, ...]:
    actions = []
    if subject.tag:
        actions.append(Action("Timeline", f"timeline about {subject.tag}"))
    if subject.figure:
        actions.append(Action(f"Who is {subject.called}"[:80], f"who {subject.figure.asked}"))
    actions.append(Action("What is disputed", f"disputes {asked_for(subject)}"))
    return (*actions, Action("All topics", "topic"))


def _all(ask: Ask) -> Reply:
    """Every tag: how many facts it has, and the newest of these in a few words, once each."""
    counts = tag_counts(ask.shelf)
    listed = [(tag, count) for tag, count in counts if tag != OPEN][:MOST_TAGS]
    if not listed:
        text = "The facts of the corpus have no topics."
        return Reply("topic", f"{ask.name}: topics", (Section("", (Line(text),)),), abstained=True)
    newest = newest_of(ask.shelf, [tag for tag, _ in listed], NEWEST)
    for tag, count in listed:
        # What has but background, or nothing new, where that is soon looked up.
        if tag not in newest and count <= SOON_READ and (last := thread(ask.shelf, tag, 1)):
            newest[tag] = last[0]
    facts = ask.shelf.facts(newest.values())
    lines: list[Line] = []
    told: set[str] = set()
    for tag, count in listed:
        fact = facts.get(newest.get(tag, ""))
        line = Line(plural(count, "fact"), label=tag)
        if fact and fact.id not in told:
            told.add(fact.id)
            shortly = said(fact._replace(says=headline(fact)))
            line = line._replace(text=f"{line.text}; {dated(fact.date)}: {shortly}", cites=(fact.id,))
        lines.append(line)
    left = f"; the {MOST_TAGS} most used of {len(counts):,}" if len(counts) > len(listed) + 1 else ""
    return Reply(
        "topic",
        f"{ask.name}: topics",
        (Section("", tuple(lines)),),
        notes=(f"The most used first, with what is newest, once{left}; `{ask.call} topic TAG` shows one.",),
        actions=tuple(Action(tag[:80], f"topic {tag}") for tag, _ in listed[:6]),
    )


def _none(ask: Ask, given: str) -> Reply:
    """Says that there is no such topic, and which are nearest."""
    words = ask.shelf.vocabulary()
    tags = [tag for tag, _ in tag_counts(ask.shelf)]
    spellings = {text: one.name.name for one in figures(ask.shelf, words) for text in one.spellings}
    found = near(given, (*tags, *spellings))
    others = dict.fromkeys(one if one in tags else spellings[one] for one in found)
    lines = tuple(Line("", label=f"{ask.call} topic {name}") for name in others)
    text = f"The corpus has no topic “{shortened(given)}”."
    return Reply(
        "topic",
        f"{ask.name}: {shortened(given)}",
        (Section("", (Line(text),)), *([Section("Nearest topics", lines)] if lines else [])),
        actions=(
            *(Action(f"Topic {name}"[:80], f"topic {name}") for name in others),
            Action("All topics", "topic"),
        ),
        abstained=True,
    )
