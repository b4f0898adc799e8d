"""`report`, `reports` and `report close`: what readers say is wrong, and what came of it.

A report has the words of the request whose answer is meant, and the ids of the facts that this answer
rested on at that moment: they are found by asking again, for the same audience.
"""

from collections.abc import Sequence
from typing import NamedTuple

from bot.command.entry import Ask
from bot.command.form import Field, Form
from bot.command.mistake import shortened
from bot.command.record import record
from bot.command.reporting import ON
from bot.command.request import Known, Misread, Request, read_request
from bot.command.terms import terms_of
from bot.curate.commands.showing import told
from bot.edtf import spoken_day
from bot.model import EVERYONE, Fact
from bot.render.words import clean
from bot.reply import Action, Line, Reply, Section
from bot.store.moments import moment, stamp
from bot.store.reports import ReportRow, Reports
from bot.store.shelf import Shelf
from bot.wording import fact_line, plural

MOST_TEXT = 2000  # characters of what is wrong
MOST_OUTCOME = 600
MOST_OPEN = 10  # of one person
MINE = "mine"
_LISTED, _BUTTONS, _OWN = 20, 8, 5
_FACTS, _WAYS = 10, 3  # of one report: shown, and with a button
_NAME = 100
_SPLITS = 8  # places that are tried between a request and what is wrong with its answer
_MINE = Action("Your reports", f"report {MINE}")
_FORM = Field(
    "says", "What is wrong", help="In a sentence or two; the editors of the story read it", long=True,
    most=MOST_TEXT,
)  # fmt: skip


class _Meant(NamedTuple):
    """What is reported."""

    request: Request | None  # whose answer is meant
    says: str  # what is wrong; empty where that is not said yet


class _Tags:
    """The tags of a story, asked for one at a time."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __contains__(self, tag: object) -> bool:
        return isinstance(tag, str) and self._shelf.has_tag(tag)


# ── readers ─────────────────────────────────────────────────────────────────────────────


def report(ask: Ask) -> Reply:
    """Answers `report TEXT`, `report on REQUEST: TEXT`, `report mine`, and the form with the text."""
    if ask.text("text") == MINE and ask.text("says") is None:
        return _own(ask)
    meant = _meant(ask)
    if len(meant.says) > MOST_TEXT:
        text = f"That is {len(meant.says):,} characters long; {MOST_TEXT:,} are kept at most."
        return _said(ask, text, wrong=True)
    says = _plain(meant.says)
    if not says:
        return _how(ask, meant.request)
    asker, words = ask.asker, meant.request.words if meant.request else ""
    own = _book(ask).by(asker.platform, asker.user)
    same = next((row for row in own if (row.words, row.says) == (words, says)), None)
    if same:
        return _said(ask, f"That is kept already: {_became(same)}.")
    if sum(not row.closed for row in own) >= MOST_OPEN:
        record(ask, "report", outcome="refused: too many are open", audience=asker.audience)
        text = (
            f"{MOST_OPEN} of your reports are open, which is as many as are kept; wait until one is closed."
        )
        return _said(ask, text, wrong=True)
    facts = "\n".join(_facts_of(ask, meant.request)) if meant.request else ""
    name = _plain(asker.name)[:_NAME]
    row = ReportRow(
        0, ask.shelf.story, stamp(ask.now), asker.platform, asker.server, asker.user, name, words, facts, says
    )
    number = _book(ask).add(row)
    record(ask, "report", f"report-{number}", audience=asker.audience)
    text = f"It is kept as report {number}, and the editors of the story see it."
    return _said(ask, text, _MINE, title="Thank you")


def report_form(ask: Ask) -> Form:
    """The form of `report`; it carries the request whose answer is meant."""
    meant = _meant(ask)
    words = f"report {ON}{meant.request.words}" if meant.request else "report"
    return Form(words, "Report a mistake", (_FORM._replace(value=meant.says[:MOST_TEXT]),))


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
    return _Meant(whole, "") if whole else _Meant(None, given)


def _request(ask: Ask, words: str) -> Request | None:
    """The request that words are, where anybody may make it and it changes nothing."""
    if not words.strip():
        return None
    span = ask.shelf.span()
    known = Known(ask.today, span[1] if span else None, _Tags(ask.shelf), ask.asker.terms)
    found = read_request(words, ask.commands, known)
    if isinstance(found, Misread) or found.command.changes or found.command.access != "everyone":
        return None
    # A question may be asked without its command; what somebody says is wrong is no question.
    return found if words.lower().startswith(found.command.name) else None


def _facts_of(ask: Ask, request: Request) -> tuple[str, ...]:
    """What the answer to a request rests on for whoever asks."""
    return request.command.handler(ask._replace(args=request.args, files=())).facts


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
    count = _book(ask).count_open(_whose(ask))
    if not count:
        return _said(ask, "No report is open.", Action("Drafts", "drafts"))
    rows = _book(ask).open(_whose(ask), _LISTED)
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
    count = _book(ask).count_open(_whose(ask))
    if not count:
        return reply
    note = f"{plural(count, 'report')} {'is' if count == 1 else 'are'} open: {ask.call} reports"
    return reply._replace(notes=(*reply.notes, note), actions=(*reply.actions, Action("Reports", "reports")))


def _whose(ask: Ask) -> str | None:
    """Whose reports are for whoever asks: an admin's are those of their server, an editor's all."""
    return None if ask.rank in {"editor", "owner"} else ask.asker.audience


def _named(ask: Ask) -> ReportRow | Reply:
    """The report that is named, where it is for whoever asks."""
    given = ask.text("number") or ""
    row, whose = _book(ask).get(int(given)) if given else None, _whose(ask)
    if row and (whose is None or (row.server and f"{row.platform}/{row.server}" == whose)):
        return row
    return _said(ask, f"There is no report {given} for you.", Action("Reports", "reports"), wrong=True)


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
