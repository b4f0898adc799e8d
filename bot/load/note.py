"""One file of a story → a source or a briefing, or all its problems at once."""

import os
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from pydantic import ValidationError

from bot.edtf import parse_edtf
from bot.load.fields import (
    MAX_ID,
    MAX_NOTE,
    POINTER,
    BriefingFields,
    CorrectionFields,
    FactFields,
    RetractionFields,
    SourceFields,
    problems_of,
)
from bot.load.frontmatter import UNSEEN, Parsed, split
from bot.load.sentences import Body, read_body
from bot.model import (
    EVERYONE,
    Briefing,
    Correction,
    EarlierFact,
    Fact,
    Problem,
    Relation,
    Retraction,
    Sentence,
    Shape,
    Source,
)

RELATIONS = ("supersedes", "disputes")


class Note(NamedTuple):
    """What came of one file: an item, or problems; and in either case its shape."""

    item: Source | Briefing | None
    problems: tuple[Problem, ...]
    # Of a broken file as far as it can be read: so one mistake in a source is not one in all that
    # cite it, and a mistake within a file does not hide those between files.
    shape: Shape


def parse(path: str, kind: str, text: str) -> Note:
    """Reads the text of a file that stands in the folder of sources, or of briefings."""
    parsed = split(path, text)
    if isinstance(parsed, Problem):
        return unread(path, kind, parsed)
    if kind == "source":
        problems = _source_problems(path, parsed)
        body, shape = Body([], [], []), _source_shape(path, parsed)
    else:
        body = read_body(path, parsed.body, parsed.body_line)
        problems, shape = body.problems, _briefing_shape(path, parsed, body)
    problems = [*parsed.problems, *_name_problems(path, parsed), *problems]
    item: Source | Briefing | None = None
    try:
        if parsed.values is not None:
            item = _source(parsed) if kind == "source" else _briefing(parsed, body.sentences)
    except ValidationError as error:
        problems += problems_of(error, path, parsed)
    return Note(None if problems else item, tuple(problems), shape)


def unread(path: str, kind: str, problem: Problem) -> Note:
    """A file of which nothing can be read."""
    return Note(None, (problem,), Shape(path, kind, _name(path), None))


def _source_shape(path: str, parsed: Parsed) -> Shape:
    name = _name(path)
    facts = _fields(_given(parsed, "facts"))
    relations = [
        Relation(f"{name}#{fact.get('id')}", kind, other, "", parsed.line(["facts", number, kind, place]))
        for number, fact in facts
        for kind in RELATIONS
        for place, given in _fields(fact.get(kind))
        if isinstance(other := given.get("fact"), str)
        and POINTER.fullmatch(other)
        and len(other) <= 2 * MAX_ID + 1
    ]
    ids = [f"{name}#{one}" for _, fact in facts if isinstance(one := fact.get("id"), str)]
    known_on = _known_on(_given(parsed, "published"))
    return Shape(path, "source", name, known_on, tuple(ids), tuple(relations), (), *_kept(parsed))


def _briefing_shape(path: str, parsed: Parsed, body: Body) -> Shape:
    known_on = _known_on(_given(parsed, "as_of"))
    return Shape(path, "briefing", _name(path), known_on, (), (), tuple(body.cites), *_kept(parsed))


def _kept(parsed: Parsed) -> tuple[str, bool]:
    """For whom it is, and whether it is retracted."""
    audience = _given(parsed, "audience")
    return audience if isinstance(audience, str) else EVERYONE, _given(parsed, "retracted") is not None


def _known_on(given: object) -> date | None:
    try:
        return parse_edtf(given).last if isinstance(given, str) else None
    except ValueError:
        return None


def _source(parsed: Parsed) -> Source:
    fields = SourceFields.model_validate(parsed.values)
    relations: list[Relation] = []
    for number, given in enumerate(fields.facts):
        relations += _relations(fields.id, given, parsed, number)
    return Source(
        fields.id,
        fields.title,
        fields.outlet,
        fields.url,
        fields.published,
        fields.dated_by,
        fields.language,
        parsed.body.strip(),
        tuple(_fact(fields, given) for given in fields.facts),
        tuple(relations),
        fields.audience,
        tuple(_correction(fields.id, given) for given in fields.corrections),
        _retraction(fields.retracted),
    )


def _briefing(parsed: Parsed, told: list[Sentence]) -> Briefing:
    fields = BriefingFields.model_validate(parsed.values)
    return Briefing(
        fields.id,
        fields.title,
        fields.as_of,
        fields.state,
        fields.phase,
        tuple(fields.tags),
        tuple(told),
        parsed.body.strip(),
        fields.audience,
        tuple(_correction(fields.id, given) for given in fields.corrections),
        _retraction(fields.retracted),
    )


def _correction(item: str, given: CorrectionFields) -> Correction:
    assert given.on.first
    body = given.body.strip()
    # Its words stood once, under the checks of that time: what they cite may be gone by now.
    told = tuple(read_body(item, body, 1).sentences) if body else ()
    facts = tuple(EarlierFact(f"{item}#{one.id}", one.date, one.says, one.speaker) for one in given.facts)
    return Correction(given.on.first, given.was, given.title, given.state, body, told, facts)


def _retraction(given: RetractionFields | None) -> Retraction | None:
    return Retraction(given.on.first, given.because) if given and given.on.first else None


def _fact(source: SourceFields, given: FactFields) -> Fact:
    return Fact(
        f"{source.id}#{given.id}",
        source.id,
        given.date,
        given.says,
        given.speaker,
        given.kind,
        tuple(dict.fromkeys(given.tags)),
        source.published.known_from,
    )


def _relations(source_id: str, given: FactFields, parsed: Parsed, number: int) -> list[Relation]:
    return [
        Relation(
            f"{source_id}#{given.id}",
            kind,
            other.fact,
            other.because,
            parsed.line(["facts", number, kind, place]),
        )
        for kind, others in zip(RELATIONS, (given.supersedes, given.disputes), strict=True)
        for place, other in enumerate(others)
    ]


def _name_problems(path: str, parsed: Parsed) -> list[Problem]:
    name, given = _name(path), _given(parsed, "id")
    if given is None or given == name:
        return []
    what = f"the id {str(given)[:80]!r} is not the name of the file"
    return [Problem(path, parsed.line(["id"]), what, f"write `id: {name}`, or rename the file")]


def _source_problems(path: str, parsed: Parsed) -> list[Problem]:
    """What no single field shows; asked of the plain values, so that it is told beside wrong fields."""
    problems: list[Problem] = []
    facts = _given(parsed, "facts")
    if facts == []:
        problems.append(Problem(path, parsed.line(["facts"]), "facts is empty", "add the facts it states"))
    if len(parsed.body) > MAX_NOTE:
        what = f"the note is {len(parsed.body):,} characters long, more than {MAX_NOTE:,}"
        problems.append(Problem(path, parsed.body_line, what, "shorten it"))
    problems += [
        Problem(path, number, "has characters that cannot be seen", "type the line anew")
        for number, line in enumerate(parsed.body.split("\n"), parsed.body_line)
        if UNSEEN.search(line)
    ]
    ids = [(fact.get("id"), parsed.line(["facts", number, "id"])) for number, fact in _fields(facts)]
    problems += _twice(path, "the fact", ids, "give one of them another id")
    for number, fact in _fields(facts):
        for kind in RELATIONS:
            others = [
                (other.get("fact"), parsed.line(["facts", number, kind, place]))
                for place, other in _fields(fact.get(kind))
            ]
            problems += _twice(path, f"under {kind} the fact", others, "say it once")
    return problems


def _twice(path: str, noun: str, given: Iterable[tuple[object, int]], mend: str) -> list[Problem]:
    first: dict[str, int] = {}
    problems: list[Problem] = []
    for name, line in given:
        if isinstance(name, str) and name in first:
            what = f"{noun} {name[:80]!r} stands twice, first in line {first[name]}"
            problems.append(Problem(path, line, what, mend))
        elif isinstance(name, str):
            first[name] = line
    return problems


def _fields(values: object) -> list[tuple[int, dict[str, object]]]:
    """The entries of a list that have fields, with their places; that others have none is told elsewhere."""
    entries = enumerate(values) if isinstance(values, list) else ()
    return [(place, entry) for place, entry in entries if isinstance(entry, dict)]


def _given(parsed: Parsed, field: str) -> object:
    return (parsed.values or {}).get(field)


def _name(path: str) -> str:
    return os.path.basename(path).removesuffix(".md")
