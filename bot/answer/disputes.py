"""`disputes`: where sources contradict each other, and what has been overturned."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.answer.lines import nothing_loaded
from bot.answer.naming import Subject, figures, mentions, near, subject_of
from bot.command.entry import Ask
from bot.command.mistake import shortened
from bot.edtf import spoken_day
from bot.model import Fact
from bot.reply import Action, Line, Reply, Section
from bot.store.relations import MOST_TIES, About, Tie, ties
from bot.store.shelf import Link
from bot.store.threads import tag_counts
from bot.wording import fact_line, overturned_by, plural

MOST_DISPUTES = MOST_OVERTURNING = 20
MOST_FOUND = 200  # facts that are looked through for words

Overturned = Mapping[str, Sequence[Link]]
"""What has overturned each fact, by id."""


class Meant(NamedTuple):
    """The part of a story that was asked about."""

    about: About
    called: str = ""
    notes: tuple[str, ...] = ()  # how it was understood
    subject: Subject | None = None


def disputes(ask: Ask) -> Reply:
    """Answers `disputes [TOPIC]`."""
    shelf = ask.shelf
    horizon = shelf.horizon(None)
    if horizon is None:
        return nothing_loaded(ask, "disputes")
    given = ask.text("topic") or ""
    meant = _meant(ask, given) if given else Meant(About())
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
    overturned = overturned_by(shelf, facts.values())
    disputed = [tie for tie in found if tie.kind == "disputes"]
    overturning = _grouped([tie for tie in found if tie.kind == "supersedes"])
    sections = [_dispute(tie, facts, because[tie[:3]], overturned) for tie in disputed[:MOST_DISPUTES]]
    for fact, others in overturning[:MOST_OVERTURNING]:
        told = [(facts[other], because["supersedes", fact, other]) for other in others]
        sections.append(_overturning(facts[fact], told, overturned))
    return Reply(
        "disputes",
        _title(ask, meant.called),
        tuple(sections),
        notes=(*meant.notes, *_notes(found, disputed, overturning)),
        actions=_actions(meant.subject),
        as_of=horizon,
        words=f"disputes {_asked(meant)}".strip(),
    )


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


def _asked(meant: Meant) -> str:
    figure = meant.subject.figure if meant.subject else None
    return figure.asked if figure else meant.called


def _grouped(found: Sequence[Tie]) -> list[tuple[str, list[str]]]:
    """What each fact has overturned; in the order of the first of these."""
    groups: dict[str, list[str]] = {}
    for tie in found:
        groups.setdefault(tie.fact_id, []).append(tie.other_id)
    return [*groups.items()]


def _dispute(tie: Tie, facts: Mapping[str, Fact], because: str, overturned: Overturned) -> Section:
    """Both sides, the earlier first, why it matters, and whether one of them has been overturned since."""
    sides = sorted(
        (facts[tie.other_id], facts[tie.fact_id]),
        key=lambda fact: (fact.date.first or fact.known_on, fact.known_on),
    )
    one, other = map(_side, sides)
    title = f"Disputed: {one}, and {other}" if one != other else f"Disputed: {one}, twice"
    lines = (
        *(fact_line(fact, overturned=overturned.get(fact.id, ())) for fact in sides),
        Line(f"{because} {_verdict(sides, overturned)}", tuple(fact.id for fact in sides)),
    )
    return Section(title, lines)


def _verdict(sides: Sequence[Fact], overturned: Overturned) -> str:
    """Which side stands; neither is said to be right unless the other has been overturned."""
    stands = [fact for fact in sides if not overturned.get(fact.id)]
    if len(stands) == len(sides):
        return "Neither has been overturned."
    if not stands:
        return "Both have been overturned since."
    return f"Of the two, what {_side(stands[0])} said has not been overturned."


def _overturning(newer: Fact, older: Sequence[tuple[Fact, str]], overturned: Overturned) -> Section:
    """A fact, whether it stands itself, and all that it has overturned."""
    first = fact_line(newer, overturned=overturned.get(newer.id, ()))
    lines = [first if first.note else first._replace(note="This stands today.")]
    for fact, because in older:
        line = fact_line(fact)
        lines.append(line._replace(cites=(fact.id, newer.id), note=f"Overturned: {because}"))
    return Section(f"Overturned by {_side(newer)}: {plural(len(older), 'fact')}", tuple(lines))


def _side(fact: Fact) -> str:
    """Who said it: a speaker, or an article."""
    return shortened(fact.speaker) if fact.speaker else f"an article of {spoken_day(fact.known_on)}"


def _title(ask: Ask, called: str) -> str:
    about = f" about {shortened(called)}" if called else ""
    return f"{ask.name}: what is disputed{about}, and what was overturned"


def _notes(
    found: Sequence[Tie], disputed: Sequence[Tie], overturning: Sequence[tuple[str, list[str]]]
) -> list[str]:
    between = sum(tie.apart for tie in disputed)
    facts = {other for _, others in overturning for other in others}
    more = "at least " if len(found) >= MOST_TIES else ""
    counted = (
        f"{more}{plural(len(disputed), 'dispute')}, {between} of them between sources;"
        f" {more}{plural(len(facts), 'fact')} overturned by {plural(len(overturning), 'other')}."
    )
    notes = [counted]
    if len(disputed) > MOST_DISPUTES or len(overturning) > MOST_OVERTURNING:
        notes.append(
            f"Shown are the newest, {MOST_DISPUTES} of each at most, between sources first;"
            " name a TOPIC for others."
        )
    return [note[:1].upper() + note[1:] for note in notes]


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
