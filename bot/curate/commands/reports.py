"""`report`, `reports` and `report close`: what readers say is wrong, and what came of it.

A report has the words of the request whose answer is meant, and the ids of the facts that this answer
rests on when it is reported: they are found by asking again, for the same audience. Where the story has
changed since the reader was answered, they may be others than those that the reader saw.
"""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from bot.command.entry import Ask
from bot.command.form import Field, Form
from bot.command.mistake import shortened
from bot.command.record import record
from bot.command.reporting import ON, report_action
from bot.command.request import Misread, Request
from bot.command.terms import terms_of
from bot.curate.commands.showing import told
from bot.edtf import spoken_day
from bot.model import EVERYONE, Fact
from bot.render.words import clean
from bot.reply import Action, Line, Reply, Section
from bot.store.moments import moment, stamp
from bot.store.reports import ReportRow, Reports, Scope
from bot.store.shelf import Shelf
from bot.wording import fact_line, plural

log = logging.getLogger("bot.newsroom")

MOST_TEXT = 2000  # characters of what is wrong
MOST_OUTCOME = 600
MOST_OPEN = 10  # of one person
MINE = "mine"
_LISTED, _BUTTONS, _OWN = 20, 8, 5
_FACTS, _WAYS = 10, 3  # of one report: shown, and with a button
_NAME = 100
_SPLITS = 8  # places that are tried between a request and what is wrong with its answer
_WORDY = {"words", "name", "topic"}  # kinds of which any words are one
_MINE = Action("Your reports", f"report {MINE}")
_FORM = Field(
    "says", "What is wrong", help="In a sentence or two; the editors of the story read it", long=True,
    most=MOST_TEXT,
)  # fmt: skip


class _Meant(NamedTuple):
    """What is reported."""

    request: Request | None  # whose answer is meant
    says: str  # what is wrong; empty where that is not said yet


class _Prepared(NamedTuple):
    """What a report is about, as it is found while others may write."""

    meant: _Meant
    facts: tuple[str, ...] = ()  # that the answer rests on
    audience: str = EVERYONE  # whose own items it has


# ── readers ─────────────────────────────────────────────────────────────────────────────


def report(ask: Ask) -> Reply:
    """Answers `report TEXT`, `report on REQUEST: TEXT`, `report mine`, and the form with the text."""
    if (ask.text("text") or "").strip(" .").lower() == MINE and ask.text("says") is None:
        return _own(ask)
    found = ask.prepared if isinstance(ask.prepared, _Prepared) else prepare(ask)
    meant = found.meant
    if len(meant.says) > MOST_TEXT:
        return _too_long(ask, meant.says)
    says = _plain(meant.says)
    if not says:
        return _how(ask, meant.request)
    asker, words = ask.asker, meant.request.words if meant.request else ""
    own = _book(ask).by(asker.platform, asker.user)
    same = next((row for row in own if (row.words, row.says) == (words, says)), None)
    if same:
        return _said(ask, f"That is kept already: {_became(same)}.")
    if sum(not row.closed for row in own) >= MOST_OPEN:
        # Not in the audit, which keeps all for ever: anybody may try again and again.
        log.info("a report by somebody of whom %s are open was refused", MOST_OPEN)
        text = (
            f"{MOST_OPEN} of your reports are open, which is as many as are kept; wait until one is closed."
        )
        return _said(ask, text, wrong=True)
    sent = (stamp(ask.now), asker.platform, asker.server, asker.user, _plain(asker.name)[:_NAME])
    row = ReportRow(0, ask.shelf.story, found.audience, *sent, words, "\n".join(found.facts), says)
    number = _book(ask).add(row)
    record(ask, "report", f"report-{number}", audience=asker.audience)
    text = f"It is kept as report {number}, and the editors of the story see it."
    return _said(ask, text, _MINE, title="Thank you")


def report_form(ask: Ask) -> Form | Reply:
    """The form of `report`; it carries the request whose answer is meant, where a platform can."""
    meant = _meant(ask)
    words = report_action(meant.request.words).words if meant.request else "report"
    carried = meant.request is None or words != "report"
    written = meant.says if carried else ask.text("text") or ""  # nothing of it is lost
    if len(written) > MOST_TEXT:
        return _too_long(ask, written)
    return Form(words, "Report a mistake", (_FORM._replace(value=written),))


def prepare(ask: Ask) -> _Prepared:
    """What is reported, with the facts of the answer that is meant: it is asked for once more."""
    meant = _meant(ask)
    if meant.request is None or not meant.says.strip():
        return _Prepared(meant)
    reply = _answer(ask, meant.request, ask.shelf)
    own, everyones = ask.shelf.audience, Shelf(ask.shelf.connection, ask.shelf.story, EVERYONE)
    same = own not in ask.shelf.audiences() or _told(reply) == _told(_answer(ask, meant.request, everyones))
    return _Prepared(meant, reply.facts, EVERYONE if same else own)


def _meant(ask: Ask) -> _Meant:
    """What is reported. `on` begins a request, unless what follows is none: then it is a text like any."""
    given, says = ask.text("text") or "", ask.text("says")
    begun = given[len(ON) :].strip() if given.lower().startswith(ON) else ""
    if says is not None:
        return _Meant(_request(ask, begun), says)
    whole = _request(ask, begun)
    if whole and ask.only_form:  # a button carries a request, which may have a colon
        return _Meant(whole, "")
    parts = begun.split(": ")
    for count in range(1, min(len(parts), _SPLITS + 1)):
        request, text = _request(ask, ": ".join(parts[:count])), ": ".join(parts[count:]).strip()
        if request and text:
            return _Meant(request, text)
    return _Meant(whole, "") if whole and not _wordy(ask, whole) else _Meant(None, given)


def _request(ask: Ask, words: str) -> Request | None:
    """The request that words are, where anybody may make it and it changes nothing."""
    if not words.strip():
        return None
    assert ask.understands is not None
    found = ask.understands(words)
    if isinstance(found, Misread) or found.command.changes or found.command.access != "everyone":
        return None
    # A question may be asked without its command; what somebody says is wrong is no question.
    return found if words.lower().startswith(found.command.name) else None


def _wordy(ask: Ask, request: Request) -> bool:
    """Whether words are a request only since its command takes any: "search gives odd things"."""
    command = request.command
    if command.takes_questions and ask.asker.platform == "terminal":  # which has no forms: it is a button's
        return False
    given = (request.args.get(param.name) for param in command.params if param.kind in _WORDY)
    return any(isinstance(words, str) and not words.endswith("?") for words in given)


def _answer(ask: Ask, request: Request, shelf: Shelf) -> Reply:
    """The answer to a request, as it is for those whose view of the story this is."""
    return request.command.handler(ask._replace(shelf=shelf, args=request.args, files=()))


def _told(reply: Reply) -> Reply:
    """A reply but for the day of the newest that is known, which may be that of what it does not tell."""
    return reply._replace(as_of=None)


def _too_long(ask: Ask, text: str) -> Reply:
    return _said(ask, f"That is {len(text):,} characters long; {MOST_TEXT:,} are kept at most.", wrong=True)


def _how(ask: Ask, request: Request | None) -> Reply:
    """How something is reported."""
    words = f"report {ON}{request.words}" if request else "report"
    example = f"{ask.call} {words}{':' if request else ''} the day is wrong"
    lines = (Line("Say what is wrong, in your own words:"), Line("", label=example))
    form = () if ask.asker.platform == "terminal" else (Action("Open the form", words),)
    return Reply("report", "Report a mistake", (Section("", lines),), actions=(*form, _MINE), abstained=True,
                 private=True)  # fmt: skip


def _own(ask: Ask) -> Reply:
    """What came of what somebody has reported, the newest first."""
    rows = _book(ask).by(ask.asker.platform, ask.asker.user, _OWN)
    lines = tuple(Line(_one_line(row.says), note=_became(row)) for row in rows)
    lines = lines or (Line("You have reported nothing."),)
    return Reply("report", f"{ask.name}: your reports", (Section("", lines),), private=True, alone=True)


def _became(row: ReportRow) -> str:
    """What has come of a report."""
    if not row.closed:
        return f"report {row.number}, which is open"
    day = spoken_day(moment(row.closed).date())
    return f"report {row.number}, closed on {day}" + (f": {_one_line(row.outcome)}" if row.outcome else "")


# ── editors ─────────────────────────────────────────────────────────────────────────────


def reports(ask: Ask) -> Reply:
    """Answers `reports` and `reports N`: the open ones, the newest first, or one in full."""
    if ask.text("number"):
        row = _named(ask)
        return row if isinstance(row, Reply) else _in_full(ask, row)
    count = _book(ask).count_open(_scope(ask))
    if not count:
        return _said(ask, "No report is open.", Action("Drafts", "drafts"))
    rows = _book(ask).open(_scope(ask), _LISTED)
    there = ask.shelf.facts(one for row in rows for one in row.fact_ids)
    notes = [f"`{ask.call} reports N` shows one; `{ask.call} report close N OUTCOME` closes it."]
    if count > len(rows):
        notes.append(f"Only the newest {len(rows)} are listed.")
    return Reply(
        "reports",
        f"{ask.name}: {plural(count, 'open report')}",
        (Section("", tuple(_listed(row, [one for one in row.fact_ids if one in there]) for row in rows)),),
        notes=tuple(notes),
        actions=tuple(Action(f"Report {row.number}", f"reports {row.number}") for row in rows[:_BUTTONS]),
        private=True,
        alone=True,
    )


def report_close(ask: Ask) -> Reply:
    """Answers `report close N [OUTCOME]`."""
    row, outcome = _open(ask), ask.text("outcome") or ""
    if isinstance(row, Reply):
        return row
    if len(outcome) > MOST_OUTCOME:
        text = f"That is {len(outcome):,} characters long; {MOST_OUTCOME} are kept at most."
        return _said(ask, text, wrong=True)
    _book(ask).close(row.number, stamp(ask.now), _plain(outcome))
    audience = f"{row.platform}/{row.server}" if row.server else EVERYONE
    record(ask, "report close", f"report-{row.number}", before="open", after="closed", audience=audience)
    text = f"Report {row.number} is closed; whoever sent it sees that with `report mine`."
    return _said(ask, text, Action("Reports", "reports"))


def close_form(ask: Ask) -> Form | Reply:
    """The form of `report close N`."""
    row = _open(ask)
    if isinstance(row, Reply):
        return row
    field = Field(
        "outcome", "What came of it", help="Whoever reported it reads that", long=True, required=False,
        most=MOST_OUTCOME,
    )  # fmt: skip
    return Form(f"report close {row.number}", f"Close report {row.number}", (field,))


def with_open(ask: Ask, reply: Reply) -> Reply:
    """A reply to an editor, with a word that reports are open, and a way there."""
    count = _book(ask).count_open(_scope(ask))
    if not count:
        return reply
    note = f"{plural(count, 'report')} {'is' if count == 1 else 'are'} open: {ask.call} reports"
    return reply._replace(notes=(*reply.notes, note), actions=(*reply.actions, Action("Reports", "reports")))


def _scope(ask: Ask) -> Scope:
    """Which reports are for whoever asks.

    An owner's are all; an editor's those about what is for everyone, or for the server where they ask; an
    admin's those of their server.
    """
    if ask.rank == "owner":
        return Scope()
    own = ask.asker.audience
    return Scope(audience=own) if ask.rank == "editor" else Scope(server=own)


def _named(ask: Ask) -> ReportRow | Reply:
    """The report that is named, where it is for whoever asks."""
    given = ask.text("number") or ""
    row = _book(ask).get(int(given)) if given else None
    if row and _scope(ask).has(row):
        return row
    return _said(ask, f"There is no report {given}.", Action("Reports", "reports"), wrong=True)


def _open(ask: Ask) -> ReportRow | Reply:
    """The same, where it is still open."""
    row = _named(ask)
    if isinstance(row, Reply) or not row.closed:
        return row
    text = f"Report {row.number} was closed already."
    return _said(ask, text, Action("See it", f"reports {row.number}"), wrong=True)


def _listed(row: ReportRow, facts: Sequence[str]) -> Line:
    about = f"about `{row.words}`" if row.words else ""
    more = f" and {len(facts) - _WAYS} more" if len(facts) > _WAYS else ""
    rests = f"facts {', '.join(facts[:_WAYS])}{more}" if facts else ""
    note = "; ".join(filter(None, (f"by {_sender(row)}", about, rests)))
    text = shortened(_one_line(row.says))
    return Line(text, tuple(facts), label=f"report {row.number}", when=_when(row.at), note=note)


def _in_full(ask: Ask, row: ReportRow) -> Reply:
    """One report: what is said, the request, its facts as they stand now, and what can be done."""
    there = ask.shelf.facts(row.fact_ids)
    facts = [there[one] for one in row.fact_ids if one in there]
    sections = [Section("", tuple(map(Line, filter(None, row.says.split("\n")))))]
    if row.words:
        sections.append(Section("About the answer to", (Line("", label=f"{ask.call} {row.words}"),)))
    if facts:
        lines = tuple(fact_line(fact, label=True) for fact in facts[:_FACTS])
        sections.append(Section("Which rested on", lines))
    # What people have written stands in lines: small print is for words of the bot's own.
    told = [Line(f"By {_sender(row)}.", when=_when(row.at))]
    if row.closed:
        outcome = f": {_one_line(row.outcome)}" if row.outcome else "."
        told.append(Line(f"Closed{outcome}", when=_when(row.closed)))
    sections.append(Section("Reported", tuple(told)))
    notes = [] if row.closed else [f"To close it: {ask.call} report close {row.number} OUTCOME"]
    if len(facts) > _FACTS:
        notes.append(f"{len(facts) - _FACTS} more facts are not listed.")
    if len(facts) < len(row.fact_ids):
        notes.append(f"{plural(len(row.fact_ids) - len(facts), 'fact')} of it cannot be seen here now.")
    return Reply(
        "reports",
        f"{ask.name}: report {row.number}",
        tuple(sections),
        notes=tuple(notes),
        actions=tuple(_ways(row, facts)),
        private=True,
        alone=True,
    )


def _ways(row: ReportRow, facts: Sequence[Fact]) -> list[Action]:
    """What an editor may do next: close it, correct what it is about, see that."""
    ways = [] if row.closed else [Action("Close", f"report close {row.number}")]
    command, _, name = row.words.partition(" ")
    if command in {"briefing", "fact"} and name:
        ways.append(Action("Correct", f"correct {name}"))
    else:
        ways += [Action(f"Correct {fact.id}", f"correct {fact.id}") for fact in facts[:_WAYS]]
    if row.words:
        ways.append(Action("The answer now", row.words))
    ids = [fact.id for fact in facts if row.words != f"fact {fact.id}"]
    ways += [Action(f"Fact {one}", f"fact {one}") for one in ids[:_WAYS]]
    return [*ways, Action("Reports", "reports")]


# ── words ───────────────────────────────────────────────────────────────────────────────


def _book(ask: Ask) -> Reports:
    return Reports(ask.shelf.connection, ask.shelf.story)


def _said(ask: Ask, text: str, *actions: Action, title: str = "", wrong: bool = False) -> Reply:
    reply = told(ask, text, *actions, title=title or f"{ask.name}: reports", wrong=wrong)
    return reply._replace(command="report")


def _sender(row: ReportRow) -> str:
    """Who reported it, and where."""
    name = row.name or "somebody"
    if not row.server:
        return f"{name}, {'in the terminal' if row.platform == 'terminal' else f'directly on {row.platform}'}"
    return f"{name}, on {row.platform}, {terms_of(row.platform).server} {row.server}"


def _when(at: str) -> str:
    then = moment(at)
    return f"{spoken_day(then.date())}, {then:%H:%M} UTC"


def _plain(text: str) -> str:
    """A text without what steers a screen, and without empty lines."""
    lines = (" ".join(line.split()) for line in clean(text.replace("\r", "\n")).split("\n"))
    return "\n".join(filter(None, lines))


def _one_line(text: str) -> str:
    return " ".join(text.split())
