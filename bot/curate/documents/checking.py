"""Whether documents can be published: the checks that files get, all at once, against what stands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.curate.documents.document import MAX_TEXT, fields_of
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


class Verdict(NamedTuple):
    """What came of documents that are checked together."""

    parts: tuple[Checked, ...]
    elsewhere: tuple[Problem, ...]  # of what stands: it would lean on nothing

    @property
    def fine(self) -> bool:
        """Whether they can be published."""
        return not self.elsewhere and not any(one.problems for one in self.parts)


def checked(
    parts: Sequence[Part], standing: Mapping[str, Shape], gone: Iterable[tuple[str, str]] = ()
) -> Verdict:
    """Checks documents together; `standing` is all that the story is made of, `gone` what is taken away.

    What is wrong between files counts where these documents bring it about.
    """
    read = [_read(part) for part in parts]
    shapes = {(shape.kind, shape.id): shape for shape in standing.values()}
    known = {wrong.problem for wrong in across(shapes.values())}
    new = {name: shape for name, shape in shapes.items() if name not in set(gone)}
    new |= {(shape.kind, shape.id): shape for _, shape in read if shape is not None}
    between = [wrong.problem for wrong in across(new.values()) if wrong.problem not in known]
    paths = {shape.path for _, shape in read if shape is not None}
    return Verdict(
        tuple(_with(one, [problem for problem in between if shape and problem.path == shape.path])
              for one, shape in read),
        tuple(problem for problem in between if problem.path not in paths),
    )  # fmt: skip


def _with(one: Checked, more: Sequence[Problem]) -> Checked:
    problems = dict.fromkeys((*one.problems, *more))
    return one._replace(problems=tuple(problems), item=None if problems else one.item)


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
