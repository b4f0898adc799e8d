"""What only shows across files, and which version of each file the story is then made of.

`settle` is the decision at the heart of a sync. It sees of every file only its `Shape`, so that a
story of a hundred thousand facts need not be parsed again because one file changed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.edtf import spoken_day
from bot.load.circles import circles
from bot.model import EVERYONE, Cite, Problem, Relation, Shape
from bot.nearest import nearest

MOST_NAMED = 100
"""Facts that a vocabulary names and that are not there: for each, the nearest is looked for among all."""


class Wrong(NamedTuple):
    """A problem between files: whose it is, and which sources have a part in it."""

    problem: Problem
    sources: tuple[str, ...]  # ids
    lacks: str = ""  # the fact that is missing: only a version that has it is of help


class Settled(NamedTuple):
    """Which version of each file stands, by path, and what is wrong."""

    take: tuple[str, ...]  # the version just read
    keep: tuple[str, ...]  # the version loaded before, though the file has changed or is gone
    drop: tuple[str, ...]  # none
    problems: tuple[Problem, ...]
    consequences: tuple[Problem, ...]  # of files that are right themselves, but lean on a wrong one


def settle(
    before: Mapping[str, Shape],
    read: Mapping[str, Shape],
    gone: Iterable[str] = (),
    broken: Mapping[str, Shape] | None = None,
) -> Settled:
    """Decides which version of each file stands, so that everything cited exists.

    `before` is what is loaded, `read` what was read anew, `gone` the files no longer there, and
    `broken` those that could not be read whole, as far as they could: whatever cites their facts has
    no mistake of its own. What was loaded before and cannot be replaced whole is kept; so is a source
    whose new version lacks a fact that something still cites. Nothing that was loaded is dropped
    unless its file is gone: a relation of it that points nowhere waits, and is told.

    What is for one server holds back nothing but what is its own: where it leans on what is gone for
    everyone, it gives way, and is dropped though its file is there.
    """
    broken = broken or {}
    stand = {**before, **read}
    gone = [path for path in gone if stand.pop(path, None)]
    reported = across({**stand, **broken}.values())
    told = {wrong.problem for wrong in reported}
    waiting: set[Wrong] = set()
    consequences: dict[Problem, None] = {}
    # What a file can still go back to, once.
    earlier = {path: before[path] for path in (*read, *gone) if path in before}
    paths = {shape.id: path for path, shape in (*before.items(), *read.items()) if shape.kind == "source"}
    while all_wrong := [one for one in across(stand.values(), broken.values()) if one not in waiting]:
        # First what is for everyone: only then it is known what the rest can lean on.
        shared = [one for one in all_wrong if stand[one.problem.path].audience == EVERYONE]
        all_wrong = shared or all_wrong
        consequences.update((wrong.problem, None) for wrong in all_wrong if wrong.problem not in told)
        moved: set[str] = set()
        for wrong in all_wrong:
            first = wrong.problem.path
            involved = [first, *(paths[source] for source in wrong.sources if source in paths)]
            # A step may have solved more than one problem: each file takes one, then all is asked again.
            if moved.isdisjoint(involved):
                involved = [path for path in involved if _may_move(path, first, stand, earlier)]
                new = involved[:1] if wrong.lacks else involved
                fresh = [path for path in new if path not in before]
                if step := _retreat(stand, earlier, fresh, involved, wrong.lacks):
                    moved.add(step)
                else:
                    waiting.add(wrong)
    return Settled(
        take=tuple(path for path in read if stand.get(path) is read[path]),
        keep=tuple(path for path in (*read, *gone) if path in stand and stand[path] is before.get(path)),
        drop=tuple(path for path in (*before, *(set(read) - set(before))) if path not in stand),
        problems=tuple(wrong.problem for wrong in reported),
        consequences=tuple(consequences),
    )


def across(shapes: Iterable[Shape], awaited: Iterable[Shape] = ()) -> list[Wrong]:
    """Every problem between these files.

    Whatever names a fact of a source of which nothing can be read has no mistake of its own. A
    relation to a fact of a source that is only `awaited` has none either, but a citation of one has.
    """
    shapes, awaited = list(shapes), list(awaited)
    owners = {fact: shape for shape in shapes for fact in shape.facts}
    unread, waits = _by_audience(_unread, shapes), _by_audience(_awaited, awaited)
    found: list[Wrong] = []
    for shape in shapes:
        audience = shape.audience
        # A retracted item claims nothing any more.
        for cite in dict.fromkeys(shape.cites) if not shape.retracted else ():
            owner = owners.get(cite.fact_id)
            if owner and _sees(shape, owner):
                found += _withdrawn(shape, cite) if owner.retracted else _leak(shape, cite, owner.known_on)
            elif owner or _source(cite.fact_id) not in unread(audience):
                found.append(_nowhere(shape, "cites", cite.fact_id, cite.line, shapes))
        for relation in shape.relations if not shape.retracted else ():
            other = relation.other_id
            owner = owners.get(other)
            if owner and _sees(shape, owner):
                found += _relation(shape, relation, owner.known_on)
            elif owner or (unread(audience) | waits(audience)).isdisjoint((other, _source(other))):
                found.append(_nowhere(shape, relation.kind, other, relation.line, shapes))
    return found + _circles(shapes, "supersedes") + _said_twice(shapes)


def pointing(words: Shape, shapes: Iterable[Shape]) -> list[Problem]:
    """What a vocabulary names and is not there for everyone, or no longer counts.

    Beside `across` and no part of what is settled: words hold back no source, and a name that points
    nowhere is told and stands, as a relation does.
    """
    shapes = [shape for shape in shapes if shape.kind == "source" and _sees(words, shape)]
    owners = {fact: shape for shape in shapes for fact in shape.facts}
    unread = _unread(shapes)
    found: list[Problem] = []
    for cite in dict.fromkeys(words.cites):
        owner, source = owners.get(cite.fact_id), _source(cite.fact_id)
        if owner and owner.retracted:
            what = f"names {cite.fact_id}, whose source is retracted"
            found.append(Problem(words.path, cite.line, what, "name another fact, or take it out"))
        elif not owner and source not in unread:
            found.append(_nowhere(words, "names", cite.fact_id, cite.line, shapes).problem)
        if len(found) == MOST_NAMED:
            break
    return found


def _may_move(path: str, first: str, stand: Mapping[str, Shape], earlier: Mapping[str, Shape]) -> bool:
    """Whether a file may give way for the sake of the first: what is not its server's own never does."""
    own = stand[first].audience
    versions = [shapes[path].audience for shapes in (stand, earlier) if path in shapes]
    return path == first or own == EVERYONE or {*versions} <= {own}


def _sees(shape: Shape, other: Shape) -> bool:
    """Whether what one item says may lean on another: what is for one server is for no other."""
    return other.audience in {EVERYONE, shape.audience}


def _withdrawn(shape: Shape, cite: Cite) -> list[Wrong]:
    source = _source(cite.fact_id)
    problem = Problem(
        shape.path,
        cite.line,
        f"cites {cite.fact_id}, whose source is retracted",
        "cite another source, or take the sentence out",
    )
    return [Wrong(problem, (source,), cite.fact_id)]


def _unread(shapes: Iterable[Shape]) -> set[str]:
    """The sources of which nothing can be read: they may have any fact."""
    return {shape.id for shape in shapes if shape.kind == "source" and not shape.facts}


def _awaited(shapes: list[Shape]) -> set[str]:
    """What may come with these."""
    return _unread(shapes) | {fact for shape in shapes for fact in shape.facts}


def _by_audience(what: Callable[[list[Shape]], set[str]], shapes: list[Shape]) -> Callable[[str], set[str]]:
    """The same of what an audience sees, worked out once for each."""
    found: dict[str, set[str]] = {}

    def of(audience: str) -> set[str]:
        if audience not in found:
            found[audience] = what([shape for shape in shapes if shape.audience in {EVERYONE, audience}])
        return found[audience]

    return of


def _retreat(
    stand: dict[str, Shape],
    earlier: dict[str, Shape],
    new: Collection[str],
    involved: Sequence[str],
    lacks: str,
) -> str:
    """Takes one step back from a problem of the first of the files involved, and returns whose step.

    The newest version that has a part in it gives way; where a fact is lacking, only to one that has
    it. Each step uses up what it goes back to, so that there is an end to them. A relation of what
    was loaded before is no cause to drop it: empty where no step is left but that.
    """
    first = involved[0]
    for path in involved:
        if path in earlier and (path == first or not lacks or _has(earlier[path], lacks, stand[first])):
            stand[path] = earlier.pop(path)
            return path
        if path in new and path in stand:
            del stand[path]
            return path
    if lacks and stand[first].kind == "source":
        return ""
    del stand[first]
    return first


def _has(source: Shape, fact: str, shape: Shape) -> bool:
    """Whether a source has a fact for this file."""
    return fact in source.facts and _sees(shape, source)


def _leak(shape: Shape, cite: Cite, known_on: date | None) -> list[Wrong]:
    if not known_on or not shape.known_on or known_on <= shape.known_on:
        return []
    what = (
        f"cites {cite.fact_id}, which was published by {spoken_day(known_on)},"
        f" after its as_of of {spoken_day(shape.known_on)}"
    )
    problem = Problem(shape.path, cite.line, what, "cite what was known then, or move as_of")
    return [Wrong(problem, (_source(cite.fact_id),))]


def _relation(shape: Shape, relation: Relation, known_on: date | None) -> list[Wrong]:
    other = relation.other_id
    if other == relation.fact_id:
        what = f"{relation.fact_id} {relation.kind} itself"
        return [Wrong(Problem(shape.path, relation.line, what, "name the other fact"), ())]
    if relation.kind == "supersedes" and known_on and shape.known_on and known_on > shape.known_on:
        what = f"supersedes {other}, which was published only later, by {spoken_day(known_on)}"
        problem = Problem(shape.path, relation.line, what, "let the later fact supersede the earlier")
        return [Wrong(problem, (_source(other),))]
    return []


def _nowhere(shape: Shape, verb: str, fact_id: str, line: int, shapes: list[Shape]) -> Wrong:
    source, _, slug = fact_id.partition("#")
    shapes = [other for other in shapes if other.kind == "source" and _sees(shape, other)]
    facts = next((other.facts for other in shapes if other.id == source), None)
    if facts is None:
        names = [other.id for other in shapes]
        what = f"{verb} {fact_id}, but there is no source {source}"
        near = nearest(source, names)
    else:
        what = f"{verb} {fact_id}, which does not exist"
        # By what comes behind the source, or every fact of it would be near.
        near = [f"{source}#{one}" for one in nearest(slug, [fact.partition("#")[2] for fact in facts])]
    mend = f"did you mean {near[0]}?" if near else "mend the id, or add the fact"
    return Wrong(Problem(shape.path, line, what, mend), (source,), fact_id)


def _circles(shapes: list[Shape], kind: str) -> list[Wrong]:
    """Facts that in the end overturn themselves, each circle told once."""
    edges: dict[str, list[tuple[str, tuple[Relation, Shape]]]] = {}
    for relation, shape in _between(shapes, kind):
        edges.setdefault(relation.fact_id, []).append((relation.other_id, (relation, shape)))
    found: list[Wrong] = []
    for ring, (relation, shape) in circles(edges):
        what = f"{' → '.join([*ring, ring[0]])} runs in a circle"
        problem = Problem(shape.path, relation.line, what, "keep only the later over the earlier")
        found.append(Wrong(problem, tuple(map(_source, ring))))
    return found


def _said_twice(shapes: list[Shape]) -> list[Wrong]:
    """Two facts that dispute each other from both sides: a circle of two."""
    pairs: set[tuple[str, str]] = set()
    found: list[Wrong] = []
    for relation, shape in _between(shapes, "disputes"):
        if (relation.other_id, relation.fact_id) in pairs:
            what = f"{relation.fact_id} and {relation.other_id} dispute each other in a circle"
            problem = Problem(shape.path, relation.line, what, "say it once, on the later of them")
            found.append(Wrong(problem, (_source(relation.other_id),)))
        pairs.add((relation.fact_id, relation.other_id))
    return found


def _between(shapes: Iterable[Shape], kind: str) -> Iterator[tuple[Relation, Shape]]:
    """The relations of a kind between two facts; not to those that are for others, which are not there."""
    shapes = list(shapes)
    sources = {shape.id: shape for shape in shapes if shape.kind == "source"}
    for shape in shapes:
        for relation in shape.relations:
            other = sources.get(_source(relation.other_id), shape)
            if relation.kind == kind and relation.fact_id != relation.other_id and _sees(shape, other):
                yield relation, shape


def _source(fact_id: str) -> str:
    return fact_id.partition("#")[0]
