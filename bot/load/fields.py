"""What the fields of the three formats may hold, and how to say that one does not.

pydantic checks all fields of a file at once; `problems_of` puts its errors in our words, on the
line where the field stands.
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.edtf import Edtf, parse_edtf
from bot.load.frontmatter import Parsed
from bot.model import EVERYONE, KINDS, MAX_STATE, MAX_TITLE, NAME_KINDS, UNKNOWN, Problem
from bot.nearest import nearest

MAX_ID = 60
MAX_SAYS = 600
MAX_SHORT = 200
MAX_NOTE = 4000
MAX_BODY = 60_000
MAX_FACTS = 2000
MAX_WORD = 100  # of a name, and of a word or phrase of a vocabulary
MAX_NAMES = 2000
MAX_ALSO = 60  # what one name may also be called, belong to or be introduced by
MAX_GROUPS = 2000  # of words that mean the same, and of wider words
MAX_GROUP = 100
POINTER = re.compile(r"[a-z0-9][a-z0-9-]*#[a-z0-9][a-z0-9-]*")  # source-id#fact-id


def _wrong(message: str, mend: str) -> PydanticCustomError:
    return PydanticCustomError("ours", "{what}; {mend}", {"what": message, "mend": mend})


def _one_line(limit: int, *, empty: bool = False) -> AfterValidator:
    def check(text: str) -> str:
        clean = text.strip()
        if not clean and not empty:
            raise _wrong("is empty", "fill it in")
        if "\n" in clean:
            raise _wrong("runs over several lines", "write it in one line")
        if any(not character.isprintable() for character in clean):
            raise _wrong("has characters that cannot be seen", "type it anew")
        if len(clean) > limit:
            raise _wrong(f"is {len(clean)} characters long, more than {limit}", "shorten it")
        return clean

    return AfterValidator(check)


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", text, re.ASCII) or len(text) > MAX_ID:
        mend = f"use lower-case letters, digits and hyphens, {MAX_ID} at most"
        raise _wrong(f"{text[:80]!r} is not a slug", mend)
    return text


def _date(text: object) -> Edtf:
    if not isinstance(text, str):
        raise _wrong("is not a date", "write it in EDTF, as 2022-07-12 or 2022-03")
    try:
        return parse_edtf(text)
    except ValueError as error:
        what, mark, mend = str(error).rpartition("; ")
        raise (_wrong(what, mend) if mark else _wrong(mend, "write the earlier day first")) from None


def _dated(date: Edtf) -> Edtf:
    if date.last is None:
        raise _wrong("is undated", "work out the interval it must lie in, and say how in dated_by")
    return date


def _url(text: str) -> str:
    if text != UNKNOWN and not re.fullmatch(r"https?://[^\s<>\"'()\[\]`|\\]{3,500}", text):
        raise _wrong(f"{text[:80]!r} is no web address", f"write https://… or {UNKNOWN}")
    return text


def _audience(text: str) -> str:
    if text and not re.fullmatch(r"discord/[0-9]{1,20}|slack/[A-Z0-9]{1,20}", text):
        raise _wrong(
            f"{text[:80]!r} is no server", "write discord/ or slack/ and its id, or take the field out"
        )
    return text


def _day(date: Edtf) -> Edtf:
    if not date.exact:
        raise _wrong(f"{date.text!r} is not one day", "write it as 2022-07-12")
    return date


def _pointer(text: str) -> str:
    if not POINTER.fullmatch(text) or len(text) > 2 * MAX_ID + 1:
        raise _wrong(f"{text[:80]!r} names no fact", "write source-id#fact-id")
    return text


def _spoken(text: str) -> str:
    # A question is taken apart into letters and digits: of `%` nothing is left to look for.
    if not any(character.isalnum() for character in text):
        raise _wrong(f"is {text!r}, without a letter or digit", "write it in letters, or take it out")
    return text


def _name_kind(text: str) -> str:
    if text not in NAME_KINDS:
        near = nearest(text[:80].lower(), NAME_KINDS)
        mend = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(NAME_KINDS)}"
        raise _wrong(f"is {text[:80]!r}", mend)
    return text


def _several(words: list[str]) -> list[str]:
    if len(words) < 2:
        what = "has only one word" if words else "has no words"
        raise _wrong(what, "write two or more that mean the same, or take the group out")
    return words


def _some(words: list[str]) -> list[str]:
    if not words:
        raise _wrong("has no words", "write what it may mean, or take it out")
    return words


Slug = Annotated[str, AfterValidator(_slug)]
Short = Annotated[str, _one_line(MAX_SHORT)]
Title = Annotated[str, _one_line(MAX_TITLE)]
When = Annotated[Edtf, BeforeValidator(_date)]
Published = Annotated[Edtf, BeforeValidator(_date), AfterValidator(_dated)]
Day = Annotated[Edtf, BeforeValidator(_date), AfterValidator(_day)]
# `tags:` with nothing behind it is an empty list, not the text "".
_EMPTY = BeforeValidator(lambda given: [] if given == "" else given)
Tags = Annotated[list[Slug], _EMPTY]
Because = Annotated[str, _one_line(MAX_SAYS)]
Word = Annotated[str, _one_line(MAX_WORD), AfterValidator(_spoken)]
Also = Annotated[list[Word], _EMPTY, Field(max_length=MAX_ALSO)]
Group = Annotated[list[Word], _EMPTY, Field(max_length=MAX_GROUP)]


class _Fields(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class RelationFields(_Fields):
    """`supersedes` and `disputes` of a fact."""

    fact: Annotated[str, AfterValidator(_pointer)]
    because: Because


class FactFields(_Fields):
    """One of the `facts` of a source."""

    id: Slug
    date: When
    says: Annotated[str, _one_line(MAX_SAYS)]
    speaker: Annotated[str, _one_line(MAX_SHORT, empty=True)] = ""
    kind: Literal["event", "statement", "plan", "background"]
    tags: Tags = Field(default_factory=list)
    supersedes: Annotated[list[RelationFields], _EMPTY] = Field(default_factory=list)
    disputes: Annotated[list[RelationFields], _EMPTY] = Field(default_factory=list)


class EarlierFactFields(_Fields):
    """One of the `facts` of a correction: what a fact said until then."""

    id: Slug
    date: When
    says: Annotated[str, _one_line(MAX_SAYS)]
    speaker: Annotated[str, _one_line(MAX_SHORT, empty=True)] = ""


class CorrectionFields(_Fields):
    """One of the `corrections` of a source or a briefing."""

    on: Day
    was: Annotated[str, _one_line(MAX_SAYS)]
    title: Annotated[str, _one_line(MAX_TITLE, empty=True)] = ""
    state: Annotated[str, _one_line(MAX_STATE, empty=True)] = ""
    body: Annotated[str, Field(max_length=MAX_BODY)] = ""
    facts: Annotated[list[EarlierFactFields], _EMPTY] = Field(default_factory=list)


class RetractionFields(_Fields):
    """`retracted` of a source or a briefing."""

    on: Day
    because: Because


class _Kept(_Fields):
    """What sources and briefings have in common: for whom they are, and what became of them."""

    audience: Annotated[str, AfterValidator(_audience)] = EVERYONE
    corrections: Annotated[list[CorrectionFields], _EMPTY] = Field(default_factory=list)
    retracted: RetractionFields | None = None


class SourceFields(_Kept):
    """The front matter of a source."""

    id: Slug
    title: Title
    outlet: Short
    url: Annotated[str, AfterValidator(_url)]
    published: Published
    dated_by: Annotated[str, _one_line(MAX_SAYS, empty=True)] = ""
    language: Annotated[str, _one_line(20)]
    facts: Annotated[list[FactFields], Field(max_length=MAX_FACTS)]


class BriefingFields(_Kept):
    """The front matter of a briefing."""

    id: Slug
    title: Title
    as_of: Published
    state: Annotated[str, _one_line(MAX_STATE)]
    phase: Slug
    tags: Tags = Field(default_factory=list)


class NameFields(_Fields):
    """One of the `names` of a vocabulary."""

    name: Word
    kind: Annotated[str, AfterValidator(_name_kind)]
    also: Also = Field(default_factory=list)
    part_of: Also = Field(default_factory=list)
    introduced: Annotated[
        list[Annotated[str, AfterValidator(_pointer)]], _EMPTY, Field(max_length=MAX_ALSO)
    ] = Field(default_factory=list)


class VocabularyFields(_Fields):
    """The words of a story."""

    names: Annotated[list[NameFields], _EMPTY, Field(max_length=MAX_NAMES)] = Field(default_factory=list)
    words: Annotated[
        list[Annotated[Group, AfterValidator(_several)]], _EMPTY, Field(max_length=MAX_GROUPS)
    ] = Field(default_factory=list)
    narrower: Annotated[
        dict[Word, Annotated[Group, AfterValidator(_some)]],
        BeforeValidator(lambda given: {} if given == "" else given),
        Field(max_length=MAX_GROUPS),
    ] = Field(default_factory=dict)


_MODELS: dict[str, type[_Fields]] = {
    model.__name__: model for model in (SourceFields, BriefingFields, VocabularyFields)
}
_INSIDE: dict[tuple[str, ...], type[_Fields]] = {
    ("facts",): FactFields,
    ("corrections",): CorrectionFields,
    ("corrections", "facts"): EarlierFactFields,
    ("retracted",): RetractionFields,
    ("names",): NameFields,
}


def problems_of(error: ValidationError, path: str, parsed: Parsed) -> list[Problem]:
    """The errors of one file in our words, each on its line; not of what could not be read, told already."""
    return [
        _problem(details, path, parsed, _MODELS[error.title])
        for details in error.errors(include_url=False)
        if details["input"] is not None
    ]


def _problem(details: ErrorDetails, path: str, parsed: Parsed, model: type[_Fields]) -> Problem:
    # Of a key, pydantic says so behind it.
    where = tuple(step for step in details["loc"] if step != "[key]")
    line, name = parsed.line(where), _named(where)
    kind = details["type"]
    if kind == "ours":
        return Problem(path, line, f"{name} {details['ctx']['what']}", details["ctx"]["mend"])
    if kind == "missing":
        return Problem(path, line, f"{name} is missing", f"add `{where[-1]}: …`")
    if kind == "extra_forbidden":
        return Problem(path, line, f"{name} is not a known field", _nearest_field(where, model))
    if kind == "literal_error":
        given = str(details["input"])[:80]
        return Problem(path, line, f"{name} is {given!r}", f"write one of {', '.join(KINDS)}")
    expected = {
        "list_type": "a list",
        "string_type": "text",
        "dict_type": "a list of words, each with others",
    }
    want = expected.get(kind, "a list of fields" if kind == "model_type" else details["msg"])
    if kind == "too_long":
        want = f"at most {details['ctx']['max_length']} long"
    words = model is VocabularyFields
    guide = "see the guide to the vocabulary" if words else "see the guide on writing briefings"
    return Problem(path, line, f"{name} is not {want}", guide)


def _named(where: tuple[str | int, ...]) -> str:
    """`facts[3].date`, counted from 1 as people count."""
    name = ""
    for step in where:
        # Unknown fields come here, too: their names may be anything.
        text = f"[{step + 1}]" if isinstance(step, int) else _shown(step)
        name += f".{text}" if name and isinstance(step, str) else text
    return name


def _shown(name: str) -> str:
    return name if name.isidentifier() and len(name) <= MAX_ID else repr(name[:40])


def _nearest_field(where: tuple[str | int, ...], model: type[_Fields]) -> str:
    inside = tuple(step for step in where[:-1] if isinstance(step, str))
    if inside:
        model = _INSIDE.get(inside, RelationFields)
    near = nearest(str(where[-1]), model.model_fields)
    return f"did you mean {near[0]!r}?" if near else "take it out"
