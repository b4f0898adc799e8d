"""`add` and `source add`: something new, by a form, a file or a block of code; always a draft first."""

from bot.command.entry import Ask
from bot.command.form import Form
from bot.command.mistake import mistake
from bot.command.record import record
from bot.curate.commands.asking import (
    as_parts,
    begun,
    foreign,
    free_id,
    how_to_send,
    mine,
    uploads,
    with_form,
)
from bot.curate.commands.forms import briefing_form, source_form
from bot.curate.commands.showing import shown, told
from bot.curate.documents.checking import Part
from bot.curate.documents.document import briefing_text, fields_of, source_text
from bot.curate.documents.suggesting import written_out
from bot.curate.drafts.drafts import Draft, save
from bot.curate.drafts.rights import audience_of_new
from bot.reply import Action, Reply

_FORM = ("title", "as_of", "state", "text", "tags")
_SOURCE_FORM = ("title", "outlet", "url", "published", "language")


def add(ask: Ask) -> Reply:
    """Answers `add`."""
    return _add(ask, "add", "briefing")


def source_add(ask: Ask) -> Reply:
    """Answers `source add`."""
    return _add(ask, "source add", "source")


def add_form(ask: Ask) -> Form | Reply:
    """The form of a new briefing."""
    return Form(_words(ask, "add"), "A new briefing", briefing_form())


def source_form_of(ask: Ask) -> Form | Reply:
    """The form of a new source note."""
    return Form(_words(ask, "source add"), "A new source note", source_form())


def _words(ask: Ask, command: str) -> str:
    to, audience = ask.text("to"), ask.text("for")
    return " ".join(filter(None, [command, to and f"to {to}", audience and f"for {audience}"]))


def _add(ask: Ask, command: str, kind: str) -> Reply:
    draft: Draft | Reply | None = mine(ask, "to") if ask.text("to") else None
    if isinstance(draft, Reply):
        return draft
    if draft and draft.row.act != "add":
        what = f"Draft {draft.row.id} changes what there is; something new needs a draft of its own."
        return mistake(ask.call, command, what, (command,))
    here = ask.text("for") == "here"
    if here and not ask.asker.server:
        what = f"“for here” is for a {ask.asker.terms.server}; this is none."
        return mistake(ask.call, command, what, (command,))
    audience = draft.row.audience if draft else audience_of_new(ask, here=here)
    parts = _parts(ask, command, kind, audience)
    if isinstance(parts, Reply):
        return parts
    if refused := foreign(ask, parts, audience):
        return refused
    if draft and {(part.kind, part.text) for part in parts} <= {(one.kind, one.text) for one in draft.parts}:
        record(ask, "draft edit", draft.name, outcome="refused: sent already", audience=audience)
        text = f"That was sent already: it is in draft {draft.row.id}; nothing was added."
        return told(ask, text, Action("See it", f"draft show {draft.row.id}"), wrong=True)
    if draft:
        return shown(ask, save(ask, draft._replace(parts=(*draft.parts, *parts))), did="draft edit")
    # Whoever may write for another audience says so in the document.
    audience = audience or next(filter(None, (fields_of(part.text).text("audience") for part in parts)), "")
    made = begun(ask, "add", audience, parts)
    return made if isinstance(made, Reply) else shown(ask, made, did="add: draft")


def _parts(ask: Ask, command: str, kind: str, audience: str) -> tuple[Part, ...] | Reply:
    """What came along: the files, or the values of a form."""
    texts = uploads(ask, command)
    if isinstance(texts, Reply):
        return texts
    if texts:
        return as_parts(ask, texts, audience)
    names = _FORM if kind == "briefing" else _SOURCE_FORM
    given = {name: value for name in names if (value := ask.text(name))}
    if not given:
        what = f"{command} needs a {kind} in the format of the files: {how_to_send(ask)}."
        return with_form(ask, mistake(ask.call, command, what, (f"help {command}",)), _words(ask, command))
    day, title = given.get("as_of") or given.get("published", ""), given.get("title", "")
    if kind == "briefing":
        given["text"] = written_out(given.get("text", ""), ask.shelf)
    made = source_text if kind == "source" else briefing_text
    item = free_id(ask, kind, day, title, lambda one: made(one, given, audience))
    return (Part(kind, made(item, given, audience)),)
