"""Whether documents can be published: the checks that files get, all at once, against what stands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.curate.documents.document import MAX_TEXT, fields_of
from bot.load.check import Wrong, across
from bot.load.fields import MAX_ID
from bot.load.note import parse
from bot.model import EVERYONE, Briefing, Problem, Shape, Source

Name = tuple[str, str]  # kind and id


class Part(NamedTuple):
    """One document that is to be published."""

    kind: str  # "source" or "briefing"
    text: str
    base: int = 0  # the version it changes; 0: it is new
    item: str = ""  # the id of what it changes


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
    held_out: tuple[Name, ...] = ()  # what is for one server and would; it gives way when they are published

    @property
    def fine(self) -> bool:
        """Whether they can be published."""
        return not self.elsewhere and not any(one.problems for one in self.parts)


def checked(parts: Sequence[Part], standing: Mapping[str, Shape], gone: Iterable[Name] = ()) -> Verdict:
    """Checks documents together; `standing` is all that the story is made of, `gone` what is taken away.

    What is wrong between files counts where these documents bring it about. What is for one server never
    stands against what is for everyone, or for another: it is held out.
    """
    read = [_read(part) for part in parts]
    shapes = {(shape.kind, shape.id): shape for shape in standing.values()}
    put = {(shape.kind, shape.id): shape for _, shape in read if shape is not None}
    away = {*gone} - {*put}
    known = {wrong.problem for wrong in across(shapes.values())}
    new = {**{name: shape for name, shape in shapes.items() if name not in away}, **put}
    # For whom each of them is, before and after.
    whose = {
        name: {version.audience for version in (shapes.get(name), put.get(name)) if version}
        for name in (*put, *away)
    }
    held_out: list[Name] = []
    while True:
        between = [wrong for wrong in across(new.values()) if wrong.problem not in known]
        others = {shape.path: (name, shape) for name, shape in new.items() if name not in put}
        apart = {wrong: others[wrong.problem.path] for wrong in between if _is_apart(wrong, others, whose)}
        # A relation that points nowhere only waits, as it does with files.
        more = {name for wrong, (name, shape) in apart.items() if not wrong.lacks or shape.kind == "briefing"}
        if not more:
            break
        # Once again without them: what leans on what is held out is held out with it.
        held_out += sorted(more)
        new = {name: shape for name, shape in new.items() if name not in more}
    problems = [wrong.problem for wrong in between if wrong not in apart]
    return Verdict(
        tuple(_with(one, [problem for problem in problems if shape and problem.path == shape.path])
              for one, shape in read),
        tuple(problem for problem in problems if problem.path in others),
        tuple(held_out),
    )  # fmt: skip


def _is_apart(wrong: Wrong, others: Mapping[str, tuple[Name, Shape]], whose: Mapping[Name, set[str]]) -> bool:
    """Whether it is one server's document, not changed itself, that leans on nothing of its own that was."""
    _, shape = others.get(wrong.problem.path, (None, None))
    if shape is None or shape.audience == EVERYONE:
        return False
    return {shape.audience} not in [whose.get(("source", source)) for source in wrong.sources]


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
