"""A draft as its author sees it: its problems with what to do, or just what readers will see."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.command.entry import Ask
from bot.command.record import DONE, record
from bot.command.request import find_command
from bot.curate.commands.forms import LABELS, given_in
from bot.curate.documents.checking import Checked, Verdict
from bot.curate.documents.document import fields_at
from bot.curate.documents.suggesting import fitting, uncited
from bot.curate.drafts.drafts import (
    NO_FACTS,
    Draft,
    amiss,
    check,
    conflicts,
    is_mine,
    item_of,
    items_of,
    seen_as,
)
from bot.curate.drafts.publishing import try_out
from bot.curate.drafts.rights import spoken
from bot.model import Problem
from bot.reply import Action, Line, Reply, Section, numbered
from bot.store.shelf import Shelf
from bot.wording import plural, references, said

MOST_PROBLEMS = 500  # over pages; nobody mends more at once
MOST_SENTENCES = 50  # for which facts are looked for
MOST_AT_ONCE = 5  # of them where a draft has just been written: meanwhile nobody else can write


class Suggested(NamedTuple):
    """The facts that fit sentences without a citation, as they were found before anything was written."""

    sections: tuple[Section, ...]


def shown(ask: Ask, draft: Draft, item: str = "", did: str = "") -> Reply:
    """A draft with what can be done with it; of several documents the one with this id, or the briefing.

    `did` is what has just been done to it: the audit has it, with what came of it.
    """
    state = draft.row.state
    if state in {"published", "discarded"}:
        return told(ask, f"Draft {draft.row.id} was {state} already.", Action("Drafts", "drafts"))
    found, against = check(ask, draft), conflicts(ask, draft)
    if did:
        wrong = amiss(found, against)
        outcome = f"kept, with {wrong}" if wrong else DONE
        record(ask, did, items_of(draft), after=draft.name, outcome=outcome, audience=draft.row.audience)
    if against or not found.fine:
        return _problems(ask, draft, found, against)
    return _preview(ask, draft, found, item)


def suggest(ask: Ask, draft: Draft) -> Suggested:
    """What `shown` suggests for a draft, found while others may write."""
    problems = [problem for one in check(ask, draft).parts for problem in one.problems]
    return Suggested(tuple(_suggested(ask, problems, MOST_SENTENCES)))


def told(ask: Ask, text: str, *actions: Action, title: str = "", wrong: bool = False) -> Reply:
    """A short word to whoever works on the story, line by line."""
    lines = tuple(Line(one) for one in text.splitlines())
    title = title or f"{ask.name}: newsroom"
    return Reply("newsroom", title, (Section("", lines),), actions=actions, private=True, abstained=wrong)


def _preview(ask: Ask, draft: Draft, verdict: Verdict, item: str) -> Reply:
    """What readers will see: it is published, looked at as by a reader, and taken back."""
    part = draft.part(item) or draft.part()
    assert part is not None
    connection = ask.shelf.connection
    connection.execute("SAVEPOINT preview")
    try:
        try_out(ask, draft, verdict)
        command = find_command(part.kind, ask.commands)
        assert command is not None
        shelf = Shelf(connection, ask.shelf.story, draft.row.audience)
        reply = command.handler(ask._replace(shelf=shelf, args={"id": item_of(part)}))
        reply = numbered(reply, references(shelf.sources(ids=reply.sources), reply.sources))
    finally:
        connection.execute("ROLLBACK TO preview")
        connection.execute("RELEASE preview")
    number, waits, mine = draft.row.id, draft.row.state == "waiting", is_mine(ask, draft)
    head = f"Draft {number}, for {spoken(ask, draft.row.audience)}: this is what readers will see."
    head += " It waits for a second person." if waits else " So far nobody else sees it."
    others = [item_of(one) for one in draft.parts if one is not part]
    publish = f"draft publish {number}" if mine else f"draft publish {number} {seen_as(draft)}"
    actions = [Action("Publish" if mine else "Approve", publish)]
    if mine:
        actions += [
            Action("Edit", f"draft edit {number} {item_of(part)}"),
            Action("Discard", f"draft discard {number}"),
        ]
    else:
        actions.append(Action("Send back", f"draft discard {number}"))
    go_on = " or ".join(f"{ask.call} {action.words}" for action in actions)
    notes = [head, *([f"With it comes {', '.join(others)}."] if others else []), *_note(draft)]
    notes.append(f"To go on: {go_on}.")
    if mine and part.kind == "source" and draft.row.act not in {"retract", "restore"}:
        actions.append(Action("Add a fact", f"draft fact {number}"))
    actions += [Action(f"See {other}", f"draft show {number} {other}") for other in others]
    return reply._replace(
        command="draft show",
        notes=(*notes, *reply.notes),
        actions=tuple(actions),
        private=True,
        alone=True,
        words=f"draft show {number} {item_of(part)}",
    )


def _note(draft: Draft) -> list[str]:
    row = draft.row
    if row.act == "correct":
        return (
            ["Quietly: no note, and no copy is changed."]
            if row.quiet
            else [f"What was wrong: {_ended(row.note)}"]
        )
    return [f"Why: {_ended(row.note)}"] if row.act == "retract" else []


def _ended(note: str) -> str:
    """A note as a sentence, which others stand behind."""
    return note if note.rstrip("”\"')").endswith((".", "!", "?", "…")) else f"{note.rstrip()}."


def _problems(ask: Ask, draft: Draft, found: Verdict, against: Sequence[str]) -> Reply:
    told = [(one, problem) for one in found.parts for problem in one.problems]
    begun = [one for one, problem in told if problem.what == NO_FACTS]
    problems = [problem for _, problem in told if problem.what != NO_FACTS]
    lines = [*map(Line, against), *(Line(leaning(problem)) for problem in found.elsewhere)]
    lines += [line for one in found.parts for line in _lines(ask, one, several=len(found.parts) > 1)]
    left = len(lines) - MOST_PROBLEMS
    lines = [*lines[:MOST_PROBLEMS], *([Line(f"And {plural(left, 'more problem')}.")] if left > 0 else [])]
    lines += [
        Line(f"{one.id or 'The note'} states no fact yet; add its facts one after another.") for one in begun
    ]
    ready = ask.prepared
    suggested = ready.sections if isinstance(ready, Suggested) else _suggested(ask, problems, MOST_AT_ONCE)
    sections = [Section("", tuple(lines)), *suggested]
    number, wrong = draft.row.id, len(problems) + len(against) + len(found.elsewhere)
    title = f"Draft {number}: {plural(wrong, 'problem')}" if wrong else f"Draft {number} has been begun"
    actions = [Action("Edit", f"draft edit {number}"), Action("Discard", f"draft discard {number}")]
    if any(one.part.kind == "source" for one in found.parts):
        actions.insert(0, Action("Add a fact", f"draft fact {number}"))
    note = f"It is kept. To go on: {ask.call} draft edit {number}, with the file or the text anew."
    return Reply(
        "draft show", title, tuple(sections), notes=(note,), actions=tuple(actions), abstained=bool(wrong),
        private=True, alone=True, words=f"draft show {number}",
    )  # fmt: skip


def leaning(problem: Problem) -> str:
    """That something which stands would lean on nothing."""
    return f"Then {problem.path} {problem.what}; change that one first."


def _lines(ask: Ask, one: Checked, *, several: bool) -> Iterator[Line]:
    """The problems of a document, each with where it is."""
    problems = [problem for problem in one.problems if problem.what != NO_FACTS]
    places = fields_at(one.part.text, (problem.line for problem in problems))
    for problem in problems:
        where = _where(ask, problem.line, places.get(problem.line, ""))
        yield Line(f"{problem.what}; {problem.mend}", label=f"{problem.path}, {where}" if several else where)


def _where(ask: Ask, line: int, place: str) -> str:
    """Where a problem is: of a form its field, and of a file the line as well."""
    if not place:
        return f"line {line}"
    if not given_in(ask) or ask.files:
        return f"line {line} ({place})"
    name, comma, rest = place.partition(",")
    return f"{LABELS.get(name, name)}{comma}{rest}"


def _suggested(ask: Ask, problems: Sequence[Problem], most: int) -> list[Section]:
    """For so many sentences without a citation, the facts that fit them best, as citations to copy."""
    sections = []
    sentences = uncited([problem.what for problem in problems])
    for sentence in sentences[:most]:
        lines = tuple(Line(said(fact), label=f"[@{fact.id}]") for fact in fitting(ask.shelf, sentence).facts)
        if lines:
            sections.append(Section(f"May fit “{sentence}”", lines))
    left = len(sentences) - most
    when = "once these are mended" if most == MOST_SENTENCES else "when the draft is looked at"
    more = f"For {plural(left, 'more sentence')} facts are looked for {when}."
    return [*sections, Section("", (Line(more),))] if left > 0 else sections
