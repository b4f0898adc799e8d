"""`draft edit` and `draft fact`: going on with one's own draft, by a form or with the text anew."""

from bot.command.entry import Ask
from bot.command.form import Form
from bot.command.mistake import mistake
from bot.command.record import record
from bot.curate.commands.asking import completed, foreign, form_or_word, mine, uploads
from bot.curate.commands.forms import (
    as_it_stands,
    briefing_form,
    correcting,
    fact_form,
    filled_in,
    given_in,
    reason_field,
    source_form,
    with_fact,
)
from bot.curate.commands.showing import shown, told
from bot.curate.documents.checking import Part
from bot.curate.documents.document import fields_of, kind_of
from bot.curate.drafts.drafts import Draft, item_of, save
from bot.reply import Action, Reply


def draft_edit(ask: Ask) -> Reply:
    """Answers `draft edit N [ID]`: a draft with another text, or another reason."""
    draft = mine(ask)
    if isinstance(draft, Reply):
        return draft
    texts = uploads(ask, "draft edit")
    if isinstance(texts, Reply):
        return texts
    note = ask.text("was") or ask.text("because") or draft.row.note
    draft = draft._replace(row=draft.row._replace(note=note))
    if draft.row.act in {"retract", "restore"}:
        if texts or given_in(ask):
            what = f"Draft {draft.row.id} takes back what stands as it is; only the reason can be another."
            return mistake(ask.call, "draft edit", what, (f"draft show {draft.row.id}",))
        return shown(ask, save(ask, draft), did="draft edit")
    part = draft.part(ask.text("id") or "") or draft.part()
    assert part is not None
    if given_in(ask) and not texts:
        text = filled_in(part.text, given_in(ask), of_source=part.kind == "source")
        draft = _with(ask, draft, part, text)
    for text in texts:
        draft = _with(ask, draft, part if len(texts) == len(draft.parts) == 1 else _of(draft, text), text)
    if refused := foreign(ask, draft.parts, draft.row.audience):
        return refused
    return shown(ask, save(ask, draft), did="draft edit")


def draft_edit_form(ask: Ask) -> Form | Reply:
    """The form of a draft, filled with what it says so far."""
    draft = mine(ask)
    if isinstance(draft, Reply):
        return draft
    part = draft.part(ask.text("id") or "") or draft.part()
    assert part is not None
    has = fields_of(part.text)
    fields = source_form(has) if part.kind == "source" else briefing_form(has)
    if draft.row.act == "retract":
        fields = (reason_field(draft.row.note),)
    elif draft.row.act == "correct" and not draft.row.quiet:
        fields = correcting(fields, draft.row.note)
    words = f"draft edit {draft.row.id} {item_of(part)}".strip()
    return form_or_word(ask, Form(words, f"Draft {draft.row.id}", fields))


def draft_fact(ask: Ask) -> Reply:
    """Answers `draft fact N [SLUG]`: one more fact of a source note, or one changed."""
    found = _noted(ask)
    if isinstance(found, Reply):
        return found
    draft, part = found
    given, slug = given_in(ask), (ask.text("slug") or "").removeprefix("#")
    if not given:
        return shown(ask, draft, item_of(part))
    facts = fields_of(part.text).entries("facts")
    if not slug and any(fact.get("says") == given.get("says", "").strip() for fact in facts):
        record(ask, "draft edit", draft.name, outcome="refused: sent already", audience=draft.row.audience)
        text = f"That fact is in draft {draft.row.id} already; nothing was added."
        return told(ask, text, Action("See it", f"draft show {draft.row.id}"), wrong=True)
    draft = _with(ask, draft, part, with_fact(part.text, slug, given))
    return shown(ask, save(ask, draft), item_of(part), did="draft edit")


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
    draft = mine(ask)
    if isinstance(draft, Reply):
        return draft
    part = next((part for part in draft.parts if part.kind == "source"), None)
    if part is None or draft.row.act in {"retract", "restore"}:
        text = f"Draft {draft.row.id} has no source note; `source add to {draft.row.id}` begins one."
        return told(ask, text, wrong=True)
    return draft, part


def _of(draft: Draft, text: str) -> Part | None:
    """The document of a draft that a text is meant for, by kind and id."""
    name = kind_of(text), fields_of(text).text("id")
    return next((part for part in draft.parts if (part.kind, item_of(part)) == name), None)


def _with(ask: Ask, draft: Draft, old: Part | None, text: str) -> Draft:
    """The draft with a text in the place of one of its documents, or besides them."""
    if old is None:
        text = completed(ask, text, "", draft.row.audience)
        return draft._replace(parts=(*draft.parts, Part(kind_of(text), text)))
    text = completed(ask, text, item_of(old), draft.row.audience)
    # Given anew, it is a change of what stands by now.
    now = ask.newsroom.standing(old.kind, old.item) if old.base else None
    new = (
        old._replace(text=as_it_stands(text, now.text), base=now.version)
        if now and now.text
        else old._replace(text=text)
    )
    return draft._replace(parts=tuple(new if one is old else one for one in draft.parts))
