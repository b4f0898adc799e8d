"""Drafts: kept as they are written, checked each time they are shown, seen by their author alone."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.command.entry import Ask
from bot.command.record import known, who
from bot.curate.documents.checking import Part, Verdict, checked, path_of
from bot.curate.documents.document import corrected, fields_of, restored, retracted
from bot.curate.drafts.rights import may_change
from bot.load.note import parse
from bot.model import Briefing, Source
from bot.store.moments import stamp
from bot.store.newsroom import DraftRow, PartRow
from bot.wording import plural

MOST_OPEN = 20  # drafts of one person
NO_FACTS = "facts is empty"
"""The problem of a source note that has been begun and is not wrong."""


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
    return draft


def save(ask: Ask, draft: Draft) -> Draft:
    """Keeps a changed draft: whoever waited to approve it has to look at it anew."""
    row = draft.row._replace(changed=stamp(ask.now), state="open")
    ask.newsroom.save_draft(row)
    draft = draft._replace(row=row)
    _put_parts(ask, draft)
    return draft


def begun_before(
    ask: Ask, act: str, audience: str, parts: Iterable[Part], note: str = "", *, quiet: bool = False
) -> DraftRow | None:
    """The open draft of theirs that says just the same; None where there is none."""
    me, says = known(ask), [(part.kind, part.base, part.text) for part in parts]
    for row in ask.newsroom.drafts_of(me.id) if me else []:
        same = (row.act, row.audience, row.note, row.quiet) == (act, audience, note, int(quiet))
        if same and [(one.kind, one.base, one.text) for one in ask.newsroom.parts(row.id)] == says:
            return row
    return None


def was_drafted(ask: Ask, kind: str, text: str) -> bool:
    """Whether an open draft of theirs has a document that says just this."""
    me = known(ask)
    parts = (
        (part for row in ask.newsroom.drafts_of(me.id) for part in ask.newsroom.parts(row.id)) if me else ()
    )
    return any((part.kind, part.text) == (kind, text) for part in parts)


def was_published(ask: Ask, kind: str, item: str, text: str) -> bool:
    """Whether a document is there that was published with just this text, whatever it says by now."""
    row = ask.newsroom.standing(kind, item)
    if not row or not row.text:
        return False
    return row.text == text or any(one.text == text for one in ask.newsroom.revisions(kind, item))


def items_of(draft: Draft) -> str:
    """The ids of its documents, as the audit names them."""
    return ", ".join(filter(None, (part.item or item_of(part) for part in draft.parts)))


def find(ask: Ask, number: int) -> Draft | None:
    """A draft that somebody may see: their own, or one that waits for a second person who may publish it."""
    row = ask.newsroom.draft(number)
    if row is None:
        return None
    me = known(ask)
    if (me is None or row.person != me.id) and not (row.state == "waiting" and may_change(ask, row.audience)):
        return None
    return Draft(row, tuple(_part(ask, row, one) for one in ask.newsroom.parts(row.id)))


def is_mine(ask: Ask, draft: Draft) -> bool:
    """Whether somebody drafted it themselves: nobody else may change it."""
    me = known(ask)
    return me is not None and me.id == draft.row.person


def seen_as(draft: Draft) -> str:
    """A short hash of what a draft says: whoever approves it approves these words and no others."""
    from hashlib import sha256

    said = repr([(part.kind, part.base, part.text) for part in draft.parts]) + draft.row.act + draft.row.note
    return sha256(said.encode()).hexdigest()[:8]


def _part(ask: Ask, row: DraftRow, one: PartRow) -> Part:
    """A document of a draft; what is retracted or restored is what stands by now."""
    if row.act in {"retract", "restore"} and (now := ask.newsroom.standing(one.kind, one.item)) and now.text:
        return Part(one.kind, now.text, now.version, one.item)
    return Part(one.kind, one.text, one.base, one.item if one.base else "")


def _put_parts(ask: Ask, draft: Draft) -> None:
    rows = [
        PartRow(draft.row.id, place, part.kind, part.item or item_of(part), part.base, part.text)
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


def amiss(found: Verdict, against: Sequence[str]) -> str:
    """What keeps a draft from being published, in short, for the audit; empty where nothing does."""
    told = [problem for one in found.parts for problem in one.problems]
    real = [problem for problem in told if problem.what != NO_FACTS]
    count = len(real) + len(found.elsewhere) + len(against)
    return plural(count, "problem") if count else "no fact yet" if told else ""


def conflicts(ask: Ask, draft: Draft) -> list[str]:
    """Why a draft cannot be published whatever it says, in a sentence each."""
    names = [(part.kind, item_of(part)) for part in draft.parts]
    found = [
        f"{item} stands twice in this draft."
        for kind, item in sorted({*names})
        if names.count((kind, item)) > 1
    ]
    for part in draft.parts:
        wrong = _about_another(part) or _for_others(draft, part) or _overtaken(ask, draft, part)
        found += [wrong] if wrong else _taken_away(ask, draft, part)
    return found


def _about_another(part: Part) -> str:
    item = item_of(part)
    if part.base and item != part.item:
        return (
            f"This draft changes {part.item}, and its text has the id “{item[:60]}”; an id stays what it is."
        )
    return ""


def _for_others(draft: Draft, part: Part) -> str:
    fields, meant = fields_of(part.text), draft.row.audience
    if fields.values and (named := fields.text("audience")) != meant:
        return f"{item_of(part)} is for {named or 'everyone'}, and this draft for {meant or 'everyone'}."
    return ""


def _overtaken(ask: Ask, draft: Draft, part: Part) -> str:
    item = item_of(part)
    row = ask.newsroom.standing(part.kind, item)
    version = row.version if row and row.text else 0
    if row and row.text and row.audience != draft.row.audience:
        return f"The id {item} is taken; take another."
    if version == part.base:
        return ""
    if part.base == 0:
        return f"There is a {part.kind} {item} already; take another id, or use `edit {item}`."
    if version == 0:
        return f"The {part.kind} {item} has been taken away since this draft was begun."
    return (
        f"{item} has been changed since this draft was begun: version {version} stands, and the draft"
        f" changes version {part.base}. `history {item}` shows what is different;"
        f" `draft edit {draft.row.id}` with the text anew makes it a change of what stands."
    )


def _taken_away(ask: Ask, draft: Draft, part: Part) -> list[str]:
    """A correction mends words; what was known, and when, stays: else no answer as of a day could tell it."""
    before, after = standing(ask, part), _read(part.kind, item_of(part), part.text)
    if draft.row.act != "correct" or after is None:
        return []
    if before is None:  # the checks have become stricter since
        return [f"What stands of {part.item} cannot be read any more, so that it cannot be kept; use `edit`."]
    moved = before.known_on != after.known_on
    lost: list[str] = []
    if isinstance(before, Source) and isinstance(after, Source):
        lost = sorted({fact.slug for fact in before.facts} - {fact.slug for fact in after.facts})
    found = ["A correction keeps the day; with another it is retracted, and added anew."] if moved else []
    gone = ", ".join(f"#{slug}" for slug in lost)
    return found + (
        [f"A correction keeps every fact, and {gone} is gone; `edit` takes it out."] if lost else []
    )
