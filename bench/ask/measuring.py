"""The benchmark `ask`: how many questions are answered rightly, by kind."""

from collections.abc import Sequence

from bench.ask.asking import ask_all, the_desk
from bench.ask.questions import HALVES, read
from bench.ask.score import Judged, rows
from bench.table import Result


def run(*, quick: bool = False) -> Result:  # noqa: ARG001  (it is quick)
    """Measures both halves."""
    return result({half: asked(half) for half in HALVES})


def asked(half: str) -> list[Judged]:
    """Asks the questions of one half."""
    with the_desk() as desk:
        return ask_all(desk, read(half))


def result(judged: dict[str, list[Judged]]) -> Result:
    """What one run found; a run of one half has a file of its own."""
    name = "ask" if len(judged) > 1 else f"ask-{''.join(judged)}"
    found = [row for half, some in judged.items() for row in rows(half, some)]
    return Result(name, "Questions answered; right is what is said, and cites what says so", found)


def failures(judged: Sequence[Judged], most: int) -> str:
    """Each question that went wrong: what was expected, what was said. The worst first, so many."""
    bad = sorted((one for one in judged if not one.as_hoped), key=_badness)
    return "\n\n".join(_told(one) for one in bad[:most])


def _badness(one: Judged) -> tuple[int, int]:
    """A wrong answer is worse than none, and the more is wanting the worse."""
    return (one.outcome != "wrong", -len(one.wanting))


def _told(one: Judged) -> str:
    question = one.question
    after = [f"  after:    {question.after}"] if question.after else []
    lines = [
        f"[{question.kind}] {question.ask}",
        *after,
        f"  expected: {question.answer}",
        f"  {one.outcome}:".ljust(12) + "\n            ".join(one.said.text.split("\n")),
        *(f"  wanting:  {what}" for what in one.wanting),
        f"  cites:    {', '.join(one.said.facts) or 'nothing'}",
    ]
    return "\n".join(lines)
