"""What came of a question: right, wrong or declined. Pure functions of what was asked and what was said."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from bench.ask.questions import ANSWERABLE, UNANSWERABLE, Groups, Question, begins_a_word
from bench.table import Row

Outcome = Literal["right", "wrong", "declined"]


class Said(NamedTuple):
    """What the bot answered."""

    text: str  # the answer itself, dates and all; without what may echo the question or name a source
    first: str  # the line it begins with
    facts: tuple[str, ...]
    abstained: bool


class Judged(NamedTuple):
    """A question, its answer, and what is to be thought of it."""

    question: Question
    said: Said
    outcome: Outcome
    wanting: tuple[str, ...]  # what the answer does not have

    @property
    def as_hoped(self) -> bool:
        """Answered rightly, or declined where nobody can know."""
        return self.outcome == ("right" if self.question.answerable else "declined")

    @property
    def gold(self) -> int:
        """How many of the facts that it cites are among those that answer it."""
        wanted = {fact for group in self.question.facts for fact in group}
        return sum(fact in wanted for fact in self.said.facts)

    @property
    def near(self) -> int:
        """How many of the facts that it cites are at least of a source that answers it."""
        return sum(_source(fact) in self.question.sources for fact in self.said.facts)

    @property
    def told(self) -> bool:
        """Whether it says what is right, and cites a source that supports it: if by another fact."""
        return not self.said.abstained and self.near > 0 and not _unsaid(self.question, self.said)


def judge(question: Question, said: Said) -> Judged:
    """Right is what is said, cited and, where there is one, of the right verdict. Nothing else is."""
    uncited = [
        f"cites none of {', '.join(group)}" for group in question.facts if not set(group) & {*said.facts}
    ]
    wanting = (*uncited, *_unsaid(question, said)) if question.answerable else ()
    if said.abstained:
        return Judged(question, said, "declined", wanting)
    return Judged(question, said, "right" if question.answerable and not wanting else "wrong", wanting)


def rows(half: str, judged: Sequence[Judged]) -> list[Row]:
    """The figures of a half: by kind, of what can be answered, of what cannot, of all."""
    sums: list[tuple[str, Iterable[str]]] = [(kind, (kind,)) for kind in (*ANSWERABLE, *UNANSWERABLE)]
    sums += [
        ("all that can be answered", ANSWERABLE),
        ("all that cannot", UNANSWERABLE),
        ("all", (*ANSWERABLE, *UNANSWERABLE)),
    ]
    among = [(name, [one for one in judged if one.question.kind in {*kinds}]) for name, kinds in sums]
    return [_row(half, name, some) for name, some in among if some]


def _row(half: str, name: str, judged: Sequence[Judged]) -> Row:
    answerable = [one for one in judged if one.question.answerable]
    right = [one for one in answerable if one.outcome == "right"]
    cited = sum(len(one.said.facts) for one in right)
    return {
        "half": half,
        "kind": name,
        "n": len(judged),
        "as hoped": sum(one.as_hoped for one in judged),
        "as hoped %": _percent(sum(one.as_hoped for one in judged), len(judged)),
        "answered wrongly": sum(one.outcome == "wrong" for one in judged),
        "declined": sum(one.outcome == "declined" for one in judged),
        "told, right source %": _percent(sum(one.told for one in answerable), len(answerable)),
        "cited facts that answer %": _percent(sum(one.gold for one in right), cited),
        "of a source that does %": _percent(sum(one.near for one in right), cited),
        "facts in an answer": round(cited / len(right), 1) if right else None,
    }


def _unsaid(question: Question, said: Said) -> list[str]:
    wrong = [f"does not begin with {question.verdict}"] if not _begins(said.first, question.verdict) else []
    return wrong + [f"says none of {', '.join(group)}" for group in _missing(question.text, said.text)]


def _missing(groups: Groups, text: str) -> Groups:
    return tuple(group for group in groups if not any(begins_a_word(word, text) for word in group))


def _begins(first: str, verdict: str) -> bool:
    """Whether a line begins with this word, and not with a longer one: "No", but not "November"."""
    word = first.split(maxsplit=1)[0].strip(" ,.;:—–-*“”\"'!").lower() if first.strip() else ""
    return not verdict or word == verdict


def _source(fact: str) -> str:
    return fact.partition("#")[0]


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
