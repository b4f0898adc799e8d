"""`ask`: a question in a reader's own words, answered by the facts that answer it, or declined."""

from datetime import date

from bot.answer.asking.answers.telling import declined, told
from bot.answer.asking.language.building import lexicon
from bot.answer.following import ARROW, Taken, take, with_the_one_before
from bot.answer.happened import of_a_time
from bot.answer.lines import later, next_after, nothing_loaded
from bot.answer.lookup import Lookup
from bot.command.entry import Ask
from bot.command.mistake import mistake, shortened
from bot.command.reporting import report_action
from bot.command.request import MAX_TYPED
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section
from bot.wording import amended


def ask(asked: Ask) -> Reply:
    """Answers `ask QUESTION`."""
    span = asked.shelf.span()
    if span is None:
        return nothing_loaded(asked, "ask")
    typed = " ".join((asked.text("question") or "").split())
    if len(typed) > MAX_TYPED:  # a slash command lets more through than a line that is typed
        what = f"That is {len(typed):,} characters long; {MAX_TYPED} are read at most."
        return mistake(asked.call, "ask", what, ("help ask",))
    first, newest = span
    look = Lookup(asked, lexicon(asked.shelf.vocabulary()), newest)
    taken = with_the_one_before(look, take(look, typed))
    if reply := of_a_time(asked, taken.question):
        return reply._replace(command="ask", words=f"ask {taken.typed}" if ARROW in taken.typed else "")
    as_of = taken.finder.as_of
    if as_of and asked.shelf.horizon(as_of) is None:
        return _reply(asked, taken._replace(found=None), _nothing_yet(as_of, first))
    return _reply(asked, taken, _sections(asked, taken))


def _reply(asked: Ask, taken: Taken, sections: tuple[Section, ...]) -> Reply:
    as_of = taken.finder.as_of
    name = f"{asked.name} as known on {spoken_day(as_of)}" if as_of else asked.name
    then = ("Built only from what was published by then.",) if as_of else ()
    mended = (f"“{word}” was read as “{other}”." for word, other in taken.question.mended)
    return Reply(
        "ask",
        f"{name}: {shortened(taken.typed.split(ARROW)[-1])}",
        sections,
        notes=(*then, *mended),
        actions=_actions(asked, taken),
        as_of=as_of or asked.shelf.horizon(None),
        abstained=taken.found is None,
        words=f"ask {taken.typed}",
    )


def _sections(asked: Ask, taken: Taken) -> tuple[Section, ...]:
    """The facts that answer, or that none does."""
    question, finder, found = taken.question, taken.finder, taken.found
    if found is None:
        return declined(question, finder.matches(question))
    ids = [fact.id for fact in found.facts]
    since = later(asked.shelf.as_told_on(finder.as_of).amendments("fact", ids), finder.as_of)
    notes = {name: amended(some, finder.as_of) for name, some in since.items()}
    return told(found, finder.overturned(found.facts), notes)


def _nothing_yet(as_of: date, first: date) -> tuple[Section, ...]:
    """That of a day nothing was known, and from when on there is something."""
    since = f"the first source counts as published from {spoken_day(first)}"
    return (Section("", (Line(f"Nothing was known yet on {spoken_day(as_of)}: {since}."),)),)


def _actions(asked: Ask, taken: Taken) -> tuple[Action, ...]:
    """What to ask next: where nothing was found, what there is."""
    if taken.found is None:
        return (Action("Status", "status"), Action("Topics", "topic"))
    after = next_after(taken.finder.as_of, asked.shelf.horizon(None))
    return (*after, Action("Timeline", "timeline"), report_action(f"ask {taken.typed}"))
