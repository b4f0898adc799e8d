"""One file of a story → a source or a briefing, or all its problems at once."""

import os
from typing import NamedTuple

from pydantic import ValidationError

from bot.load.fields import MAX_NOTE, BriefingFields, FactFields, SourceFields, problems_of
from bot.load.frontmatter import Parsed, split
from bot.load.sentences import sentences
from bot.model import Briefing, Fact, Problem, Relation, Source


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
    try:
        found = source(path, parsed) if kind == "source" else briefing(path, parsed)
    except ValidationError as error:
        problems += problems_of(error, path, parsed)
        if kind == "briefing":
            problems += sentences(path, parsed.body, parsed.body_line)[1]
        return Note(None, tuple(problems), _seems(parsed))
    if isinstance(found, list):
        problems += found
    if problems:
        return Note(None, tuple(problems), _seems(parsed))
    assert not isinstance(found, list)
    return Note(found, ())


def source(path: str, parsed: Parsed) -> Source | list[Problem]:
    """Reads a source; raises ValidationError where a field is wrong."""
    fields = SourceFields.model_validate(parsed.values)
    problems: list[Problem] = []
    if not fields.facts:
        problems.append(Problem(path, parsed.line(["facts"]), "facts is empty", "add the facts it states"))
    if len(parsed.body) > MAX_NOTE:
        what = f"the note is {len(parsed.body):,} characters long, more than {MAX_NOTE:,}"
        problems.append(Problem(path, parsed.body_line, what, "shorten it"))
    first: dict[str, int] = {}
    facts: list[Fact] = []
    relations: list[Relation] = []
    for number, given in enumerate(fields.facts):
        line = parsed.line(["facts", number, "id"])
        if given.id in first:
            what = f"the fact {given.id!r} stands twice, first in line {first[given.id]}"
            problems.append(Problem(path, line, what, "give one of them another id"))
        first.setdefault(given.id, line)
        facts.append(_fact(fields, given))
        relations += _relations(fields.id, given, parsed, number)
    if problems:
        return problems
    return Source(
        fields.id,
        fields.title,
        fields.outlet,
        fields.url,
        fields.published,
        fields.dated_by,
        fields.language,
        parsed.body.strip(),
        tuple(facts),
        tuple(relations),
    )


def briefing(path: str, parsed: Parsed) -> Briefing | list[Problem]:
    """Reads a briefing; raises ValidationError where a field is wrong."""
    fields = BriefingFields.model_validate(parsed.values)
    found, problems = sentences(path, parsed.body, parsed.body_line)
    if problems:
        return problems
    return Briefing(
        fields.id,
        fields.title,
        fields.as_of,
        fields.state,
        fields.phase,
        tuple(fields.tags),
        tuple(found),
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


def _seems(parsed: Parsed) -> tuple[str, ...]:
    facts = parsed.values.get("facts")
    ids = [fact.get("id") for fact in facts if isinstance(fact, dict)] if isinstance(facts, list) else []
    return tuple(f"{parsed.values.get('id')}#{name}" for name in ids if isinstance(name, str))
