"""Documents as text: composed from fields, and changed field by field, the rest left as it was written.

A source note or a briefing is its text, whether it stands in a file or was written in chat. So what is
given back by `export` is what was written, and whatever is done to an item is done to its text.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.edtf import Edtf
from bot.load.frontmatter import UNSEEN, Parsed, closing, lines_of, split
from bot.load.places import Stretch, places
from bot.model import Briefing, Correction, EarlierFact, Fact, Problem, Source

FENCE = "---"
MAX_TEXT = 64 * 1024  # characters of one document from chat
PHASE = "update"
"""The phase of a briefing that was written in a form, which does not ask for one."""

_PLAIN = re.compile(r"[^\W\d_][\w ,.;()/'’“”…–-]*", re.UNICODE)
_OF_A_FACT = {"id", "date", "says", "speaker", "kind", "tags", "supersedes", "disputes"}
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
        """A field that holds a list of words, as a form shows it: `harbour, strike`."""
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


def fields_at(text: str, wanted: Iterable[int]) -> dict[int, str]:
    """In which field of a document lines stand, counted from 1, and which of its own lines each is there.

    `as_of`; `fact strike`; `text, line 2`, as a form counts it; nothing where no field can be told.
    """
    lines, wanted = lines_of(text), {*wanted}
    if (end := closing(lines)) is None:
        return {}
    found, facts = places(text), fields_of(text).values.get("facts")
    body = next((number for number, one in enumerate(lines) if number > end and one.strip()), end + 1)
    named = {number: f"text, line {max(number - body, 1)}" for number in wanted if number > end + 1}
    for number in wanted - {*named}:
        for name, stretch in found.fields.items() if found else ():
            # What is no name of a field is anything that somebody wrote.
            if stretch.first < number <= stretch.stop and re.fullmatch("[a-z_]{1,40}", name):
                named[number] = _fact_at(stretch, number, facts) if name == "facts" else name
    return named


def _fact_at(stretch: Stretch, line: int, facts: object) -> str:
    """The fact in which a line stands, by its id, or by which one it is where it has none."""
    at = next((n for n, one in enumerate(stretch.entries) if one.first < line <= one.stop), None)
    if at is None:
        return "facts"
    fact = facts[at] if isinstance(facts, list) and at < len(facts) else None
    name = str(fact.get("id")) if isinstance(fact, dict) else ""
    return f"fact {name if re.fullmatch('[a-z0-9][a-z0-9-]{0,59}', name) else f'no. {at + 1}'}"


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
    """One entry of `facts`, with its relations, and with what the format does not know."""
    lines = [
        f"{name}: {_worded(values.get(name) or '')}"
        for name in ("id", "date", "says", "speaker", "kind")
        if values.get(name) or name != "speaker"
    ]
    tags = values.get("tags")
    if isinstance(tags, list) and all(isinstance(one, str) for one in tags):
        tags = ", ".join(tags)
    lines.append(f"tags: {listed(tags or '') if isinstance(tags, str | None) else _flow(tags)}")
    for name in ("supersedes", "disputes"):
        if others := values.get(name):
            lines += _relations(name, others)
    lines += [f"{exact(name)}: {_flow(value)}" for name, value in values.items() if name not in _OF_A_FACT]
    return "\n".join(f"  {'- ' if number == 0 else '  '}{line}" for number, line in enumerate(lines))


def _relations(name: str, others: object) -> list[str]:
    """What a fact stands against; what is no list of relations stays what it is, for the checks to tell."""
    if not isinstance(others, list):
        return [f"{name}: {_flow(others)}"]
    lines = [f"{name}:"]
    for one in others:
        if isinstance(one, dict) and set(one) == {"fact", "because"}:
            lines.append(f"  - fact: {_worded(one['fact'])}")
            lines.append(f"    because: {_worded(one['because'])}")
        else:
            lines.append(f"  - {_flow(one)}")
    return lines


def _worded(value: object) -> str:
    return scalar(value) if isinstance(value, str) else _flow(value)


def with_facts(text: str, facts: Sequence[Mapping[str, object]]) -> str:
    """The note with these facts; those it has already stay as they are written, where they have own lines."""
    top = _top(text)
    there = fields_of(text).values.get("facts")
    if top.fields is None and not fields_of(text).values:
        return _with_more(top, facts)
    entries = there if isinstance(there, list) else [there] if there else []
    place = (top.fields or {}).get("facts")
    rest = [one for one in entries if not isinstance(one, dict)] if isinstance(there, list) else entries
    if not facts and not rest:
        return with_field(text, "facts", "[]")
    if place and place.entries and len(place.entries) == len(entries):
        return _with_entries(top, place.entries, entries, facts)
    anew = [*(f"  - {_flow(one)}" for one in rest), *map(fact_yaml, facts)]
    return with_field(text, "facts", "\n" + "\n".join(anew))


def _with_entries(
    top: "_Top", places: Sequence[Stretch], entries: Sequence[object], facts: Sequence[Mapping[str, object]]
) -> str:
    """The note with other entries in the lines of those that are not among the facts any more."""
    from difflib import SequenceMatcher  # only where facts are changed

    lines = top.lines
    column = _depth(lines[places[0].first])
    written = [lines[place.first : place.stop] for place in places]
    known = [number for number, one in enumerate(entries) if isinstance(one, dict)]
    old, new = [repr(entries[number]) for number in known], [repr({**fact}) for fact in facts]
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        anew = [_at(column, fact_yaml(fact)) for fact in facts[k:m]]
        for number in range(i, j):
            written[known[number]] = anew.pop(0) if anew else []
        more = [line for one in anew for line in one]
        if j or not known:
            written[known[j - 1] if j else -1] += more
        else:
            written[known[0]] = more + written[known[0]]
    made: list[str] = lines[: places[0].first]
    ends = [*(place.first for place in places[1:]), places[-1].stop]
    for place, end, one in zip(places, ends, written, strict=True):
        made += [*one, *lines[place.stop : end]]
    return tidy("\n".join([*made, *lines[places[-1].stop :]]))


def _with_more(top: "_Top", facts: Sequence[Mapping[str, object]]) -> str:
    """The note with more facts behind those that it has, of which nothing can be read."""
    start, stop = top.stretch("facts")
    dashes = (_depth(line) for line in top.lines[start + 1 : stop] if line.lstrip().startswith("-"))
    column = next(dashes, 2)
    more = [line for fact in facts for line in _at(column, fact_yaml(fact))]
    head = [] if stop > start else ["facts:" if more else "facts: []"]
    return tidy("\n".join([*top.lines[:stop], *head, *more, *top.lines[stop:]]))


def _at(column: int, entry: str) -> list[str]:
    return [" " * column + line.removeprefix("  ") for line in entry.split("\n")]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def with_field(text: str, name: str, value: str) -> str:
    """The document with a field at the top set to some YAML, in its place, or at the end of the fields."""
    top = _top(text)
    start, stop = top.stretch(name)
    new = f"{name}: {value}".rstrip() if not value.startswith("\n") else f"{name}:{value}"
    lines = [" " * top.indent + line if line else line for line in new.split("\n")]
    return tidy("\n".join([*top.lines[:start], *lines, *top.lines[stop:]]))


def without_field(text: str, name: str) -> str:
    """The document without a field at the top."""
    top = _top(text)
    start, stop = top.stretch(name)
    if start == stop:
        return tidy("\n".join(_front(text)[0]))
    return tidy("\n".join([*top.lines[:start], *top.lines[stop:]]))


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
    """The new text of a document, with what was wrong in the one before, and what that one said.

    A text that brings an entry of its own for this is left as it is. The entries that it has are written
    anew from what they say: however they were written, none is lost.
    """
    one = Correction(day, " ".join(was.split()))
    if len(after.corrections) > len(before.corrections) or _told(after, one) > _told(before, one):
        return tidy(text)
    if isinstance(before, Briefing) and isinstance(after, Briefing):
        one = one._replace(
            title=before.title if before.title != after.title else "",
            state=before.state if before.state != after.state else "",
            body=before.body if before.body != after.body else "",
        )
    elif isinstance(before, Source) and isinstance(after, Source):
        now = {fact.id: fact for fact in after.facts}
        told = [fact for fact in before.facts if _reading(fact) != _reading(now.get(fact.id, fact))]
        one = one._replace(facts=tuple(EarlierFact(fact.id, *_reading(fact)) for fact in told))
    entries = [line for each in (*after.corrections, one) for line in _correction(each)]
    return with_field(text, "corrections", "\n" + "\n".join(entries))


def _told(item: Source | Briefing, one: Correction) -> int:
    """How many corrections of this day say that this was wrong."""
    return sum(each.on == one.on and " ".join(each.was.split()) == one.was for each in item.corrections)


def _correction(one: Correction) -> list[str]:
    """One entry of `corrections`."""
    lines = [f"  - on: {one.on.isoformat()}", f"    was: {exact(one.was)}"]
    lines += [f"    title: {exact(one.title)}"] if one.title else []
    lines += [f"    state: {exact(one.state)}"] if one.state else []
    if UNSEEN.search(one.body.replace("\n", "")):
        lines.append(f"    body: {exact(one.body)}")
    elif one.body:
        lines += ["    body: |-", *(f"      {line}" if line else "" for line in one.body.split("\n"))]
    lines += ["    facts:"] if one.facts else []
    for fact in one.facts:
        lines.append(f"      - id: {exact(fact.id.partition('#')[2])}")
        lines.append(f"        date: {exact(fact.date.text)}")
        lines.append(f"        says: {exact(fact.says)}")
        lines += [f"        speaker: {exact(fact.speaker)}"] if fact.speaker else []
    return lines


def _reading(fact: Fact) -> tuple[Edtf, str, str]:
    return fact.date, fact.says, fact.speaker


def scalar(text: str) -> str:
    """A text as YAML: as it is where that is read as the same text, else in quotation marks."""
    text = " ".join(text.split())
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    if plain or re.fullmatch(r"[0-9][0-9/-]*[0-9]", text):
        return text
    # A JSON string is a YAML string as well.
    return json.dumps(text, ensure_ascii=False)


def exact(text: str) -> str:
    """A text as YAML that is read as the very same, line ends and blanks included."""
    return _flow(text)


def _flow(value: object) -> str:
    """Any value as YAML on one line."""
    if isinstance(value, str) and " ".join(value.split()) == value and not UNSEEN.search(value):
        return scalar(value)
    # What nobody sees may stand in YAML as its number alone; JSON's numbers are YAML's as well.
    return UNSEEN.sub(lambda found: json.dumps(found.group())[1:-1], json.dumps(value, ensure_ascii=False))


def listed(words: str) -> str:
    """`harbour, strike` as a list of YAML."""
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


class _Top(NamedTuple):
    """The lines of a document, and where its fields stand."""

    lines: list[str]
    end: int  # the line before which another field can be written
    indent: int = 0
    fields: Mapping[str, Stretch] | None = None  # None where the front matter cannot be read

    def stretch(self, name: str) -> tuple[int, int]:
        """The lines of a field; an empty stretch at the end without one."""
        if self.fields is None:
            return _guessed(self.lines, self.end, name)
        found = self.fields.get(name)
        return (found.first, found.stop) if found else (self.end, self.end)


def _top(text: str) -> _Top:
    """The document with each field on lines of its own, and where they stand."""
    lines, end = _front(text)
    found = places("\n".join(lines))
    if found is None and (spread := _spread(lines, end)):
        lines, end = spread, closing(spread) or end
        found = places("\n".join(lines))
    return _Top(lines, found.end, found.indent, found.fields) if found else _Top(lines, end)


def _spread(lines: Sequence[str], end: int) -> list[str]:
    """The document, its fields spread over lines where they are all in one `{…}`; empty where they cannot."""
    found = split("draft.md", "\n".join(lines))
    if isinstance(found, Problem) or found.problems or not found.values:
        return []
    # What may be a comment is kept as one.
    notes = [
        line.strip() if line.lstrip().startswith("#") else f"# {line}"
        for line in lines[1:end]
        if re.search(r"(?:^|\s)#", line)
    ]
    fields = (f"{exact(name)}: {_flow(value)}" for name, value in found.values.items())
    return [FENCE, *notes, *fields, *lines[end:]]


def _front(text: str) -> tuple[list[str], int]:
    """The lines of a document, and where its front matter ends; one is made where there is none."""
    lines = tidy(text).rstrip("\n").split("\n")
    if lines[0].rstrip() == FENCE and (end := closing(lines)) is not None:
        return lines, end
    return [FENCE, FENCE, *lines], 1


def _guessed(lines: Sequence[str], end: int, name: str) -> tuple[int, int]:
    """The lines of a field where the YAML is none: from its name to what looks like the next."""
    start = next((n for n in range(1, end) if _begins(name, lines[n])), None)
    if start is None:
        return end, end
    stop = start + 1
    while stop < end and (not lines[stop].strip() or lines[stop][0] in " \t-#]}"):
        stop += 1
    # Comments in front of the next are that one's.
    while stop > start + 1 and (not lines[stop - 1].strip() or lines[stop - 1][0] == "#"):
        stop -= 1
    return start, stop


def _begins(name: str, line: str) -> "re.Match[str] | None":
    return re.match(rf"[\"']?{re.escape(name)}[\"']?\s*:", line)


def field_lines(text: str, name: str) -> str:
    """A field at the top as it is written, to be put into another document by `with_field`."""
    lines, end = _front(text)
    found, values = places("\n".join(lines)), fields_of(text).values
    top = _Top(lines, found.end, found.indent, found.fields) if found else _Top(lines, end)
    start, stop = top.stretch(name)
    own = found is not None or not values  # the field has lines, or nothing can be read but lines
    if own and start == stop:
        return ""
    indented = [line[min(top.indent, _depth(line)) :] for line in lines[start:stop]]
    if own and (begins := _begins(name, indented[0])):
        return "\n".join([indented[0][begins.end() :].strip(), *indented[1:]])
    return _flow(values[name]) if name in values else ""
