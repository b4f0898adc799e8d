"""`log`: the audit of the newsroom, the newest first, as far as it is for whoever asks.

It is written by `command.record` in the transaction of what it tells of, and altered by nobody: the
database itself refuses that.
"""

import re

from bot.command.entry import Ask
from bot.command.mistake import mistake
from bot.command.record import DONE
from bot.command.terms import terms_of
from bot.desk.whom import called, platform_of, read_whom
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section
from bot.store.moments import moment
from bot.store.newsroom import AuditRow, Person

SHOWN = 20
MOST = 200

_ITEM = re.compile(r"[\w#.-]{1,200}", re.ASCII)


def read_what(text: str) -> str:
    """The id of a briefing, a source or a fact, `draft-5`, or a person. Raises ValueError."""
    given = text.strip().strip("[]`")
    if _ITEM.fullmatch(given):
        return given
    if read_whom(given).kind == "role":
        raise ValueError(f"“{text[:40]}” is a role; the log is kept by person")
    return given


def read_newest(text: str) -> int:
    """How many are to be shown. Raises ValueError."""
    if not re.fullmatch(r"\d{1,6}", text.strip(), re.ASCII) or not 1 <= int(text) <= MOST:
        raise ValueError(f"“{text[:40]}” is not a number from 1 to {MOST}")
    return int(text)


def log(ask: Ask) -> Reply:
    """Answers `log [WHAT] [newest N]`."""
    where, values = readable(ask)
    what, limit = ask.text("what"), read_newest(ask.text("newest") or str(SHOWN))
    if what is not None:
        about = _about(ask, what)
        if isinstance(about, Reply):
            return about
        where, values = f"{where} AND {about[0]}", (*values, *about[1])
    rows = ask.newsroom.audit(where, values, limit + 1)
    persons = ask.newsroom.persons([one for row in rows for one in (row.person, _person_of(row.item))])
    lines = tuple(_line(row, persons) for row in rows[:limit]) or (Line("Nothing is recorded."),)
    more = len(rows) > limit
    actions = (Action("More", _again(what, min(limit * 5, MOST))),) if more and limit < MOST else ()
    notes = ("Nothing in it can be altered or taken away.", *(("There is more.",) if more else ()))
    return Reply(
        "log",
        f"{ask.name}: log",
        (Section("", lines),),
        notes=notes,
        actions=actions,
        private=True,
        alone=True,
    )


def readable(ask: Ask) -> tuple[str, tuple[object, ...]]:
    """The rows that are for whoever asks: a condition on the columns of the audit, and its values.

    An owner reads all, an editor what is for everyone and what is of the server where they ask, an admin
    only the latter.
    """
    here = ask.asker.audience
    if ask.rank == "owner":
        return "1", ()
    if ask.rank == "editor":
        return "audience IN ('', ?)", (here,)
    return "audience = ? AND audience != ''", (here,)


def _about(ask: Ask, what: str) -> tuple[str, tuple[object, ...]] | Reply:
    """What is about an item, or done by or to a person."""
    if _ITEM.fullmatch(what):
        source = what.lower().partition("#")[0]  # a fact is its source's
        draft = source.replace("-", " ")
        within = f"%, {source.replace('!', '!!').replace('_', '!_')}, %"
        return "(', ' || item || ', ' LIKE ? ESCAPE '!' OR ? IN (before, after))", (within, draft)
    whom = read_whom(what)
    known = ask.newsroom.known_person(platform_of(whom, ask.asker), whom.id)
    if known is None:
        return mistake(ask.call, "log", "Nothing is recorded of them.", ("log",))._replace(alone=True)
    return "(person = ? OR item = ?)", (known.id, f"person {known.id}")


def _again(what: str | None, limit: int) -> str:
    return " ".join(filter(None, ["log", what, f"newest {limit}"]))


def _line(row: AuditRow, persons: dict[int, Person]) -> Line:
    at, who = moment(row.at), persons.get(row.person or 0)
    by = (called(who.platform, who.user, who.name) if who.user else who.name) if who else "the files"
    changed = " → ".join(filter(None, (row.before, row.after)))
    text = " ".join(filter(None, [f"{by}:", row.act, _noted(row.item, persons)]))
    text += f"; {changed}" if changed else ""
    text += "" if row.outcome == DONE else f"; {row.outcome}"
    return Line(
        text, when=f"{spoken_day(at.date())}, {at:%H:%M} UTC", note=_where(row), label=f"no. {row.number}"
    )


def _person_of(item: str) -> int | None:
    """The person to whom something was done."""
    found = re.fullmatch(r"person (\d{1,15})", item, re.ASCII)
    return int(found[1]) if found else None


def _noted(item: str, persons: dict[int, Person]) -> str:
    """What it was done to; of a person, their name as well."""
    one = persons.get(_person_of(item) or 0)
    return f"{item} ({one.name})" if one and one.name else item


def _where(row: AuditRow) -> str:
    if row.platform == "files":
        return f"in {row.place}"
    if not row.server:
        return f"on {row.platform}, {'directly' if row.platform != 'terminal' else 'by whoever runs the bot'}"
    return f"on {row.platform}, {terms_of(row.platform).server} {row.server}, channel {row.place}"
