"""What a post should say now: a pure function of what it said, and of what has become of that since.

It always begins with the reply as it was promised, never with one that was amended before. So a second
correction, an undo and a restoration are nothing special: each comes to what there is to say then.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.edtf import spoken_day
from bot.model import Briefing, Correction, Fact, Relation, Retraction, Sentence, Source
from bot.nearest import nearest
from bot.render.discord import message
from bot.render.words import shortened
from bot.reply import Line, Reference, Reply, Section, numbered
from bot.wording import cites_of, dated, said

LIKENESS = 0.4  # from which on a sentence counts as what has become of another
MOST_WORDS = 600  # of one correction in a post

# The heads of what stands behind a line; see `digest/content/lay.py` and `wording.fact_line`.
_HEADS = re.compile(r" (?=(?:And|Overturns|Disputes): )")
_AND, _SINCE = "And: ", "Since overturned: "


Pair = tuple[str, str, str]
"""A relation: its fact, its kind, the other fact."""


class Change(NamedTuple):
    """What has become of one source or briefing since a post was made."""

    before: Source | Briefing  # as the post carries it
    now: Source | Briefing | None  # as it stands; None: it is gone
    corrections: tuple[Correction, ...] = ()  # since then
    retracted: Retraction | None = None  # since then; there wherever it is gone


class _Facts(NamedTuple):
    """What has become of the facts that a post cites, by id."""

    before: Mapping[str, Fact]
    now: Mapping[str, Fact]  # without those that are gone
    gone: Mapping[str, str]  # what stands in the place of a line that rests on it
    because: Mapping[Pair, tuple[str, str | None]]  # why one stands against another: as it was worded, and is


class _Words(NamedTuple):
    """What has become of the words of one briefing."""

    before: Briefing
    now: Briefing | None
    gone: str  # what stands in the place of a line with its words
    then: Mapping[str, Sentence]  # its sentences, by their text
    still: Mapping[str, Sentence]  # those that it has now
    added: tuple[str, ...]  # the texts of those that it did not have


def amended(reply: Reply, changes: Iterable[Change], references: Iterable[Reference] = ()) -> Reply:
    """The reply as it should stand now, what was wrong in front, on one page where it was on one.

    `references` are those of sources that it has not yet, or that were corrected; their numbers do not
    matter. A reply that none of it concerns is returned as it is.
    """
    told = [change for change in (_concerning(reply, one) for one in changes) if change]
    if not told:
        return reply
    facts = _facts([one for one in told if isinstance(one.before, Source)])
    words = [_words(one.before, one) for one in told if isinstance(one.before, Briefing)]
    body = tuple(
        section._replace(lines=lines)
        for section in reply.sections
        if (lines := _lines(section.lines, facts, words)) or not section.lines
    )
    title = _title(reply.title, words)
    known = _known(reply, told, references)
    return _fitted(reply._replace(title=title), _notices(told), body, known, cut=_fits(reply))


# ── what it is about ────────────────────────────────────────────────────────────────────


def _concerning(reply: Reply, change: Change) -> Change | None:
    """The change as far as the reply has to do with it.

    Of a source, a reply has only the facts that it cites: a correction of others is none of it.
    """
    if change.retracted or isinstance(change.before, Briefing):
        return change if change.retracted or change.corrections else None
    cited = set(reply.facts)
    concerning = tuple(
        one for one in change.corrections if not one.facts or any(fact.id in cited for fact in one.facts)
    )
    return change._replace(corrections=concerning) if concerning else None


def _facts(changes: Sequence[Change]) -> _Facts:
    before: dict[str, Fact] = {}
    now: dict[str, Fact] = {}
    gone: dict[str, str] = {}
    because: dict[Pair, tuple[str, str | None]] = {}
    for change in changes:
        assert isinstance(change.before, Source)
        source = change.now if isinstance(change.now, Source) and not change.retracted else None
        before |= {fact.id: fact for fact in change.before.facts}
        now |= {fact.id: fact for fact in source.facts} if source else {}
        gone |= {fact.id: _stub(change) for fact in change.before.facts if fact.id not in now}
        reasons = {_pair(relation): relation.because for relation in source.relations} if source else {}
        because |= {
            _pair(relation): (relation.because, reasons.get(_pair(relation)))
            for relation in change.before.relations
        }
    return _Facts(before, now, gone, because)


def _pair(relation: Relation) -> Pair:
    return relation.fact_id, relation.kind, relation.other_id


def _words(before: Briefing, change: Change) -> _Words:
    now = change.now if isinstance(change.now, Briefing) and not change.retracted else None
    then = {sentence.text: sentence for sentence in before.sentences}
    still = {sentence.text: sentence for sentence in now.sentences} if now else {}
    return _Words(before, now, _stub(change), then, still, tuple(text for text in still if text not in then))


def _stub(change: Change) -> str:
    """What stands in the place of what is gone."""
    if change.retracted:
        on, because = change.retracted
    else:
        on, because = change.corrections[-1].on, change.corrections[-1].was
    return f"Retracted on {spoken_day(on)}: {because}"


# ── line by line ────────────────────────────────────────────────────────────────────────


def _lines(lines: Sequence[Line], facts: _Facts, words: Sequence[_Words]) -> tuple[Line, ...]:
    """The lines of a section as they should stand: nothing that has come to say the same twice."""
    found: list[Line] = []
    for line in lines:
        mended = _line(line, facts, words)
        if mended is None or (mended != line and mended in found):
            continue
        found.append(mended)
    return tuple(found)


def _line(line: Line, facts: _Facts, words: Sequence[_Words]) -> Line | None:
    """What has become of a line; None where nothing of it is said any more."""
    line = line._replace(note=_note(line, facts, words))
    mended = _said_fact(line, facts) or _said_words(line, words)
    if mended is None:
        return None
    if mended.text != line.text:
        mended = mended._replace(marks=())
    cites = tuple(cite for cite in mended.cites if cite not in facts.gone)
    if mended.cites and not cites:  # nothing is left that it could rest on
        return Line(facts.gone[mended.cites[0]])
    return mended._replace(cites=cites)


def _said_fact(line: Line, facts: _Facts) -> Line | None:
    """The line with what the fact says now that it told; None where it told none that has changed."""
    for cite in line.cites:
        fact = facts.before.get(cite)
        if fact is None or said(fact) != line.text:
            continue
        now = facts.now.get(cite)
        if now is None:
            return Line(facts.gone[cite])
        if (said(now), now.date) == (line.text, fact.date):
            continue
        moved = line.when == dated(fact.date) or fact.date != now.date
        return line._replace(text=said(now), when=dated(now.date) if moved else line.when)
    return None


def _said_words(line: Line, words: Sequence[_Words]) -> Line | None:
    """The line with what its briefing says now; as it is where it has the words of none that has changed."""
    for one in words:
        before, now = one.before, one.now
        if line.text != before.state and line.text not in one.then:
            continue
        if now is None:
            return Line(one.gone)
        if line.text == before.state:
            when = dated(now.as_of) if line.when == dated(before.as_of) else line.when
            return line._replace(text=now.state, cites=cites_of(now.sentences), when=when)
        become = one.still.get(line.text) or _successor(line.text, one)
        return line._replace(text=become.text, cites=become.facts) if become else None
    return line


def _successor(text: str, words: _Words) -> Sentence | None:
    """The sentence that a briefing has now in the place of one that it had."""
    near = _nearest(text, words.added)
    return words.still[near] if near else None


@lru_cache(1024)  # the same sentence stands in many posts
def _nearest(text: str, others: tuple[str, ...]) -> str:
    return next(iter(nearest(text, others, cutoff=LIKENESS)), "")


# ── what stands behind a line, and above them all ───────────────────────────────────────


def _note(line: Line, facts: _Facts, words: Sequence[_Words]) -> str:
    """The note with what is said now; without those of its parts that quote what is gone."""
    if not line.note:
        return ""
    texts = dict(_replaced(line, facts, words))
    parts = [part for whole in _HEADS.split(line.note) if (part := _mended(whole, texts))]
    if parts and parts[0].startswith(_AND):
        parts[0] = _SINCE + parts[0].removeprefix(_AND)
    return " ".join(parts)


def _replaced(line: Line, facts: _Facts, words: Sequence[_Words]) -> Iterator[tuple[str, str | None]]:
    """What a note may quote, as it was worded and as it is; None where it is gone."""
    for one in words:
        for text in one.then:
            if text not in one.still:
                become = _successor(text, one) if text in line.note else None
                yield text, become and become.text
        if one.now is None or one.now.state != one.before.state:
            yield one.before.state, one.now and one.now.state
    for cite in line.cites:
        if cite in facts.before:
            now = facts.now.get(cite)
            yield said(facts.before[cite]), now and said(now)
    for (fact, _, other), (then, since) in facts.because.items():
        if fact in line.cites and other in line.cites:
            yield then, since


def _mended(part: str, texts: Mapping[str, str | None]) -> str:
    """A part of a note with each text replaced; empty where one of them is gone."""
    # The longest first: one may be the beginning of another.
    for text in sorted(filter(None, texts), key=len, reverse=True):
        whole = rf"(?<!\S){re.escape(text)}(?!\S)"
        become = texts[text]
        if become == text or not re.search(whole, part):
            continue
        if become is None:
            return ""
        part = re.sub(whole, become.replace("\\", r"\\"), part)
    return part


def _title(title: str, words: Sequence[_Words]) -> str:
    """The title with what its briefing is called now; without it where that is gone."""
    for one in words:
        old = one.before.title
        if title != old and not title.endswith(f": {old}"):
            continue
        if one.now:
            return title.removesuffix(old) + one.now.title
        return title.removesuffix(old).removesuffix(": ").removesuffix(": corrected") or "Retracted"
    return title


def _notices(changes: Sequence[Change]) -> tuple[Section, ...]:
    """What was wrong, day by day."""
    days: dict[date, dict[str, None]] = {}
    for change in changes:
        for one in change.corrections:
            days.setdefault(one.on, {})[one.was] = None
        if change.retracted:
            name = f"“{change.before.title}”"
            who = f"The source {name}" if isinstance(change.before, Source) else name
            notice = f"{who} was retracted: {change.retracted.because}"
            days.setdefault(change.retracted.on, {})[notice] = None
    return tuple(
        Section(
            f"Corrected on {spoken_day(day)}", tuple(Line(shortened(text, MOST_WORDS)) for text in days[day])
        )
        for day in sorted(days)
    )


def _known(reply: Reply, changes: Sequence[Change], given: Iterable[Reference]) -> dict[str, Reference]:
    """The sources that can be named: as the reply has them, but for those that were corrected."""
    changed = {change.before.id for change in changes if isinstance(change.before, Source)}
    known = {reference.source_id: reference for reference in given}
    known.update(
        {one.source_id: one for one in reply.references if one.source_id not in changed & set(known)}
    )
    return known


# ── room ────────────────────────────────────────────────────────────────────────────────


def _fitted(
    reply: Reply,
    notices: tuple[Section, ...],
    body: tuple[Section, ...],
    known: Mapping[str, Reference],
    *,
    cut: bool,
) -> Reply:
    """The reply laid out anew; with `cut`, without its last lines, then the oldest notices, until it fits."""
    left_out = earlier = 0
    while True:
        notes = [*reply.notes]
        notes += [f"Lines left out to make room: {left_out}."] if left_out else []
        notes += [f"Earlier corrections left out: {earlier}."] if earlier else []
        laid = _laid(reply._replace(notes=tuple(notes)), (*notices, *body), known)
        if not cut or _fits(laid):
            return laid
        if body:
            body, left_out = _without(body, -1), left_out + 1
        elif sum(len(section.lines) for section in notices) > 1:
            notices, earlier = _without(notices, 0), earlier + 1
        else:
            return laid


def _without(sections: tuple[Section, ...], place: int) -> tuple[Section, ...]:
    """The sections without their first (0) or last (-1) line, and without one that has none left."""
    section = sections[place]
    lines = section.lines[1:] if place == 0 else section.lines[:-1]
    others = sections[1:] if place == 0 else sections[:-1]
    left = (section._replace(lines=lines),) if lines else ()
    return (*left, *others) if place == 0 else (*others, *left)


def _laid(reply: Reply, sections: tuple[Section, ...], known: Mapping[str, Reference]) -> Reply:
    reply = reply._replace(sections=sections)
    named = [known[source] for source in reply.sources if source in known]
    return numbered(reply, tuple(one._replace(number=number) for number, one in enumerate(named, 1)))


def _fits(reply: Reply) -> bool:
    """Whether it is one message, as a digest has to be: on Discord, which has the least room."""
    # Without notes of its own, only a reply of several pages has a footer, which counts them.
    embed = message(reply._replace(notes=()), "story").embed
    return embed is not None and "footer" not in embed
