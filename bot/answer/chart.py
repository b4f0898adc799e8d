"""Facts of a timeline → a picture of it: who did and said what, in lanes. Nothing is drawn here.

Whose a fact is comes from the story alone. A party is who speaks and is also written about: a speaker
whose name is a tag, as "FIFA" and `fifa`. A person who speaks belongs to the party that most of what they
say is tagged with; what nobody says belongs to the party that it names first.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.chart import Chart, Lane, Mark
from bot.edtf import MONTHS, UNDATED, Edtf, spoken_day
from bot.model import Fact, Sentence
from bot.wording import plural

OTHERS = "others"
MOST_MARKS = 20  # as many as a phone shows readably
LEAST_MARKS = 2  # of each lane, where there are as many
MOST_PARTIES = 4
LEAST_FACTS = 3  # of a party with a lane of its own, and a twentieth of all
MOST_ALT = 1000  # characters: Discord takes 1,024, Slack 2,000

_GREY = 4  # the last of the colours
_LEAD, _FURTHER, _TURNED = 3, 1, 4  # what counts: told first in a briefing, told at all, overturned as a plan
_SMALL = {
    "am", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my", "no", "of",
    "on", "or", "so", "to", "up", "vs", "we",
}  # fmt: skip


class Parties(NamedTuple):
    """Who is who in a story."""

    names: tuple[str, ...]  # with a lane of their own, by how many facts are theirs
    speakers: Mapping[str, str]  # the party of everybody who speaks for one
    tags: Mapping[str, str]  # the party that a tag names


class Seen(NamedTuple):
    """What there is to know of facts besides themselves."""

    among: Parties
    superseded: Collection[str]  # the ids of those that were overturned
    weight: Mapping[str, int]  # how much is made of each, by id


class _Group(NamedTuple):
    """Facts of one lane that a single mark shows."""

    lane: str
    facts: tuple[Fact, ...]  # the one that it names first
    weight: int
    superseded: bool


def parties(facts: Iterable[Fact]) -> Parties:
    """The parties of a story: its most frequent speakers that are also tags, else its most frequent ones."""
    told = list(facts)
    tagged = Counter(tag for fact in told for tag in fact.tags)
    spoken = Counter(fact.speaker for fact in told if fact.speaker)
    theirs = {slug(name): name for name in sorted(spoken) if slug(name) in tagged}
    counts = Counter({name: tagged[tag] for tag, name in theirs.items()}) or spoken
    least = max(LEAST_FACTS, -(-len(told) // 20))
    names = tuple(name for name, count in _ranked(counts)[:MOST_PARTIES] if count >= least)
    speakers = {name: name for name in theirs.values()} or {name: name for name in names}
    for person in spoken.keys() - speakers.keys():
        about = Counter(
            theirs[tag] for fact in told if fact.speaker == person for tag in fact.tags if tag in theirs
        )
        party, count = _ranked(about)[0] if about else ("", 0)
        if 2 * count > spoken[person]:
            speakers[person] = party
    return Parties(names, speakers, theirs)


def lane_of(fact: Fact, among: Parties) -> str:
    """The lane in which a fact is drawn."""
    if fact.speaker:
        party = among.speakers.get(fact.speaker, "")
        return party if party in among.names else OTHERS
    named = [among.tags[tag] for tag in fact.tags if among.tags.get(tag, "") in among.names]
    return min(named, key=lambda name: (_place(name, fact.says), among.names.index(name)), default=OTHERS)


def weights(briefings: Iterable[Sequence[Sentence]]) -> Counter[str]:
    """How much the briefings make of each fact, by id."""
    found: Counter[str] = Counter()
    for sentences in briefings:
        for number, sentence in enumerate(sentences):
            for fact in sentence.facts:
                found[fact] += _LEAD if number == 0 else _FURTHER
    return found


def chart(
    title: str,
    as_of: date,
    facts: Sequence[Fact],
    seen: Seen,
    total: int = 0,
) -> Chart:
    """The picture of dated facts, given in the order of the calendar.

    `total` is how many there are in all, where that is more than is given.
    """
    groups, among = _groups(facts, seen), seen.among
    # By name, so that a party has the same colour also where others come before it.
    colours = {name: number for number, name in enumerate(sorted(among.names))}
    lanes = tuple(
        Lane(lane, tuple(_mark(group) for group in groups if group.lane == lane), colours.get(lane, _GREY))
        for lane in (*among.names, OTHERS)
    )
    lanes = tuple(lane for lane in lanes if lane.marks)
    total = max(total, len(facts))
    note = f"{len(groups):,} of {plural(total, 'event')}" if len(groups) < total else plural(total, "event")
    return Chart(title, as_of, lanes, note, _alt(title, as_of, lanes, note))


def short_date(when: Edtf) -> str:
    """A date in as few characters as tell it: `25 Feb 2022`, `26 Feb – 1 Mar 2022`, `Mar 2022`."""
    if when.first is None or when.last is None:
        return UNDATED
    start, slash, end = when.text.partition("/")
    if not slash:
        return " ".join(_parts(start))
    first, last = _parts(start), _parts(end)
    same = 0  # how much both have, from the year on; it is said once
    while same < min(len(first), len(last)) - 1 and first[-1 - same] == last[-1 - same]:
        same += 1
    first = first[: len(first) - same]
    return f"{' '.join(first)}{'–' if same == 2 else ' – '}{' '.join(last)}"


def headline(fact: Fact) -> str:
    """What its author called a fact, as words: `harbour-closed` is “Harbour closed”.

    A sentence cut short may say something else than the whole; the name of a fact was made to be short.
    """
    told = {word.lower(): word for word in reversed(re.findall(r"\w+", f"{fact.speaker} {fact.says}"))}
    words = [_cased(word, told) for word in re.findall(r"[^\W_]+", fact.slug)]
    text = " ".join(words) or fact.slug
    return text[:1].upper() + text[1:]


def slug(name: str) -> str:
    """A name as a tag would have it: `Harbour Board` is `harbour-board`."""
    return "-".join(re.findall(r"\w+", name.lower()))


def _groups(facts: Sequence[Fact], seen: Seen) -> list[_Group]:
    """The marks of the picture in the order of the calendar: those of which most is made."""
    among, weight = seen.among, seen.weight
    together: dict[tuple[str, date | None, date | None, bool, bool], list[Fact]] = {}
    for fact in facts:
        over = fact.id in seen.superseded
        key = (lane_of(fact, among), fact.date.first, fact.date.last, fact.kind == "plan", over)
        together.setdefault(key, []).append(fact)
    groups = []
    for (lane, *_, plan, over), some in together.items():
        first = max(some, key=lambda fact: weight.get(fact.id, 0))
        rest = (fact for fact in some if fact is not first)
        heavy = weight.get(first.id, 0) + (_TURNED if plan and over else 0)
        groups.append(_Group(lane, (first, *rest), heavy, over))
    best = sorted(range(len(groups)), key=lambda one: (-groups[one].weight, -len(groups[one].facts), one))
    firm = [one for lane in (*among.names, OTHERS)
            for one in [one for one in best if groups[one].lane == lane][:LEAST_MARKS]]  # fmt: skip
    kept = set([*firm, *(one for one in best if one not in firm)][:MOST_MARKS])
    return [group for number, group in enumerate(groups) if number in kept]


def _mark(group: _Group) -> Mark:
    fact, when = group.facts[0], group.facts[0].date
    assert when.first is not None
    assert when.last is not None
    return Mark(
        when.first,
        when.last,
        short_date(when),
        headline(fact),
        fact.speaker,
        plan=fact.kind == "plan",
        superseded=group.superseded,
        more=len(group.facts) - 1,
        fact=fact.id,
    )


def _alt(title: str, as_of: date, lanes: Sequence[Lane], note: str) -> str:
    """The picture in words, as far as there is room: every lane, then as many of its marks as fit."""
    names = ", ".join(f"{lane.name} ({len(lane.marks)})" for lane in lanes)
    head = f"{title}, as a chart. As of {spoken_day(as_of)}; {note}, in lanes: {names}."
    told = [_told(lane.name, mark) for lane in lanes for mark in lane.marks]
    while told:
        text = f"{head} {'; '.join(told)}."
        if len(text) <= MOST_ALT:
            return text
        told = [*told[:-2], "…"] if told[-1] == "…" else [*told[:-1], "…"]
        if told == ["…"]:
            break
    return head[:MOST_ALT]


def _told(lane: str, mark: Mark) -> str:
    state = ", planned" * mark.plan + ", overturned since" * mark.superseded
    return f"{lane}, {mark.when}: {mark.label}{state}"


def _cased(word: str, told: Mapping[str, str]) -> str:
    """A word of a name as the statement writes it; an abbreviation that it does not have, in capitals."""
    if word in told:
        return told[word]
    return word.upper() if len(word) == 2 and word.isalpha() and word not in _SMALL else word


def _parts(point: str) -> list[str]:
    """`25`, `Feb`, `2022`, as far as a date goes."""
    year, _, rest = point.partition("-")
    month, _, day = rest.partition("-")
    return [part for part in (day.lstrip("0"), MONTHS[int(month) - 1][:3] if month else "", year) if part]


def _place(name: str, text: str) -> int:
    """Where a text first names somebody; behind its end where it does not."""
    found = re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)
    return found.start() if found else len(text)


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))
