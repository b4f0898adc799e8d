"""What asks for a time alone: "what did I miss since March?", "what was known on 5 March?"."""

from bot.answer.asking.reading.question import Question
from bot.answer.asking.reading.times import Time
from bot.answer.since import since
from bot.answer.status import status
from bot.answer.timeline import timeline
from bot.command.entry import Ask
from bot.edtf import Edtf
from bot.model import Fact
from bot.reply import Action, Reply, Section
from bot.wording import fact_line, overturned_by

_MOST_LOOKED_AT, _MOST_TOLD = 200, 8  # facts of a time


def of_a_time(asked: Ask, question: Question) -> Reply | None:
    """What the command that is meant would answer; None where a question asks for more than a time."""
    if question.telling or question.leads_on or question.whether:
        return None
    if question.time:
        return _of_one(asked, question.time)
    if len(question.times) == 2:
        first, last = question.times
        return timeline(asked._replace(args={"from": _edtf(first), "to": _edtf(last)}))
    return status(asked._replace(args={})) if question.kind == "status" else None


def _of_one(asked: Ask, time: Time) -> Reply:
    """What happened in a time, or became known after it; else how things stood."""
    when = _edtf(time)
    if time.bound in {"since", "after"}:
        return since(asked._replace(args={"date": when}))
    if time.bound == "in":
        return _happened(asked, time) or timeline(asked._replace(args={"from": when, "to": when}))
    return status(asked._replace(args={"date": when}))


def _happened(asked: Ask, time: Time) -> Reply | None:
    """What happened, was said or planned within a time and not only about it; None where nothing was."""
    facts, _ = asked.shelf.timeline(time.first, time.last, None, None, _MOST_LOOKED_AT)
    within = [one for one in facts if _is_within(one, time)]
    if not within:
        return None
    over = overturned_by(asked.shelf, within)
    lines = tuple(fact_line(one, overturned=over.get(one.id, ())) for one in within[:_MOST_TOLD])
    left = len(within) - len(lines)
    return Reply(
        "ask",
        f"{asked.name}: {time.typed.strip(' ?.,')}",
        (Section("", lines),),
        notes=(f"And {left} more: see the timeline.",) if left else (),
        actions=(Action("Timeline", f"timeline {time.first} {time.last}"),),
        as_of=asked.shelf.horizon(None),
    )


def _is_within(fact: Fact, time: Time) -> bool:
    first, last = fact.date.first, fact.date.last
    return bool(first and last and time.first <= first and last <= time.last)


def _edtf(time: Time) -> Edtf:
    text = time.first.isoformat() if time.first == time.last else f"{time.first}/{time.last}"
    return Edtf(text, time.first, time.last)
