"""`who`: the people, bodies and things of a story: who they are, what they said, what is told of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.answer.lines import nothing_loaded, room_for
from bot.answer.naming import Figure, figure_of, figures, key_of, meant_by, members, mentions, near
from bot.command.entry import Ask
from bot.command.mistake import shortened
from bot.model import KINDS, Fact, Name
from bot.reply import Action, Line, Reply, Section
from bot.store.naming import naming, said_by
from bot.store.relations import weights
from bot.store.search import MAX_LENGTH, STOP_WORDS
from bot.store.shelf import Link, Shelf
from bot.wording import fact_line, overturned_by, plural

MOST_LISTED = 200
MOST_SAID, MOST_BY_MEMBERS, MOST_TOLD = 8, 4, 6
MOST_READ = 500  # facts that name somebody, of which the most telling are told
MOST_WEIGHED = 100  # statements, of which they are told
MOST_MEANT = 12
MOST_SPELLINGS = 8
_HEADINGS = {"person": "People", "body": "Bodies"}
_AS_TYPED = "That is no name that is known; these are the facts that have it as it was typed."


class Known(NamedTuple):
    """All that is known of one name."""

    introduced: Sequence[Fact]
    said: Sequence[Fact]  # of all that it said the most telling, the newest first; so the next
    by_members: Sequence[Fact]
    told: Sequence[Fact]  # by others; the most telling first
    overturned: Mapping[str, Sequence[Link]]
    more: int = 0  # facts that name it besides
    cut: bool = False  # there are more than were read

    @property
    def anything(self) -> bool:
        """Whether any source has it."""
        return bool(self.introduced or self.said or self.by_members or self.told)


def who(ask: Ask) -> Reply:
    """Answers `who [NAME]`."""
    horizon = ask.shelf.horizon(None)
    if horizon is None:
        return nothing_loaded(ask, "who")
    given = ask.text("name") or ""
    words = ask.shelf.vocabulary()
    everybody = figures(ask.shelf, words)
    if not given:
        return _all(ask, everybody)._replace(as_of=horizon)
    meant = meant_by(given, words, everybody)
    if len(meant) > 1:
        return _which(ask, given, meant)._replace(as_of=horizon)
    found = meant[0] if meant else figure_of(given, everybody)
    figure = found or _literally(given)
    if figure is None:
        return _nobody(ask, given, everybody)._replace(as_of=horizon)
    belonging = members(figure, everybody)
    known = _known(ask.shelf, figure, belonging)
    if not known.anything:
        return _nobody(ask, found.name.name if found else given, everybody)._replace(as_of=horizon)
    name = figure.name.name
    return Reply(
        "who",
        f"{ask.name}: {name}",
        tuple(section for section in _sections(name, known) if section.lines),
        notes=(
            *([f"“{shortened(given)}” may mean {name} here."] if meant else []),
            *(_described(figure) if found else [_AS_TYPED]),
            *_counted(ask, figure, belonging, known),
        ),
        actions=_ways(figure, belonging),
        as_of=horizon,
        words=f"who {figure.asked}",
    )


def _literally(given: str) -> Figure | None:
    """What was typed, as if it were a name: facts may have it though it is in no list."""
    words = re.findall(r"\w+", given)
    if all(word.lower() in STOP_WORDS for word in words):
        return None
    return Figure(Name(" ".join(words)[:MAX_LENGTH].strip(), ""))


def _known(shelf: Shelf, figure: Figure, belonging: Sequence[Figure]) -> Known:
    theirs = tuple(speaker for one in belonging for speaker in one.speakers)
    said = said_by(shelf, figure.speakers, MOST_WEIGHED)
    by_members = said_by(shelf, theirs, MOST_WEIGHED)
    named = naming(shelf, figure.spellings, MOST_READ)
    facts = shelf.facts([*figure.name.introduced, *said, *by_members, *named])
    introduced = [facts[one] for one in figure.name.introduced if one in facts]
    # What it and its people said, and what says who it is, is told already.
    told = {*figure.name.introduced, *by_members}
    others = {
        one: facts[one]
        for one in named
        if one in facts and one not in told and facts[one].speaker not in figure.speakers
    }
    about = mentions(others, figure)
    own = [facts[one] for one in said if facts[one] not in introduced]
    members_said = [facts[one] for one in by_members if facts[one] not in introduced]
    weight = weights(shelf, {fact.id for fact in (*about, *own, *members_said)})
    about = _telling(about, weight)
    shown = about[: room_for(len(about), MOST_TOLD)]
    own = _newest(_telling(own, weight)[: room_for(len(own), MOST_SAID)])
    members_said = _newest(_telling(members_said, weight)[: room_for(len(members_said), MOST_BY_MEMBERS)])
    overturned = overturned_by(shelf, [*introduced, *own, *members_said, *shown])
    return Known(
        introduced,
        own,
        members_said,
        shown,
        overturned,
        len(about) - len(shown),
        len(named) == MOST_READ,
    )


def _telling(facts: Iterable[Fact], weight: Mapping[str, int]) -> list[Fact]:
    """The facts, those that tell the most first."""
    order = sorted(facts, key=lambda fact: fact.id)
    return sorted(
        order,
        key=lambda fact: (weight.get(fact.id, 0), -KINDS.index(fact.kind), fact.known_on),
        reverse=True,
    )


def _newest(facts: Iterable[Fact]) -> list[Fact]:
    """The facts, the newest first, and those without a day of their own behind them."""
    order = sorted(facts, key=lambda fact: fact.id)
    return sorted(
        order, key=lambda fact: (str(fact.date.first or ""), str(fact.date.last or "")), reverse=True
    )


def _sections(name: str, known: Known) -> list[Section]:
    def lines(facts: Sequence[Fact]) -> list[Line]:
        return [fact_line(fact, overturned=known.overturned.get(fact.id, ())) for fact in facts]

    by_whom = [
        line._replace(label=shortened(fact.speaker))
        for fact, line in zip(known.by_members, lines(known.by_members), strict=True)
    ]
    return [
        Section("", tuple(lines(known.introduced))),
        Section(f"What {name} said", tuple(lines(known.said))),
        Section(f"Said by those who belong to {name}", tuple(by_whom)),
        Section(f"What is told of {name}", tuple(lines(known.told))),
    ]


def _described(figure: Figure) -> list[str]:
    """What the vocabulary has of it: small print, since no source says it in so many words."""
    name = figure.name
    spellings = [text for text in dict.fromkeys(name.also) if text != name.name]
    pieces = [
        f"a {name.kind}" if name.kind else "",
        f"belongs to {', '.join(name.part_of)}" if name.part_of else "",
        f"also written {', '.join(spellings[:MOST_SPELLINGS])}" if spellings else "",
    ]
    text = "; ".join(filter(None, pieces))
    return [f"{name.name}: {text}."] if text else []


def _counted(ask: Ask, figure: Figure, belonging: Sequence[Figure], known: Known) -> list[str]:
    notes, name = [], figure.name.name
    introduced = {fact.id: fact.speaker for fact in known.introduced}
    own = len(known.said) + sum(speaker in figure.speakers for speaker in introduced.values())
    if figure.said:
        notes.append(f"{plural(figure.said, 'statement')} of {name}{_here(own, figure.said)}.")
    by_speakers = {speaker for one in belonging for speaker in one.speakers}
    theirs = len(known.by_members) + sum(speaker in by_speakers for speaker in introduced.values())
    all_theirs = sum(one.said for one in belonging)
    if all_theirs > theirs:
        notes.append(f"{all_theirs:,} of those who belong to it{_here(theirs, all_theirs)}.")
    if known.more or known.cut:
        least = "at least " if known.cut else ""
        found = f"{least}{plural(known.more, 'more fact')} {'names' if known.more == 1 else 'name'} {name}"
        notes.append(f"{found[:1].upper()}{found[1:]}.")
    if known.more or known.cut or figure.said > own:
        notes.append(f"`{ask.call} search {name}` finds what is not here.")
    return notes


def _here(shown: int, of: int) -> str:
    return f", the {shown} that tell the most here" if shown < of else ""


def _ways(figure: Figure, belonging: Sequence[Figure]) -> tuple[Action, ...]:
    others = [*figure.name.part_of, *(one.name.name for one in belonging if one.said)][:3]
    return (
        *(Action(f"Who is {other}"[:80], f"who {other}") for other in others),
        Action("What is disputed", f"disputes {figure.asked}"),
        Action("Everybody", "who"),
    )


def _which(ask: Ask, given: str, meant: Sequence[Figure]) -> Reply:
    """Says whom a wider word may mean, each with how much they say, and a way to them."""
    listed = meant[:MOST_MEANT]
    facts = ask.shelf.facts(fact for one in listed for fact in one.name.introduced)
    names = [one.name.name for one in meant]
    told = f"{', '.join(names[:-1])} or {names[-1]}"
    return Reply(
        "who",
        f"{ask.name}: {shortened(given)}",
        (
            Section("", (Line(f"“{shortened(given)}” may mean more than one here: {told}."),)),
            Section("Which one?", tuple(_listed(one, facts) for one in listed)),
        ),
        notes=(f"`{ask.call} who NAME` shows what one said, and what is told of them.",),
        actions=(
            *(Action(f"Who is {one.name.name}"[:80], f"who {one.asked}") for one in listed[:6]),
            Action("Everybody", "who"),
        ),
        words=f"who {key_of(given)}",
    )


def _all(ask: Ask, everybody: Sequence[Figure]) -> Reply:
    """Who there is: people and bodies, and whoever else speaks, with how much each says."""
    listed = [one for one in everybody if one.said or one.name.kind in _HEADINGS][:MOST_LISTED]
    facts = ask.shelf.facts(fact for one in listed for fact in one.name.introduced)
    sections = [
        Section(
            heading, tuple(_listed(one, facts) for one in listed if _HEADINGS.get(one.name.kind, "") == kind)
        )
        for kind, heading in (("People", "People"), ("Bodies", "Bodies"), ("", "Others who speak"))
    ]
    if not any(section.lines for section in sections[:2]):
        sections = [sections[2]._replace(title="")]
    total = sum(one.said for one in listed)
    if not listed:
        text = "No source of the corpus names who said what."
        return Reply("who", f"{ask.name}: who is who", (Section("", (Line(text),)),), abstained=True)
    count = f"{plural(total, 'statement')} of {plural(sum(one.said > 0 for one in listed), 'speaker')}"
    return Reply(
        "who",
        f"{ask.name}: who is who",
        tuple(section for section in sections if section.lines),
        notes=(f"{count}; `{ask.call} who NAME` shows what one said, and what is told of them.",),
        actions=tuple(Action(one.name.name[:80], f"who {one.asked}") for one in listed[:6] if one.said),
    )


def _listed(one: Figure, facts: Mapping[str, Fact]) -> Line:
    belongs = f"; belongs to {', '.join(one.name.part_of)}" if one.name.part_of else ""
    said = plural(one.said, "statement") if one.said else "no statement"
    rests = tuple(fact for fact in one.name.introduced if fact in facts)
    return Line(f"{said}{belongs}", rests, label=one.name.name)


def _nobody(ask: Ask, given: str, everybody: Sequence[Figure]) -> Reply:
    """Says that no source has the name, and which are nearest."""
    by_spelling = {text: one.name.name for one in everybody for text in one.spellings}
    named = dict.fromkeys(by_spelling[text] for text in near(given, by_spelling))
    others = [name for name in named if name != given]
    lines = tuple(Line("", label=f"{ask.call} who {name}") for name in others)
    text = f"No source of the corpus names “{shortened(given)}”."
    return Reply(
        "who",
        f"{ask.name}: {shortened(given)}",
        (Section("", (Line(text),)), *([Section("Nearest names", lines)] if lines else [])),
        actions=(
            *(Action(f"Who is {name}"[:80], f"who {name}") for name in others),
            Action("Everybody", "who"),
        ),
        abstained=True,
    )
