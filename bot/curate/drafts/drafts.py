"""Drafts: kept as they are written, checked each time they are shown, seen by their author alone."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.command.entry import Ask
from bot.command.record import record, who
from bot.curate.documents.checking import Part, Verdict, checked, path_of
from bot.curate.documents.document import corrected, fields_of, restored, retracted
from bot.curate.drafts.rights import may_change
from bot.load.note import parse
from bot.model import Briefing, Source
from bot.store.moments import stamp
from bot.store.newsroom import DraftRow, PartRow

MOST_OPEN = 20  # drafts of one person


class Draft(NamedTuple):
    """Documents that are published together, or not at all."""

    row: DraftRow
    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        """`draft 5`."""
        return f"draft {self.row.id}"

    def part(self, item: str = "") -> Part | None:
        """The document of this id; without one, the briefing, or else the last."""
        if item:
            return next((part for part in self.parts if item_of(part) == item), None)
        briefings = tuple(part for part in self.parts if part.kind == "briefing")
        return next(reversed(briefings or self.parts), None)


def item_of(part: Part) -> str:
    """The id that a document has in its text."""
    return fields_of(part.text).text("id").strip()


class TooManyError(Exception):
    """Somebody has as many open drafts as they may."""


def begin(
    ask: Ask, act: str, audience: str, parts: Iterable[Part], *, note: str = "", quiet: bool = False
) -> Draft:
    """Keeps a new draft. Raises TooManyError."""
    person, at = who(ask), stamp(ask.now)
    if len(ask.newsroom.drafts_of(person)) >= MOST_OPEN:
        raise TooManyError
    asker = ask.asker
    row = DraftRow(
        0,
        ask.shelf.story,
        person,
        asker.platform,
        asker.server,
        audience,
        act,
        note,
        int(quiet),
        "open",
        at,
        at,
    )
    row = ask.newsroom.add_draft(row)
    draft = Draft(row, tuple(parts))
    _put_parts(ask, draft)
    record(ask, f"{act}: draft", ", ".join(filter(None, map(item_of, draft.parts))), after=draft.name,
           audience=audience)  # fmt: skip
    return draft


def save(ask: Ask, draft: Draft) -> Draft:
    """Keeps a changed draft: whoever waited to approve it has to look at it anew."""
    row = draft.row._replace(changed=stamp(ask.now), state="open")
    ask.newsroom.save_draft(row)
    draft = draft._replace(row=row)
    _put_parts(ask, draft)
    return draft


def find(ask: Ask, number: int) -> Draft | None:
    """A draft that somebody may see: their own, or one that waits for a second person who may publish it."""
    row = ask.newsroom.draft(number)
    if row is None:
        return None
    known = ask.newsroom.known_person(ask.asker.platform, ask.asker.user)
    mine = known is not None and row.person == known.id
    if not mine and not (row.state == "waiting" and may_change(ask, row.audience)):
        return None
    return Draft(row, tuple(Part(part.kind, part.text, part.base) for part in ask.newsroom.parts(row.id)))


def _put_parts(ask: Ask, draft: Draft) -> None:
    rows = [
        PartRow(draft.row.id, place, part.kind, item_of(part), part.base, part.text)
        for place, part in enumerate(draft.parts)
    ]
    ask.newsroom.put_parts(draft.row.id, rows)


# ── what would be published ─────────────────────────────────────────────────────────────


def finished(ask: Ask, draft: Draft) -> tuple[Part, ...]:
    """The documents as they would be published today: with the correction or the retraction in them."""
    return tuple(_finished(ask, draft.row, part) for part in draft.parts)


def _finished(ask: Ask, row: DraftRow, part: Part) -> Part:
    if row.act == "retract":
        return part._replace(text=retracted(part.text, ask.today, row.note))
    if row.act == "restore":
        return part._replace(text=restored(part.text))
    if row.act == "correct" and not row.quiet:
        before, after = standing(ask, part), _read(part.kind, item_of(part), part.text)
        if before and after:
            return part._replace(text=corrected(before, part.text, after, ask.today, row.note))
    return part


def standing(ask: Ask, part: Part) -> Source | Briefing | None:
    """What stands of a document now, read from its text."""
    row = ask.newsroom.standing(part.kind, item_of(part))
    return _read(part.kind, row.item, row.text) if row and row.text else None


def _read(kind: str, item: str, text: str) -> Source | Briefing | None:
    return parse(path_of(kind, item), kind, text).item


def check(ask: Ask, draft: Draft) -> Verdict:
    """Holds a draft against all that stands: the checks that files get."""
    return checked(finished(ask, draft), ask.shelf.shapes())


def conflicts(ask: Ask, draft: Draft) -> list[str]:
    """Why a draft is no longer about what stands, in a sentence each."""
    found: list[str] = []
    for part in draft.parts:
        item = item_of(part)
        row = ask.newsroom.standing(part.kind, item)
        version = row.version if row and row.text else 0
        if version == part.base:
            continue
        if part.base == 0:
            found.append(f"There is a {part.kind} {item} already; take another id, or use `edit {item}`.")
        elif version == 0:
            found.append(f"The {part.kind} {item} has been taken away since this draft was begun.")
        else:
            found.append(
                f"{item} has been changed since this draft was begun (version {version} stands, the draft"
                f" changes version {part.base}); begin anew with `edit {item}`."
            )
    return found
