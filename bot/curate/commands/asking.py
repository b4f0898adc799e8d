"""What the newsroom's commands ask for: the item that is meant, the draft, the documents that came along."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.command.entry import Ask
from bot.command.form import Form
from bot.command.mistake import mistake, shortened
from bot.command.record import record
from bot.command.uploads import MOST_FILES, shown_name
from bot.curate.commands.showing import told
from bot.curate.documents.checking import Part
from bot.curate.documents.document import MAX_TEXT, fields_of, kind_of, slug_of, tidy, with_field
from bot.curate.documents.suggesting import written_out
from bot.curate.drafts.drafts import (
    MOST_OPEN,
    Draft,
    TooManyError,
    begin,
    begun_before,
    find,
    is_mine,
    item_of,
    was_drafted,
    was_published,
)
from bot.curate.drafts.rights import may_change
from bot.model import EVERYONE
from bot.nearest import nearest
from bot.reply import Action, Line, Reply, Section
from bot.store.newsroom import RevisionRow

_KINDS = {"corpus": ("source",), "briefings": ("briefing",)}  # as problems name where something is


class Item(NamedTuple):
    """A briefing or a source, as it stands; with a fact, where one was named."""

    row: RevisionRow
    slug: str = ""  # of the fact
    gone: bool = False  # it was taken away: the row is the last one that had a text

    @property
    def part(self) -> Part:
        """Its document, to be changed, or to be added anew."""
        if self.gone:
            return Part(self.row.kind, self.row.text)
        return Part(self.row.kind, self.row.text, self.row.version, self.row.item)


def item(ask: Ask, command: str) -> Item | Reply:
    """The item that a command names, where its author may change it."""
    folder, _, name = (ask.text("id") or "").removesuffix(".md").rpartition("/")
    name, _, slug = name.partition("#")
    # Where a source and a briefing share an id, a fact or the folder says which is meant.
    kinds = _KINDS.get("corpus" if slug else folder, ("briefing", "source"))
    back = command in {"history", "edit"}  # what was taken away has a history, and can be added anew
    found = [row for kind in kinds if (row := ask.newsroom.standing(kind, name)) and (row.text or back)]
    seen = {EVERYONE, ask.asker.audience}
    rows = [row for row in found if ask.rank == "owner" or row.audience in seen]
    if not rows:
        ids = [*ask.shelf.briefing_ids(), *ask.shelf.source_ids()]
        near = [f"{command} {one}" for one in nearest(name, ids, 3, 0.4)]
        what = f"There is no briefing and no source “{shortened(name)}”."
        return mistake(ask.call, command, what, [*near, "briefings"])
    row = rows[0]
    if not may_change(ask, row.audience):
        record(ask, command, row.item, outcome="refused: not theirs to change")
        return told(ask, _not_yours(ask, row), wrong=True)
    if slug and not any(fact.get("id") == slug for fact in fields_of(row.text).entries("facts")):
        return mistake(ask.call, command, f"{name} has no fact #{shortened(slug)}.", [f"source {name}"])
    if row.text or command == "history":
        return Item(row, slug)
    last = [
        one for one in ask.newsroom.revisions(row.kind, row.item) if one.text and one.audience == row.audience
    ]
    return Item(last[-1], slug, gone=True)


def _not_yours(ask: Ask, row: RevisionRow) -> str:
    server = ask.asker.terms.server
    if row.audience == EVERYONE:
        return (
            f"{row.item} is for everyone: the editors of the story change it.\n"
            f"What you may change is what was written for this {server}."
        )
    return f"{row.item} is this {server}'s own: whoever manages the {server} changes it."


def draft_named(ask: Ask, name: str = "draft") -> Draft | Reply:
    """The draft that a command names, where whoever asks may see it and it is still open."""
    given = ask.text(name) or ""
    draft = find(ask, int(given)) if given.isdigit() and len(given) < 10 else None
    if draft is None:
        record(ask, "draft", f"draft {given[:9]}", outcome="refused: no draft of theirs")
        text = f"There is no draft {shortened(given)} of yours."
        return told(ask, text, Action("Drafts", "drafts"), wrong=True)
    return draft


def mine(ask: Ask, name: str = "draft") -> Draft | Reply:
    """One's own draft, still open: whoever approves one does not change it."""
    draft = draft_named(ask, name)
    if isinstance(draft, Reply):
        return draft
    if closed := still_open(ask, draft):
        return closed
    if is_mine(ask, draft):
        return draft
    record(ask, "draft", draft.name, outcome="refused: somebody else's", audience=draft.row.audience)
    text = f"Draft {draft.row.id} is somebody else's: you may approve it, or send it back, and not change it."
    return told(ask, text, Action("See it", f"draft show {draft.row.id}"), wrong=True)


def still_open(ask: Ask, draft: Draft) -> Reply | None:
    """Why nothing more can be done with a draft; None where something can."""
    if draft.row.state in {"open", "waiting"}:
        return None
    record(
        ask, "draft", draft.name, outcome=f"refused: {draft.row.state} already", audience=draft.row.audience
    )
    text = f"Draft {draft.row.id} was {draft.row.state} already; nothing was changed."
    return told(ask, text, Action("Drafts", "drafts"), wrong=True)


def uploads(ask: Ask, command: str) -> list[str] | Reply:
    """The texts of the files that came along; why not, where one of them cannot be read."""
    wrong = [f"{_called(file.name)}: {file.problem}" for file in ask.files if file.problem]
    wrong += [
        f"{_called(file.name)} is {len(file.text):,} characters long, more than {MAX_TEXT:,}; split it up."
        for file in ask.files
        if len(file.text) > MAX_TEXT
    ]
    if len(ask.files) > MOST_FILES:
        wrong.append(f"{len(ask.files)} files are more than {MOST_FILES}; send them in several drafts.")
    if wrong:
        record(ask, command, outcome=f"refused: {wrong[0][:100]}")
        return mistake(ask.call, command, "\n".join(wrong))
    return [tidy(file.text) for file in ask.files]


def how_to_send(ask: Ask) -> str:
    """How a document gets here."""
    if ask.asker.platform == "terminal":
        return "the name of a file behind the command, or in the shell a file on standard input"
    return "a file, or a block of code between two lines of ```"


def with_form(ask: Ask, reply: Reply, words: str) -> Reply:
    """A word that something is missing, with a button for its form, where there are forms."""
    if ask.asker.platform == "terminal":
        return reply
    told = Section("", (Line("Or fill in the form: the button opens it."),))
    return reply._replace(
        sections=(*reply.sections, told), actions=(Action("Open the form", words), *reply.actions)
    )


def form_or_word(ask: Ask, form: Form) -> Form | Reply:
    """The form, unless what stands in it is longer than a form can hold."""
    for field in form.fields:
        if len(field.value) > field.most:
            text = (
                f"The {field.label.lower()} is {len(field.value):,} characters long, and a form holds"
                f" {field.most:,}: send the whole as a file, with `{form.words}`."
            )
            return told(ask, text, wrong=True)
    return form


def as_parts(ask: Ask, texts: Sequence[str], audience: str, kind: str = "") -> tuple[Part, ...]:
    """New documents from texts: for their audience, with ids where they have none, citations written out."""
    return tuple(_as_part(ask, text, audience, kind) for text in texts)


def _as_part(ask: Ask, text: str, audience: str, kind: str) -> Part:
    fields = fields_of(text)
    kind = kind or kind_of(text)
    day = fields.text("as_of") or fields.text("published")
    item = fields.text("id") or free_id(
        ask, kind, day, fields.text("title"), lambda one: completed(ask, text, one, audience)
    )
    return Part(kind, completed(ask, text, item, audience))


def completed(ask: Ask, text: str, item: str, audience: str) -> str:
    """A text with the id and the audience that it leaves out, and with its citations written out."""
    fields = fields_of(text)
    if fields.values and not fields.text("id"):
        text = with_field(text, "id", item)
    if fields.values and audience and not fields.text("audience"):
        text = with_field(text, "audience", audience)
    return written_out(text, ask.shelf)


def free_id(ask: Ask, kind: str, day: str, title: str, with_id: Callable[[str], str]) -> str:
    """An id from a day and a title that no other has: 2022-07-13-the-end.

    `with_id` is the document with an id: where it was sent before, it gets the id that it had then.
    """
    day = day if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", day) else day[:10].strip("-/ ")
    stem = slug_of(f"{day} {title}", 50) or kind
    taken = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 1000))
    return next(
        one
        for one in taken
        if not ask.newsroom.standing(kind, one)
        or was_published(ask, kind, one, with_id(one))
        or was_drafted(ask, kind, with_id(one))
    )


def foreign(ask: Ask, parts: Sequence[Part], audience: str) -> Reply | None:
    """A refusal where a document names an audience that is not its author's to write for."""
    for part in parts:
        named = fields_of(part.text).text("audience")
        if named != audience and not may_change(ask, named):
            record(ask, "add", item_of(part), outcome=f"refused: for {named or 'everyone'}")
            whose = "that is not yours to write for" if named else "which only editors write"
            text = f"{item_of(part) or 'The document'} is for {named or 'everyone'}, {whose}."
            return told(ask, text, wrong=True)
    return None


def begun(
    ask: Ask, act: str, audience: str, parts: Sequence[Part], *, note: str = "", quiet: bool = False
) -> Draft | Reply:
    """A new draft; a word of refusal where it was sent before, or where somebody has too many."""
    items = ", ".join(filter(None, (part.item or item_of(part) for part in parts)))
    if before := begun_before(ask, act, audience, parts, note, quiet=quiet):
        text = f"That was sent already: it is draft {before.id}; nothing was changed."
        see, name, why = Action("See it", f"draft show {before.id}"), f"draft {before.id}", "sent already"
    elif act == "add" and all(was_published(ask, one.kind, item_of(one), one.text) for one in parts):
        text = (
            f"That was sent already: it is published as {items}; nothing was changed."
            f" To change it, there is `edit {item_of(parts[-1])}`."
        )
        see, name, why = Action("See it", f"{parts[-1].kind} {item_of(parts[-1])}"), "", "published already"
    else:
        try:
            return begin(ask, act, audience, parts, note=note, quiet=quiet)
        except TooManyError:
            text = (
                f"You have {MOST_OPEN} open drafts, which is as many as are kept;"
                " publish or discard some first."
            )
            see, name, why = Action("Drafts", "drafts"), "", "too many drafts"
    record(ask, f"{act}: draft", items, before=name, outcome=f"refused: {why}", audience=audience)
    return told(ask, text, see, wrong=True)


def _called(name: str) -> str:
    """A file as it is said back: its name, and never a path."""
    return shown_name(re.split(r"[/\\]", name)[-1])
