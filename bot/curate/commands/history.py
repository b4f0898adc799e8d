"""`history` and `cite`: what became of a document, and what a sentence can rest on."""

from collections.abc import Iterator, Sequence

from bot.command.entry import Ask
from bot.command.mistake import mistake, shortened
from bot.curate.commands.asking import Item, item
from bot.curate.documents.differing import difference
from bot.curate.documents.suggesting import fitting
from bot.curate.drafts.publishing import undoable
from bot.curate.drafts.rights import may_change
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section
from bot.store.moments import moment
from bot.store.newsroom import Person, RevisionRow
from bot.store.outbox import Outbox
from bot.wording import plural, said

MOST = 12  # lines of what a version changed, where all versions are shown
_AT_ONCE = 8  # places in a line
_ACTS = {
    "file": "came with its file",
    "add": "added",
    "edit": "edited",
    "correct": "corrected",
    "retract": "retracted",
    "restore": "restored",
    "undo": "put back",
}


def history(ask: Ask) -> Reply:
    """Answers `history ID [version N]`: who, when, what is different, copies reached; the newest first.

    Of one version alone, all that is different.
    """
    found = item(ask, "history")
    if not isinstance(found, Item):
        return found
    every = ask.newsroom.revisions(found.row.kind, found.row.item)
    # An id may have been another server's before.
    rows = [row for row in every if row.audience == found.row.audience or may_change(ask, row.audience)]
    persons = ask.newsroom.persons([row.person for row in rows])
    name, alone, asked = found.row.item, ask.text("version"), ask.text("id")
    if alone is not None and int(alone) not in {row.version for row in rows}:
        return mistake(ask.call, "history", f"{name} has no version {alone}.", (f"history {asked}",))
    sections = []
    stood: dict[int, str] = {}
    before = ""
    for row in rows:
        stood[row.version] = before
        before = row.text if row.stands else before
    for row in rows[::-1] if alone is None else [row for row in rows if row.version == int(alone)]:
        changed = difference(stood[row.version], row.text) if row.version > 1 else []
        left = len(changed) - MOST if alone is None else 0
        told = [*_head(row, persons), *(changed[:MOST] if left > 0 else changed)]
        told += [f"and {left:,} more: {ask.call} history {asked} version {row.version}"] if left > 0 else []
        told += _copies(ask, row)
        sections.append(Section(f"Version {row.version}", tuple(map(Line, told))))
    mine = [row.draft for row in undoable(ask) if (row.kind, row.item) == (found.row.kind, name)]
    actions = (
        Action("See it", f"{found.row.kind} {name}"),
        *([Action("All versions", f"history {asked}")] if alone is not None else []),
        *(Action("Undo", f"undo {draft}") for draft in mine),
    )
    return Reply("history", f"{name}: history", tuple(sections), actions=actions, private=True, alone=True)


def cite(ask: Ask) -> Reply:
    """Answers `cite WORDS`: facts that fit, as citations to copy."""
    typed = ask.text("words") or ""
    found = fitting(ask.shelf, typed)
    if not found.facts:
        return mistake(ask.call, "cite", f"No fact has the words “{shortened(typed)}”.", ("sources",))
    lines = tuple(Line(said(fact), (fact.id,), label=f"[@{fact.id}]") for fact in found.facts)
    return Reply("cite", f"Facts that fit “{shortened(typed)}”", (Section("", lines),), private=True)


def _head(row: RevisionRow, persons: dict[int, Person]) -> list[str]:
    who = persons.get(row.person or 0)
    at = moment(row.made)
    act = "taken out" if row.act == "file" and not row.text else _ACTS[row.act]
    by = f" by {who.name or who.user}" if who else ""
    head = f"{spoken_day(at.date())}, {at:%H:%M} UTC: {act}{by}{', quietly' if row.quiet and who else ''}"
    lines = [head + ("" if row.stands else "; kept, but another version was newer")]
    lines += [f"Why: {row.note}"] if row.act == "file" and row.note else []
    return [*lines, *([f"What was wrong: {row.note}"] if row.act == "correct" and row.note else []),
            *([f"Why: {row.note}"] if row.act == "retract" else [])]  # fmt: skip


def _copies(ask: Ask, row: RevisionRow) -> list[str]:
    """How far a correction has come."""
    made = Outbox(ask.shelf.connection).progress(row.id)
    if not made.total:
        return []
    reached = made.edited + made.answered
    lines = [f"{reached:,} of {plural(made.total, 'posted copy', 'posted copies')} reached"]
    lines[0] += f" ({made.answered:,} by an answer under it)" if made.answered else ""
    lines[0] += f", {made.waiting:,} on their way" if made.waiting else ""
    lines[0] += f", {made.gone:,} deleted there before" if made.gone else ""
    return [*lines, *_not_reached(made.failed)]


def _not_reached(failed: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Every place that could not be reached, by why: what most of them have in common comes first."""
    by_reason: dict[str, list[str]] = {}
    for place, why in failed:
        by_reason.setdefault(why, []).append(place)
    for why, places in sorted(by_reason.items(), key=lambda one: -len(one[1])):
        if len(places) == 1:
            yield f"Not reached: {places[0]}: {why}"
            continue
        yield f"Not reached, {len(places):,} places: {why}"
        yield from (", ".join(places[at : at + _AT_ONCE]) for at in range(0, len(places), _AT_ONCE))
