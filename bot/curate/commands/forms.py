"""The forms of the newsroom: what is asked for, and documents made of what was filled in."""

from collections.abc import Iterable, Mapping

from bot.command.entry import Ask
from bot.command.form import Field
from bot.curate.documents.document import (
    Fields,
    field_lines,
    fields_of,
    listed,
    scalar,
    slug_of,
    with_body,
    with_facts,
    with_field,
    without_field,
)
from bot.model import KINDS, MAX_STATE, MAX_TITLE

Given = Mapping[str, str]

_NOT_CORRECTED = {"as_of", "tags", "language"}
WAS = Field("was", "What was wrong", help="One sentence; readers see it from now on", most=600)


def briefing_form(fields: Fields | None = None) -> tuple[Field, ...]:
    """The fields of a briefing, filled with what it says."""
    has = fields or Fields({}, "")
    return (
        Field("title", "Title", has.text("title"), most=MAX_TITLE),
        Field("as_of", "As of", has.text("as_of"), "The day of which it tells, as 2022-07-13", most=40),
        Field("state", "The story in one line", has.text("state"), most=MAX_STATE),
        Field("text", "Text", has.body, "Each sentence ends in [@source#fact]", long=True),
        Field("tags", "Tags", has.words("tags"), "As: harbour, strike", required=False, most=200),
    )


def source_form(fields: Fields | None = None) -> tuple[Field, ...]:
    """The fields of a source note; its facts come one after another."""
    has = fields or Fields({}, "")
    return (
        Field("title", "Headline", has.text("title"), most=MAX_TITLE),
        Field("outlet", "Outlet", has.text("outlet"), "Who published it; or: unknown", most=200),
        Field("url", "Web address", has.text("url"), "https://…; or: unknown", most=500),
        Field("published", "Published", has.text("published"), "As 2022-07-13, or 2022-07", most=40),
        Field("language", "Language", has.text("language") or "en", "As en, de, ru", most=20),
    )


def fact_form(fact: Mapping[str, object] | None = None) -> tuple[Field, ...]:
    """The fields of a fact."""
    has = Fields(fact or {}, "")
    return (
        Field("date", "Date", has.text("date"), "When it happened or is to happen, as 2022-07-12", most=40),
        Field("says", "Statement", has.text("says"), "One statement, in our own words", long=True, most=600),
        Field("speaker", "Speaker", has.text("speaker"), "Who said it", required=False, most=200),
        Field("kind", "Kind", has.text("kind"), f"One of: {', '.join(KINDS)}", most=20),
        Field("tags", "Tags", has.words("tags"), "As: harbour, strike", required=False, most=200),
    )  # fmt: skip


LABELS = {field.name: field.label for field in (*briefing_form(), *source_form())}
"""What the fields of a document are called in its form."""


def correcting(fields: Iterable[Field], was: str = "") -> tuple[Field, ...]:
    """The fields of a correction: what was wrong, and what can be; a form has room for five."""
    return (WAS._replace(value=was), *(field for field in fields if field.name not in _NOT_CORRECTED))


def reason_field(reason: str = "") -> Field:
    """The field of a retraction."""
    return WAS._replace(name="because", label="Why it is retracted", value=reason)


def filled_in(text: str, given: Given, *, of_source: bool) -> str:
    """The document with the values of a form; what the form does not have stays as it was."""
    has = fields_of(text)
    for name in (
        ("title", "outlet", "url", "published", "language") if of_source else ("title", "as_of", "state")
    ):
        if name in given and given[name] != has.text(name):
            text = with_field(text, name, scalar(given[name]))
    if "tags" in given and not of_source and listed(given["tags"]) != listed(has.words("tags")):
        text = with_field(text, "tags", listed(given["tags"]))
    if "text" in given and not of_source and given["text"].strip() != has.body:
        text = with_body(text, given["text"])
    return text


def with_fact(text: str, slug: str, given: Given) -> str:
    """The note with a fact added or, where one has this slug, changed; without a statement, taken out."""
    facts = fields_of(text).entries("facts")
    place = next((number for number, fact in enumerate(facts) if fact.get("id") == slug), None)
    if not given.get("says", "").strip():
        return with_facts(text, [fact for fact in facts if fact.get("id") != slug])
    old = facts[place] if place is not None else {}
    names = {str(fact.get("id")) for fact in facts}
    new = {
        **old,
        **{name: given[name] for name in ("date", "says", "speaker", "kind") if name in given},
        "id": slug or _free(given["says"], names),
    }
    if "tags" in given:
        new["tags"] = [word.strip() for word in given["tags"].split(",") if word.strip()]
    if place is None:
        return with_facts(text, [*facts, new])
    return with_facts(text, [new if number == place else fact for number, fact in enumerate(facts)])


def _free(says: str, taken: set[str]) -> str:
    """A slug of the first words that no other fact of the note has."""
    stem = slug_of(says, 32) or "fact"
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 3000))
    return next(name for name in names if name not in taken)


_FIELDS = (
    *("title", "as_of", "state", "text", "tags"),
    *("outlet", "url", "published", "language"),
    *("date", "says", "speaker", "kind"),
)


def given_in(ask: Ask) -> Given:
    """What a form brought; an emptied field counts."""
    return {name: value for name in _FIELDS if (value := ask.text(name)) is not None}


def as_it_stands(text: str, standing: str) -> str:
    """A new text with what no text changes: what was corrected, whether it is retracted, for whom it is."""
    has, had = fields_of(text).values, fields_of(standing).values
    if not has:
        return text
    for name in ("corrections", "retracted"):
        if name in had:
            text = with_field(text, name, field_lines(standing, name))
        elif name in has:
            text = without_field(text, name)
    if "audience" in had and "audience" not in has:
        text = with_field(text, "audience", field_lines(standing, "audience"))
    return text
