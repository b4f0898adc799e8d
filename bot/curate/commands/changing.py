"""`edit`, `correct`, `retract`, `restore`, `undo`: what stands, changed by a new version of it."""

from bot.command.entry import Ask
from bot.command.form import Field, Form
from bot.command.mistake import mistake
from bot.command.record import record
from bot.curate.commands.asking import (
    Item,
    begun,
    completed,
    draft_named,
    foreign,
    item,
    still_open,
    uploads,
)
from bot.curate.commands.forms import (
    WAS,
    Given,
    briefing_form,
    fact_form,
    filled_in,
    form_or_word,
    source_form,
    with_fact,
)
from bot.curate.commands.publishing import UNDONE, published
from bot.curate.commands.showing import leaning, shown, told
from bot.curate.documents.checking import Part
from bot.curate.documents.document import Fields, field_lines, fields_of, kind_of, with_field
from bot.curate.drafts.drafts import Draft, item_of, save
from bot.curate.drafts.publishing import before, undoable
from bot.curate.drafts.publishing import undo as put_back
from bot.reply import Action, Reply

FIELDS = ("title", "as_of", "state", "text", "tags", "outlet", "url", "published", "language", "date", "says",
          "speaker", "kind")  # fmt: skip


def edit(ask: Ask) -> Reply:
    """Answers `edit ID`: a new version, of which nobody has to be told."""
    found = item(ask, "edit")
    return found if isinstance(found, Reply) else _changed(ask, "edit", found, "")


def correct(ask: Ask) -> Reply:
    """Answers `correct ID`: a mistake is mended, with every copy; quietly where it is one of typing."""
    found, was, quiet = item(ask, "correct"), ask.text("was") or "", bool(ask.text("quiet"))
    if isinstance(found, Reply):
        return found
    if not was.strip() and not quiet:
        what = "A correction tells readers what was wrong, in a sentence; one of typing alone is `quiet`."
        again = f"correct {ask.text('id')}"
        return mistake(ask.call, "correct", what, (f"{again} quiet", f"{again} was it said that …"))
    return _changed(ask, "correct", found, was.strip())


def retract(ask: Ask) -> Reply:
    """Answers `retract ID because REASON`."""
    found, because = item(ask, "retract"), (ask.text("because") or "").strip()
    if isinstance(found, Reply):
        return found
    if fields_of(found.row.text).values.get("retracted"):
        return told(ask, f"{found.row.item} is retracted already.", wrong=True)
    if found.slug:
        name = f"{found.row.item}#{found.slug}"
        what = (
            "A fact alone is corrected, or taken out of its note by `edit`; a source is retracted as a whole."
        )
        return mistake(ask.call, "retract", what, (f"correct {name}", f"edit {found.row.item}"))
    if not because:
        what = "A retraction says why, in a sentence: it stays in the place of what is retracted."
        return mistake(ask.call, "retract", what, (f"retract {found.row.item} because …",))
    return _begun(ask, "retract", found, found.part, because)


def restore(ask: Ask) -> Reply:
    """Answers `restore ID`: what was retracted counts again."""
    found = item(ask, "restore")
    if isinstance(found, Reply):
        return found
    if not fields_of(found.row.text).values.get("retracted"):
        what = f"{found.row.item} is not retracted; `history {found.row.item}` shows its versions."
        return told(ask, what, wrong=True)
    return _begun(ask, "restore", found, found.part, "")


def undo(ask: Ask) -> Reply:
    """Answers `undo`: takes back what one published last, within ten minutes."""
    rows = undoable(ask)
    if not rows:
        text = "There is nothing of yours to undo: only what you published last, within ten minutes, can be."
        return told(ask, text, Action("Drafts", "drafts"), wrong=True)
    stood = before(ask, rows)
    if stood.against:
        return told(
            ask, "\n".join(map(leaning, stood.against[:5])), wrong=True, title="That cannot be undone"
        )
    return published(ask, put_back(ask, rows, stood), UNDONE)


def change_form(ask: Ask, command: str) -> Form | Reply:
    """The form of `edit` and `correct`, filled with what stands."""
    found = item(ask, command)
    if isinstance(found, Reply):
        return found
    quiet = bool(ask.text("quiet"))
    words = " ".join(filter(None, [command, ask.text("id"), "quiet" if quiet else ""]))
    fields = _fields_of(found)
    if command == "correct" and not quiet:
        left_out = {"as_of", "tags", "language", "kind"} if not found.slug else {"tags"}
        fields = (WAS, *(field for field in fields if field.name not in left_out))
    return form_or_word(ask, Form(words, f"{command.capitalize()} {found.row.item}"[:45], fields))


def retract_form(ask: Ask) -> Form | Reply:
    """The form of `retract`: why."""
    found = item(ask, "retract")
    if isinstance(found, Reply):
        return found
    reason = WAS._replace(name="because", label="Why it is retracted")
    return Form(f"retract {found.row.item}", f"Retract {found.row.item}"[:45], (reason,))


def draft_edit(ask: Ask) -> Reply:
    """Answers `draft edit N [ID]`: a draft with another text."""
    draft = draft_named(ask)
    if isinstance(draft, Reply):
        return draft
    if closed := still_open(ask, draft):
        return closed
    part = draft.part(ask.text("id") or "") or draft.part()
    assert part is not None
    texts = uploads(ask, "draft edit")
    if isinstance(texts, Reply):
        return texts
    if not texts and not _given(ask):
        return shown(ask, draft)
    for text in texts or [filled_in(part.text, _given(ask), of_source=part.kind == "source")]:
        draft = _with(ask, draft, part if len(draft.parts) == 1 or not texts else None, text)
    if refused := foreign(ask, draft.parts, draft.row.audience):
        return refused
    note = ask.text("was") or ask.text("because") or draft.row.note
    return shown(ask, save(ask, draft._replace(row=draft.row._replace(note=note))))


def draft_edit_form(ask: Ask) -> Form | Reply:
    """The form of a draft, filled with what it says so far."""
    draft = draft_named(ask)
    if isinstance(draft, Reply):
        return draft
    if closed := still_open(ask, draft):
        return closed
    part = draft.part(ask.text("id") or "") or draft.part()
    assert part is not None
    has = fields_of(part.text)
    fields = source_form(has) if part.kind == "source" else briefing_form(has)
    if draft.row.act == "retract":
        fields = (WAS._replace(name="because", label="Why it is retracted", value=draft.row.note),)
    elif draft.row.act == "correct" and not draft.row.quiet:
        fields = (
            WAS._replace(value=draft.row.note),
            *(one for one in fields if one.name not in _NOT_CORRECTED),
        )
    words = f"draft edit {draft.row.id} {item_of(part)}".strip()
    return form_or_word(ask, Form(words, f"Draft {draft.row.id}", fields))


_NOT_CORRECTED = {"as_of", "tags", "language"}


def draft_fact(ask: Ask) -> Reply:
    """Answers `draft fact N [SLUG]`: one more fact of a source note, or one changed."""
    found = _noted(ask)
    if isinstance(found, Reply):
        return found
    draft, part = found
    if not _given(ask):
        return shown(ask, draft, item_of(part))
    slug = (ask.text("slug") or "").removeprefix("#")
    return shown(
        ask, save(ask, _with(ask, draft, part, with_fact(part.text, slug, _given(ask)))), item_of(part)
    )


def draft_fact_form(ask: Ask) -> Form | Reply:
    """The form of a fact."""
    found = _noted(ask)
    if isinstance(found, Reply):
        return found
    draft, part = found
    slug = (ask.text("slug") or "").removeprefix("#")
    fact = next((one for one in fields_of(part.text).entries("facts") if one.get("id") == slug), None)
    words = f"draft fact {draft.row.id} {slug}".strip()
    return Form(words, "A fact" if fact is None else f"#{slug}"[:45], fact_form(fact))


def _noted(ask: Ask) -> tuple[Draft, Part] | Reply:
    """The draft, and its source note."""
    draft = draft_named(ask)
    if isinstance(draft, Reply):
        return draft
    if closed := still_open(ask, draft):
        return closed
    part = next((part for part in draft.parts if part.kind == "source"), None)
    if part is None:
        text = f"Draft {draft.row.id} has no source note; `source add to {draft.row.id}` begins one."
        return told(ask, text, wrong=True)
    return draft, part


def _changed(ask: Ask, act: str, found: Item, note: str) -> Reply:
    texts = uploads(ask, act)
    if isinstance(texts, Reply):
        return texts
    given = _given(ask)
    if len(texts) > 1:
        return mistake(ask.call, act, f"{act} takes one file.", (f"help {act}",))
    if not texts and not given:
        what = f"{act} needs the new text: a file, or a block of code between two lines of ```."
        return mistake(ask.call, act, what, (f"history {found.row.item}", f"help {act}"))
    if texts:
        text = texts[0]
        if kind_of(text) != found.row.kind or fields_of(text).text("id") not in {"", found.row.item}:
            what = f"That is no new text of {found.row.item}: its id is “{fields_of(text).text('id')[:60]}”."
            return mistake(ask.call, act, what, (f"history {found.row.item}",))
        text = _kept(found, text)
    elif found.slug:
        text = with_fact(found.row.text, found.slug, given)
    else:
        text = filled_in(found.row.text, given, of_source=found.row.kind == "source")
    part = found.part._replace(text=completed(ask, text, found.row.item, found.row.audience))
    if part.text == found.row.text:
        return told(ask, f"That is {found.row.item} as it stands; nothing was changed.", wrong=True)
    return _begun(ask, act, found, part, note)


def _kept(found: Item, text: str) -> str:
    """The new text; for whom it is, and what was corrected, is not lost where it leaves that out."""
    for name in ("audience", "corrections", "retracted"):
        if (
            fields_of(text).values
            and name not in fields_of(text).values
            and name in fields_of(found.row.text).values
        ):
            text = with_field(text, name, field_lines(found.row.text, name))
    return text


def _begun(ask: Ask, act: str, found: Item, part: Part, note: str) -> Reply:
    if refused := foreign(ask, (part,), found.row.audience):
        return refused
    draft = begun(ask, act, found.row.audience, (part,), note=note, quiet=bool(ask.text("quiet")))
    return draft if isinstance(draft, Reply) else shown(ask, draft)


def _with(ask: Ask, draft: Draft, part: Part | None, text: str) -> Draft:
    """The draft with a text in the place of this document, or of the one of the same id, or besides."""
    name, kind = fields_of(text).text("id"), kind_of(text)
    old = part or next((one for one in draft.parts if (one.kind, item_of(one)) == (kind, name)), None)
    text = completed(ask, text, item_of(old) if old else "", draft.row.audience)
    if old is None:
        record(ask, "draft edit", name, after=f"draft {draft.row.id}", audience=draft.row.audience)
        return draft._replace(parts=(*draft.parts, Part(kind, text)))
    return draft._replace(parts=tuple(one._replace(text=text) if one is old else one for one in draft.parts))


def _fields_of(found: Item) -> tuple[Field, ...]:
    has: Fields = fields_of(found.row.text)
    if found.slug:
        return fact_form(next(one for one in has.entries("facts") if one.get("id") == found.slug))
    return source_form(has) if found.row.kind == "source" else briefing_form(has)


def _given(ask: Ask) -> Given:
    """What a form brought; an emptied field counts."""
    return {name: value for name in FIELDS if (value := ask.text(name)) is not None}
