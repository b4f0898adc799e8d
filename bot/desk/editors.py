"""`editors list`, `add`, `remove`: who may change the story for everyone. For owners."""

from typing import NamedTuple

from bot.command.entry import Ask
from bot.command.mistake import mistake
from bot.command.record import record
from bot.command.terms import terms_of
from bot.desk.whom import Whom, called, nobody, platform_of, read_whom
from bot.reply import Action, Line, Reply, Section
from bot.store.newsroom import EditorRow

_RIGHTS = "They may change the story for everyone, from anywhere"


class _Named(NamedTuple):
    """Whom a command names: the row that makes them an editor, and what they are called."""

    row: EditorRow
    shown: str  # to whoever asks
    noted: str  # in the audit, which never has anybody's id


def editors(ask: Ask) -> Reply:
    """Answers `editors list`."""
    rows, terms = ask.newsroom.editors(), ask.asker.terms
    lines = tuple(Line(_shown(ask, row)) for row in rows) or (Line("Nobody but the owners."),)
    return Reply(
        "editors list",
        f"{ask.name}: editors",
        (Section("", lines),),
        notes=(f"{_RIGHTS}; a {terms.role} counts {terms.within} its own {terms.server} alone.",),
        private=True,
        alone=True,
    )


def add(ask: Ask) -> Reply:
    """Answers `editors add WHO`."""
    named = _named(ask, "editors add")
    if isinstance(named, Reply):
        return named
    if any(one[:5] == named.row[:5] for one in ask.newsroom.editors()):
        return _done("editors add", ask, f"{named.shown} is an editor already; nothing was changed.")
    ask.newsroom.add_editor(named.row)
    record(ask, "editors add", named.noted, before="no editor", after="editor")
    return _done("editors add", ask, f"{named.shown} may change the story for everyone now.")


def remove(ask: Ask) -> Reply:
    """Answers `editors remove WHO`."""
    named = _named(ask, "editors remove")
    if isinstance(named, Reply):
        return named
    if not ask.newsroom.drop_editor(named.row):
        what = f"{named.shown} was no editor."
        return mistake(ask.call, "editors remove", what, ("editors list",))._replace(alone=True)
    record(ask, "editors remove", named.noted, before="editor", after="no editor")
    return _done("editors remove", ask, f"{named.shown} is no editor any more.")


def _named(ask: Ask, command: str) -> _Named | Reply:
    """Who was named, or why they cannot be."""
    whom = read_whom(ask.text("who") or "")
    if whom.kind == "role":
        return _role(ask, command, whom)
    if wrong := nobody(whom, ask.asker):
        return mistake(ask.call, command, wrong, ("editors list",))._replace(alone=True)
    platform, newsroom = platform_of(whom, ask.asker), ask.newsroom
    known = newsroom.known_person(platform, whom.id)
    name = known.name if known else ""
    row = EditorRow(newsroom.story, platform, "", "person", whom.id, name)
    return _Named(row, called(platform, whom.id, name), f"person {newsroom.person(platform, whom.id, name)}")


def _role(ask: Ask, command: str, whom: Whom) -> _Named | Reply:
    """A role of the server where it is asked; one of another server cannot be told from none."""
    asker, terms = ask.asker, ask.asker.terms
    if not asker.server:
        what = f"A {terms.role} is named {terms.within} its own {terms.server}; here, name a person."
        return mistake(ask.call, command, what, ("editors list",))
    row = EditorRow(ask.newsroom.story, asker.platform, asker.server, "role", whom.id, "")
    name = asker.role_called(whom.id)
    there = any(one[:5] == row[:5] for one in ask.newsroom.editors())
    # One that is gone from the server may still be taken out, and never be put in.
    if whom.id == asker.server or (name == whom.id and not (there and command == "editors remove")):
        what = f"Name a person, or one {terms.role} of this {terms.server}{terms.not_everybody}."
        return mistake(ask.call, command, what, ("editors list",))
    noted = f"{terms.role} {whom.id} of {asker.platform}/{asker.server} ({name})"
    shown = f"Whoever {terms.holder} {name} {terms.within} this {terms.server}"
    return _Named(row._replace(name=name), shown, noted)


def _shown(ask: Ask, row: EditorRow) -> str:
    if row.kind == "role":
        terms = terms_of(row.platform)
        where = f"{terms.within} the {terms.server} {row.platform}/{row.server}"
        return f"Whoever {terms.holder} {row.name} ({row.id}) {where}."
    known = ask.newsroom.known_person(row.platform, row.id)
    return f"{called(row.platform, row.id, known.name if known else row.name)}."


def _done(command: str, ask: Ask, text: str) -> Reply:
    actions = (Action("Editors", "editors list"),)
    return Reply(
        command,
        f"{ask.name}: editors",
        (Section("", (Line(text),)),),
        actions=actions,
        private=True,
        alone=True,
    )
