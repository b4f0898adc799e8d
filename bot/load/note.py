"""One file of a story → a source or a briefing, or all its problems at once."""

import os
from collections.abc import Iterable
from typing import NamedTuple

from pydantic import ValidationError

from bot.load.fields import MAX_NOTE, BriefingFields, FactFields, SourceFields, problems_of
from bot.load.frontmatter import Parsed, split
from bot.load.sentences import sentences
from bot.model import Briefing, Fact, Problem, Relation, Sentence, Source


class Note(NamedTuple):
    """What came of one file: an item, or problems and the fact ids it seems to mean to have."""

    item: Source | Briefing | None
    problems: tuple[Problem, ...]
    seems: tuple[str, ...] = ()  # so that one mistake in a source is not one in all that cite it


def parse(path: str, kind: str, text: str) -> Note:
    """Reads the text of a file that stands in the folder of sources, or of briefings."""
    parsed = split(path, text)
    if isinstance(parsed, list):
        return Note(None, tuple(parsed))
    problems = _name_problems(path, parsed)
    item: Source | Briefing | None = None
    try:
        if kind == "source":
            problems += _source_problems(path, parsed)
            item = _source(parsed)
        else:
            told, wrong = sentences(path, parsed.body, parsed.body_line)
            problems += wrong
            item = _briefing(parsed, told)
    except ValidationError as error:
        problems += problems_of(error, path, parsed)
    return Note(None, tuple(problems), _seems(parsed)) if problems else Note(item, ())


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
    )


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
        for kind, others in (("supersedes", given.supersedes), ("disputes", given.disputes))
        for place, other in enumerate(others)
    ]


def _name_problems(path: str, parsed: Parsed) -> list[Problem]:
    name = os.path.basename(path).removesuffix(".md")
    given = parsed.values.get("id")
    if given is None or given == name:
        return []
    what = f"the id {str(given)[:80]!r} is not the name of the file"
    return [Problem(path, parsed.line(["id"]), what, f"write `id: {name}`, or rename the file")]


def _source_problems(path: str, parsed: Parsed) -> list[Problem]:
    """What no single field shows; asked of the plain values, so that it is told beside wrong fields."""
    problems: list[Problem] = []
    facts = parsed.values.get("facts")
    if facts == []:
        problems.append(Problem(path, parsed.line(["facts"]), "facts is empty", "add the facts it states"))
    if len(parsed.body) > MAX_NOTE:
        what = f"the note is {len(parsed.body):,} characters long, more than {MAX_NOTE:,}"
        problems.append(Problem(path, parsed.body_line, what, "shorten it"))
    ids = [(fact.get("id"), parsed.line(["facts", number, "id"])) for number, fact in _fields(facts)]
    problems += _twice(path, "the fact", ids, "give one of them another id")
    for number, fact in _fields(facts):
        for kind in ("supersedes", "disputes"):
            others = [
                (other.get("fact"), parsed.line(["facts", number, kind, place]))
                for place, other in _fields(fact.get(kind))
            ]
            problems += _twice(path, f"under {kind} the fact", others, "say it once")
    return problems


def _twice(path: str, noun: str, given: Iterable[tuple[object, int]], todo: str) -> list[Problem]:
    first: dict[str, int] = {}
    problems: list[Problem] = []
    for name, line in given:
        if isinstance(name, str) and name in first:
            what = f"{noun} {name[:80]!r} stands twice, first in line {first[name]}"
            problems.append(Problem(path, line, what, todo))
        elif isinstance(name, str):
            first[name] = line
    return problems


def _fields(values: object) -> list[tuple[int, dict[str, object]]]:
    """The entries of a list that have fields, with their places; that others have none is told elsewhere."""
    entries = enumerate(values) if isinstance(values, list) else ()
    return [(place, entry) for place, entry in entries if isinstance(entry, dict)]


def _seems(parsed: Parsed) -> tuple[str, ...]:
    ids = [fact.get("id") for _, fact in _fields(parsed.values.get("facts"))]
    return tuple(f"{parsed.values.get('id')}#{name}" for name in ids if isinstance(name, str))
