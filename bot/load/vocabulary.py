"""The vocabulary file of a story → its words, or all its problems at once; and words → such a file."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from pydantic import ValidationError

from bot.load.circles import circles
from bot.load.fields import MAX_NAMES, MAX_WORD, POINTER, VocabularyFields, problems_of
from bot.load.frontmatter import Parsed, whole
from bot.model import Cite, Name, Problem, Shape, Vocabulary
from bot.nearest import nearest

FIELDS = "`names:`, `words:` or `narrower:`"
MOST_TOLD = 20
"""Circles, and guesses at what was meant: each of them takes a look at all names."""


class Words(NamedTuple):
    """What came of the file: a vocabulary, or problems; and in either case what it names elsewhere."""

    vocabulary: Vocabulary | None
    problems: tuple[Problem, ...]
    shape: Shape  # which cites the facts that introduce a name


class _Given(NamedTuple):
    """One entry of `names`, as far as it can be read."""

    name: str
    also: list[tuple[str, int]]  # with their lines, as the next one
    part_of: list[tuple[str, int]]
    line: int


def parse_words(path: str, text: str) -> Words:
    """Reads the text of a vocabulary file."""
    parsed = whole(path, text, FIELDS)
    problems = [*parsed.problems, *_name_problems(path, parsed), *_word_problems(path, parsed)]
    vocabulary: Vocabulary | None = None
    try:
        if parsed.values is not None:
            vocabulary = _vocabulary(VocabularyFields.model_validate(parsed.values))
    except ValidationError as error:
        problems += problems_of(error, path, parsed)
    return Words(None if problems else vocabulary, tuple(problems), _shape(path, parsed))


def text_of(words: Vocabulary) -> str:
    """A file that says just these words."""
    lines = ["names:" if words.names else "names: []"]
    for name in words.names:
        lines += [f"  - name: {_quoted(name.name)}", f"    kind: {name.kind}"]
        lines += [
            f"    {field}: {_quoted(values)}"
            for field in ("also", "part_of", "introduced")
            if (values := getattr(name, field))
        ]
    lines += ["words:", *(f"  - {_quoted(group)}" for group in words.words)] if words.words else []
    if words.narrower:
        lines += ["narrower:", *(f"  {_quoted(wide)}: {_quoted(narrow)}" for wide, narrow in words.narrower)]
    return "\n".join([*lines, ""])


def _quoted(value: object) -> str:
    # JSON is YAML, and leaves nothing to guess.
    return json.dumps(value, ensure_ascii=False)


def _vocabulary(fields: VocabularyFields) -> Vocabulary:
    return Vocabulary(
        tuple(
            Name(one.name, one.kind, tuple(one.also), tuple(one.part_of), tuple(one.introduced))
            for one in fields.names
        ),
        tuple(map(tuple, fields.words)),
        tuple((wide, tuple(narrow)) for wide, narrow in fields.narrower.items()),
    )


def _shape(path: str, parsed: Parsed) -> Shape:
    cites = [
        Cite(fact, parsed.line(["names", number, "introduced", place]))
        for number, entry in _entries(parsed)
        for place, fact in _texts(entry.get("introduced"))
        if POINTER.fullmatch(fact)
    ]
    return Shape(path, "vocabulary", "vocabulary", None, cites=tuple(cites))


# ── what no single field shows ──────────────────────────────────────────────────────────


def _name_problems(path: str, parsed: Parsed) -> list[Problem]:
    """Of names: asked of the plain values, so that it is told beside wrong fields."""
    given = [_given(number, entry, parsed) for number, entry in _entries(parsed)]
    if len(given) > MAX_NAMES:  # told as that, and too many to be held against each other
        return []
    circles = islice(_circles(path, given), MOST_TOLD)
    return [*_ambiguous(path, given), *_unknown(path, given), *circles]


def _given(number: int, entry: dict[str, object], parsed: Parsed) -> _Given:
    also, part_of = (
        [(text, parsed.line(["names", number, field, place])) for place, text in _texts(entry.get(field))]
        for field in ("also", "part_of")
    )
    name = entry.get("name")
    return _Given(
        name.strip() if isinstance(name, str) else "", also, part_of, parsed.line(["names", number, "name"])
    )


def _ambiguous(path: str, given: list[_Given]) -> Iterator[Problem]:
    """What means two names, or is said twice of one."""
    first: dict[str, tuple[_Given, int]] = {}
    for one in given:
        for text, line in [(one.name, one.line), *one.also]:
            key = _spelled(text)
            if not key:
                continue  # told elsewhere
            if key not in first:
                first[key] = one, line
                continue
            whose, where = first[key]
            if whose is one or key == _spelled(one.name) == _spelled(whose.name):
                yield _twice(path, text, line, where)
            else:
                what = f"{text[:MAX_WORD]!r} also means {whose.name[:MAX_WORD]!r}, in line {where}"
                yield Problem(path, line, what, "leave it with the one that it means alone, or take both out")


def _unknown(path: str, given: list[_Given]) -> Iterator[Problem]:
    """What a name is said to be part of and is none itself."""
    names = {one.name: None for one in given}
    guesses = MOST_TOLD
    for one in given:
        for text, line in one.part_of:
            other = text.strip()
            if not other or other in names:
                continue
            guesses -= 1
            near = nearest(other[:MAX_WORD], names) if guesses >= 0 else []
            mend = f"did you mean {near[0][:MAX_WORD]!r}?" if near else "add it as a name, or take it out"
            yield Problem(path, line, f"part_of: there is no name {other[:MAX_WORD]!r}", mend)


def _circles(path: str, given: list[_Given]) -> Iterator[Problem]:
    """Names that in the end are part of themselves, each circle told once."""
    edges: dict[str, list[tuple[str, int]]] = {}
    for one in given:
        if one.name:
            edges.setdefault(one.name, []).extend((text.strip(), line) for text, line in one.part_of)
    for ring, line in circles(edges):
        yield Problem(path, line, f"part_of runs in a circle: {_ring(ring)}", "take one step out")


def _ring(names: list[str]) -> str:
    shown = [repr(name[:MAX_WORD]) for name in names]
    return " → ".join([*(shown if len(shown) < 6 else [*shown[:2], "…", *shown[-2:]]), shown[0]])


def _word_problems(path: str, parsed: Parsed) -> Iterator[Problem]:
    """Of words: what stands twice in one group, and what is to be narrower than itself."""
    values = parsed.values or {}
    groups, narrower = values.get("words"), values.get("narrower")
    for number, group in enumerate(groups if isinstance(groups, list) else ()):
        yield from _repeated(path, parsed, ("words", number), _texts(group), {})
    wide: dict[str, int] = {}
    for word, group in narrower.items() if isinstance(narrower, dict) else ():
        line = parsed.line(["narrower", word])
        if (key := _spelled(word)) in wide:
            yield _twice(path, word, line, wide[key])
        wide.setdefault(key, line)
        yield from _repeated(path, parsed, ("narrower", word), _texts(group), {key: line})


def _repeated(
    path: str,
    parsed: Parsed,
    where: tuple[str | int, ...],
    words: list[tuple[int, str]],
    first: dict[str, int],
) -> Iterator[Problem]:
    for place, text in words:
        line = parsed.line([*where, place])
        if (key := _spelled(text)) in first:
            yield _twice(path, text, line, first[key])
        elif key:
            first[key] = line


def _twice(path: str, text: str, line: int, first: int) -> Problem:
    return Problem(path, line, f"{text[:MAX_WORD]!r} stands twice, first in line {first}", "say it once")


def _spelled(text: str) -> str:
    """What tells one spelling from another: not capitals, blanks or the form of an apostrophe."""
    return " ".join(text.replace("’", "'").casefold().split())


def _entries(parsed: Parsed) -> Iterator[tuple[int, dict[str, object]]]:
    """The entries of `names` that have fields; that others have none is told elsewhere."""
    names = (parsed.values or {}).get("names")
    for number, entry in enumerate(names if isinstance(names, list) else ()):
        if isinstance(entry, dict):
            yield number, entry


def _texts(values: object) -> list[tuple[int, str]]:
    """The texts in a list, with their places; that others are none is told elsewhere."""
    entries = enumerate(values) if isinstance(values, list) else ()
    return [(place, text) for place, text in entries if isinstance(text, str)]
