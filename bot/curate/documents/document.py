"""Documents as text: composed from fields, and changed field by field, the rest left as it was written.

A source note or a briefing is its text, whether it stands in a file or was written in chat. So what is
given back by `export` is what was written, and whatever is done to an item is done to its text.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.load.frontmatter import Parsed, split
from bot.model import Briefing, Fact, Problem, Source

FENCE = "---"
MAX_TEXT = 64 * 1024  # characters of one document from chat
PHASE = "update"
"""The phase of a briefing that was written in a form, which does not ask for one."""

_PLAIN = re.compile(r"[^\W\d_][\w ,.;()/'’“”…–-]*", re.UNICODE)
_WORDS_OF_YAML = {"true", "false", "yes", "no", "on", "off", "null", "~"}


class Fields(NamedTuple):
    """The top of a document as far as it can be read, and its body."""

    values: Mapping[str, object]
    body: str

    def text(self, name: str) -> str:
        """A field that holds text; empty where it is missing or something else."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def entries(self, name: str) -> list[dict[str, object]]:
        """A field that holds a list of fields."""
        value = self.values.get(name)
        return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

    def words(self, name: str) -> str:
        """A field that holds a list of words, as a form shows it: `esa, launch`."""
        value = self.values.get(name)
        return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value or "")


def fields_of(text: str) -> Fields:
    """What can be read of a document, however broken the rest of it is."""
    found = split("draft.md", tidy(text))
    if isinstance(found, Problem):
        return Fields({}, text)
    assert isinstance(found, Parsed)
    return Fields(found.values or {}, found.body.strip())


def kind_of(text: str) -> str:
    """Whether a document is meant for a source or for a briefing: only a source has facts and an outlet."""
    values = fields_of(text).values
    return "source" if {"facts", "outlet", "published"} & set(values) else "briefing"


def tidy(text: str) -> str:
    """The text with the line ends of a file, ending in one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").strip("\n") + "\n"


def composed(front: Mapping[str, str], body: str) -> str:
    """A document from fields that are YAML already, in their order."""
    head = "\n".join(f"{name}: {value}".rstrip() for name, value in front.items())
    return tidy(f"{FENCE}\n{head}\n{FENCE}\n{body.strip()}")


def briefing_text(item: str, given: Mapping[str, str], audience: str = "") -> str:
    """A briefing from the fields of a form: title, as_of, state, tags and text."""
    front = {
        "id": scalar(item),
        **{name: scalar(given.get(name, "")) for name in ("title", "as_of", "state")},
        "phase": PHASE,
        "tags": listed(given.get("tags", "")),
    }
    return composed(front | ({"audience": audience} if audience else {}), given.get("text", ""))


def source_text(item: str, given: Mapping[str, str], audience: str = "") -> str:
    """A source note without facts from the fields of a form."""
    names = ("title", "outlet", "url", "published", "dated_by", "language")
    front = {"id": scalar(item), **{name: scalar(given[name]) for name in names if given.get(name)}}
    return composed(
        front | ({"audience": audience} if audience else {}) | {"facts": "[]"}, given.get("note", "")
    )


def fact_yaml(values: Mapping[str, object]) -> str:
    """One entry of `facts`, with its relations."""
    lines = []
    for name in ("id", "date", "says", "speaker", "kind"):
        value = values.get(name)
        if value or name in {"id", "date", "says", "kind"}:
            lines.append(f"{name}: {scalar(str(value or ''))}")
    tags = values.get("tags")
    lines.append(f"tags: {listed(', '.join(map(str, tags)) if isinstance(tags, list) else str(tags or ''))}")
    for name in ("supersedes", "disputes"):
        others = values.get(name)
        if isinstance(others, list) and others:
            lines.append(f"{name}:")
            for one in others:
                lines.append(f"  - fact: {scalar(str(one.get('fact', '')))}")
                lines.append(f"    because: {scalar(str(one.get('because', '')))}")
    return "\n".join(f"  {'- ' if number == 0 else '  '}{line}" for number, line in enumerate(lines))


def with_facts(text: str, facts: Sequence[Mapping[str, object]]) -> str:
    """The note with these facts."""
    if not facts:
        return with_field(text, "facts", "[]")
    return with_field(text, "facts", "\n" + "\n".join(map(fact_yaml, facts)))


def with_field(text: str, name: str, value: str) -> str:
    """The document with a field at the top set to some YAML, in its place, or at the end of the fields."""
    lines, end = _front(text)
    start, stop = _block(lines, end, name)
    new = f"{name}: {value}".rstrip() if not value.startswith("\n") else f"{name}:{value}"
    return tidy("\n".join([*lines[:start], *new.split("\n"), *lines[stop:]]))


def without_field(text: str, name: str) -> str:
    """The document without a field at the top."""
    lines, end = _front(text)
    start, stop = _block(lines, end, name)
    return tidy("\n".join([*lines[:start], *lines[stop:]]))


def with_body(text: str, body: str) -> str:
    """The document with another body."""
    lines, end = _front(text)
    return tidy("\n".join([*lines[: end + 1], body.strip("\n")]))


def retracted(text: str, day: date, because: str) -> str:
    """The document, retracted: nothing of it is taken out."""
    return with_field(text, "retracted", f"\n  on: {day.isoformat()}\n  because: {scalar(because)}")


def restored(text: str) -> str:
    """The document, no longer retracted."""
    return without_field(text, "retracted")


def corrected(before: Source | Briefing, text: str, after: Source | Briefing, day: date, was: str) -> str:
    """The new text of a document, with what was wrong in the one before, and what that one said."""
    lines = [f"  - on: {day.isoformat()}", f"    was: {scalar(was)}"]
    if isinstance(before, Briefing) and isinstance(after, Briefing):
        if before.title != after.title:
            lines.append(f"    title: {scalar(before.title)}")
        if before.state != after.state:
            lines.append(f"    state: {scalar(before.state)}")
        if before.body != after.body:
            lines += ["    body: |-", *(f"      {line}".rstrip() for line in before.body.split("\n"))]
    elif isinstance(before, Source) and isinstance(after, Source):
        now = {fact.id: fact for fact in after.facts}
        told = [fact for fact in before.facts if _reading(fact) != _reading(now.get(fact.id, fact))]
        if told:
            lines.append("    facts:")
        for fact in told:
            lines.append(f"      - id: {fact.slug}")
            lines.append(f"        date: {scalar(fact.date.text)}")
            lines.append(f"        says: {scalar(fact.says)}")
            lines += [f"        speaker: {scalar(fact.speaker)}"] if fact.speaker else []
    entry = "\n".join(lines)
    front, end = _front(text)
    start, stop = _block(front, end, "corrections")
    there = front[start + 1 : stop] if stop > start and front[start].rstrip() == "corrections:" else []
    return with_field(text, "corrections", "\n" + "\n".join([*there, entry]))


def _reading(fact: Fact) -> tuple[str, str, str]:
    return fact.date.text, fact.says, fact.speaker


def scalar(text: str) -> str:
    """A text as YAML: as it is where that is read as the same text, else in quotation marks."""
    text = " ".join(text.split())
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    if plain or re.fullmatch(r"[0-9][0-9/-]*[0-9]", text):
        return text
    # A JSON string is a YAML string as well.
    return json.dumps(text, ensure_ascii=False)


def listed(words: str) -> str:
    """`esa, launch` as a list of YAML."""
    names = [word.strip().lower() for word in re.split(r"[,;\s]+", words.strip("[] ")) if word.strip()]
    return f"[{', '.join(scalar(name) for name in names)}]"


def slug_of(words: str, most: int = 40) -> str:
    """A slug from the first words of a text."""
    plain = re.sub(r"[^a-z0-9]+", "-", _ascii(words).lower()).strip("-")
    if len(plain) <= most:
        return plain
    return plain[:most].rsplit("-", 1)[0]


def _ascii(text: str) -> str:
    import unicodedata  # only where something is named

    return (
        unicodedata.normalize("NFKD", text.replace("'", "").replace("’", ""))
        .encode("ascii", "ignore")
        .decode()
    )


def _front(text: str) -> tuple[list[str], int]:
    """The lines of a document, and where its front matter ends; one is made where there is none."""
    lines = tidy(text).rstrip("\n").split("\n")
    if lines[0].rstrip() == FENCE:
        end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
        if end is not None:
            return lines, end
    return [FENCE, FENCE, *lines], 1


def _block(lines: Sequence[str], end: int, name: str) -> tuple[int, int]:
    """The lines of a field at the top: from its name to the next; an empty stretch at the end without one."""
    start = next(
        (n for n in range(1, end) if re.match(rf"[\"']?{re.escape(name)}[\"']?\s*:", lines[n])), None
    )
    if start is None:
        return end, end
    stop = start + 1
    while stop < end and (not lines[stop].strip() or lines[stop][0] in " \t-#]}"):
        stop += 1
    return start, stop


def field_lines(text: str, name: str) -> str:
    """A field at the top as it is written, to be put into another document by `with_field`."""
    lines, end = _front(text)
    start, stop = _block(lines, end, name)
    if start == stop:
        return ""
    first = lines[start].partition(":")[2].strip()
    return "\n".join([first, *lines[start + 1 : stop]])
