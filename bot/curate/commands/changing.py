"""`edit`, `correct`, `retract`, `restore`, `undo`: what stands, changed by a new version of it."""

from bot.command.entry import Ask
from bot.command.form import Field, Form
from bot.command.mistake import mistake
from bot.command.record import record
from bot.curate.commands.asking import (
    Item,
    begun,
    completed,
    foreign,
    form_or_word,
    how_to_send,
    item,
    uploads,
    with_form,
)
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
from bot.curate.commands.publishing import UNDONE, published
from bot.curate.commands.showing import leaning, shown, told
from bot.curate.documents.checking import Part
from bot.curate.documents.document import Fields, fields_of, kind_of
from bot.curate.drafts.publishing import before, undoable
from bot.curate.drafts.publishing import undo as put_back
from bot.reply import Action, Reply
from bot.wording import plural


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
        _refused(ask, "retract", found, "retracted already")
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
        _refused(ask, "restore", found, "not retracted")
        what = f"{found.row.item} is not retracted; `history {found.row.item}` shows its versions."
        return told(ask, what, wrong=True)
    return _begun(ask, "restore", found, found.part, "")


def undo(ask: Ask) -> Reply:
    """Answers `undo [DRAFT]`: takes back what one published last, within ten minutes.

    A button names the draft that it is about: an older one takes back nothing else.
    """
    rows, meant = undoable(ask), ask.text("draft")
    if rows and meant is not None and rows[0].draft != int(meant):
        record(ask, "undo", f"draft {meant}", outcome="refused: not what they published last")
        names = ", ".join(row.item for row in rows)
        text = (
            f"What draft {meant} published is not what you published last, which is {names}; nothing was"
            " changed. What stood before is in its history, and `edit` or `restore` brings it back."
        )
        return told(ask, text, Action(f"Undo draft {rows[0].draft}", f"undo {rows[0].draft}"), wrong=True)
    if not rows:
        record(ask, "undo", f"draft {meant}" if meant else "", outcome="refused: nothing to undo")
        text = "There is nothing of yours to undo: only what you published last, within ten minutes, can be."
        return told(ask, text, Action("Drafts", "drafts"), wrong=True)
    stood = before(ask, rows)
    if stood.against:
        items, audience = ", ".join(row.item for row in rows), rows[0].audience
        why = f"refused: {plural(len(stood.against), 'document')} would lean on nothing"
        record(ask, "undo", items, outcome=why, audience=audience)
        return told(ask, "\n".join(map(leaning, stood.against)), wrong=True, title="That cannot be undone")
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
        fields = correcting(fields, ask.text("was") or "")
    return form_or_word(ask, Form(words, f"{command.capitalize()} {found.row.item}"[:45], fields))


def retract_form(ask: Ask) -> Form | Reply:
    """The form of `retract`: why."""
    found = item(ask, "retract")
    if isinstance(found, Reply):
        return found
    return Form(
        f"retract {found.row.item}",
        f"Retract {found.row.item}"[:45],
        (reason_field((ask.text("because") or "").strip("… ")),),
    )


def _changed(ask: Ask, act: str, found: Item, note: str) -> Reply:
    texts = uploads(ask, act)
    if isinstance(texts, Reply):
        return texts
    given = given_in(ask)
    if len(texts) > 1:
        return mistake(ask.call, act, f"{act} takes one file.", (f"help {act}",))
    if not texts and not given:
        what = f"{act} needs the new text: {how_to_send(ask)}."
        again = " ".join(filter(None, (act, ask.text("id"), ask.text("quiet"))))
        return with_form(
            ask, mistake(ask.call, act, what, (f"history {found.row.item}", f"help {act}")), again
        )
    if texts:
        text = texts[0]
        if kind_of(text) != found.row.kind or fields_of(text).text("id") not in {"", found.row.item}:
            what = f"That is no new text of {found.row.item}: its id is “{fields_of(text).text('id')[:60]}”."
            return mistake(ask.call, act, what, (f"history {found.row.item}",))
        text = as_it_stands(text, found.row.text)
    elif found.slug:
        text = with_fact(found.row.text, found.slug, given)
    else:
        text = filled_in(found.row.text, given, of_source=found.row.kind == "source")
    part = found.part._replace(text=completed(ask, text, found.row.item, found.row.audience))
    if part.text == found.row.text and not found.gone:
        _refused(ask, act, found, "it says so already")
        return told(ask, f"That is {found.row.item} as it stands; nothing was changed.", wrong=True)
    return _begun(ask, act, found, part, note)


def _refused(ask: Ask, act: str, found: Item, why: str) -> None:
    record(ask, f"{act}: draft", found.row.item, outcome=f"refused: {why}", audience=found.row.audience)


def _begun(ask: Ask, act: str, found: Item, part: Part, note: str) -> Reply:
    if refused := foreign(ask, (part,), found.row.audience):
        return refused
    draft = begun(ask, act, found.row.audience, (part,), note=note, quiet=bool(ask.text("quiet")))
    return draft if isinstance(draft, Reply) else shown(ask, draft, did=f"{act}: draft")


def _fields_of(found: Item) -> tuple[Field, ...]:
    has: Fields = fields_of(found.row.text)
    if found.slug:
        return fact_form(next(one for one in has.entries("facts") if one.get("id") == found.slug))
    return source_form(has) if found.row.kind == "source" else briefing_form(has)
