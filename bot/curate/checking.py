"""Whether documents can be published: the checks that files get, all at once, against what stands."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.curate.document import MAX_TEXT, fields_of
from bot.load.check import across
from bot.load.fields import MAX_ID
from bot.load.note import parse
from bot.model import Briefing, Problem, Shape, Source


class Part(NamedTuple):
    """One document that is to be published."""

    kind: str  # "source" or "briefing"
    text: str
    base: int = 0  # the version it changes; 0: it is new


class Checked(NamedTuple):
    """What came of a document."""

    part: Part
    id: str  # as the text has it; empty where it has none
    item: Source | Briefing | None
    problems: tuple[Problem, ...]


def checked(parts: Sequence[Part], standing: Mapping[str, Shape]) -> tuple[Checked, ...]:
    """Checks documents together; `standing` is all that the story is made of, by any key.

    What is wrong between files counts where these documents bring it about.
    """
    read = [_read(part) for part in parts]
    shapes = {(shape.kind, shape.id): shape for shape in standing.values()}
    known = {wrong.problem for wrong in across(shapes.values())}
    new = dict(shapes)
    owners: dict[str, int] = {}
    for number, (one, shape) in enumerate(read):
        if shape is not None:
            new[one.part.kind, one.id] = shape
            owners[shape.path] = number
    found: dict[int, list[Problem]] = {}
    for wrong in across(new.values()):
        problem = wrong.problem
        if problem in known:
            continue
        if problem.path in owners:
            found.setdefault(owners[problem.path], []).append(problem)
        else:  # what stands would lean on nothing
            problem = problem._replace(what=f"then {problem.path} {problem.what}")
            found.setdefault(_cause(wrong.sources, read), []).append(problem)
    return tuple(
        one._replace(
            problems=(
                *one.problems,
                *(problem for problem in found.get(number, ()) if problem not in one.problems),
            ),
            item=None if found.get(number) else one.item,
        )
        for number, (one, _) in enumerate(read)
    )


def _cause(sources: Sequence[str], read: "Sequence[tuple[Checked, Shape | None]]") -> int:
    """Which of the documents a problem elsewhere comes from."""
    return next((number for number, (one, _) in enumerate(read) if one.id in sources), 0)


def _read(part: Part) -> tuple[Checked, Shape | None]:
    given = fields_of(part.text).text("id").strip()
    path = path_of(part.kind, given or "draft")
    if len(part.text) > MAX_TEXT:
        what = f"is {len(part.text):,} characters long, more than {MAX_TEXT:,}"
        problem = Problem(path, 1, what, "split it into several")
        return Checked(part, given, None, (problem,)), None
    note = parse(path, part.kind, part.text)
    fine = bool(given) and len(given) <= MAX_ID
    return Checked(part, given, note.item, note.problems), note.shape if fine else None


def path_of(kind: str, item: str) -> str:
    """What a document is called in its problems: as its file is."""
    name = "".join(character for character in item if character.isalnum() or character in "-_.")[:MAX_ID]
    return f"{'corpus' if kind == 'source' else 'briefings'}/{name or 'draft'}.md"
