"""An answer as every platform gets it: what is said, what it rests on, and what to ask next."""

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bot.chart import Chart


class Reference(NamedTuple):
    """One numbered source of an answer."""

    number: int
    source_id: str
    title: str
    outlet: str  # in words, also where it is not named
    published: str  # in words
    url: str  # empty where the article gives none


class Line(NamedTuple):
    """One statement of an answer. Text is plain: renderers escape it, and mark what `marks` says."""

    text: str
    cites: tuple[str, ...] = ()  # what it rests on: ids of facts, or of whole sources
    refs: tuple[int, ...] = ()  # the numbers of these sources; given by `numbered`
    when: str = ""  # a date in words, shown in front
    label: str = ""  # an id or a name, shown in front
    note: str = ""  # what is to be known about it, shown behind
    marks: tuple[tuple[int, int], ...] = ()  # stretches of `text` to be made visible: start, end


class Section(NamedTuple):
    """Some lines under one title; the title may be empty."""

    title: str
    lines: tuple[Line, ...]
    flowing: bool = False  # the lines are sentences of one paragraph, not items


class Action(NamedTuple):
    """Something a reader may do next: a label, and the words that would be typed for it."""

    label: str
    words: str


class Reply(NamedTuple):
    """The answer to one request."""

    command: str
    title: str
    sections: tuple[Section, ...]
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()  # small print: what was understood, how old it is
    actions: tuple[Action, ...] = ()
    as_of: date | None = None  # the day whose knowledge it gives
    abstained: bool = False  # it says that it cannot answer
    private: bool = False  # for the asker only, where the platform can: a mistake, a refusal
    alone: bool = False  # never in the sight of others: where no reply can be private, by direct message
    version: int = 0  # of the story it was made from
    words: str = ""  # the request it answers, in words that are always understood the same way
    picture: "Chart | None" = None  # then the first section is how to read it; not kept with the reply

    @property
    def cites(self) -> tuple[str, ...]:
        """All that its lines rest on, each once, in order of appearance."""
        ids = (cite for section in self.sections for line in section.lines for cite in line.cites)
        return tuple(dict.fromkeys(ids))

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts it rests on."""
        return tuple(cite for cite in self.cites if "#" in cite)

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of the sources it rests on, in the order of their numbers."""
        return tuple(dict.fromkeys(cite.partition("#")[0] for cite in self.cites))


def numbered(reply: Reply, references: tuple[Reference, ...]) -> Reply:
    """The reply with its sources, and with their numbers behind each line."""
    numbers = {reference.source_id: reference.number for reference in references}

    def refs(line: Line) -> tuple[int, ...]:
        sources = dict.fromkeys(cite.partition("#")[0] for cite in line.cites)
        return tuple(sorted(numbers[source] for source in sources if source in numbers))

    sections = tuple(
        section._replace(lines=tuple(line._replace(refs=refs(line)) for line in section.lines))
        for section in reply.sections
    )
    return reply._replace(sections=sections, references=references)


def captioned(reply: Reply) -> Reply:
    """The reply as it stands beside its picture: how to read that, without all that it shows in words."""
    return reply._replace(sections=reply.sections[:1]) if reply.picture else reply


def in_words(reply: Reply) -> Reply:
    """The reply where its picture is not seen: all that it shows, without how to read it."""
    return reply._replace(sections=reply.sections[1:], picture=None) if reply.picture else reply


def reply_text(reply: Reply) -> str:
    """In one line for the database; the same text for the same reply. Its picture is left out.

    What is kept are editions of digests, which have none.
    """
    import json  # here and below: the shell, which never keeps a reply, starts without it

    return json.dumps(_plain(reply._replace(picture=None)), ensure_ascii=False, separators=(",", ":"))


def parse_reply(text: str) -> Reply:
    """Reads what `reply_text` wrote, also before a field was added."""
    import json

    found = json.loads(text)
    sections = tuple(
        Section(
            section["title"],
            tuple(Line(**{key: _frozen(value) for key, value in line.items()}) for line in section["lines"]),
            section.get("flowing", False),
        )
        for section in found.pop("sections")
    )
    as_of = found.pop("as_of", None)
    return Reply(
        found.pop("command"),
        found.pop("title"),
        sections,
        tuple(Reference(**reference) for reference in found.pop("references", ())),
        tuple(found.pop("notes", ())),
        tuple(Action(**action) for action in found.pop("actions", ())),
        date.fromisoformat(as_of) if as_of else None,
        **found,
    )


def _plain(value: object) -> object:
    """A value as JSON has it: a NamedTuple by its fields, without those that have their default."""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, tuple):
        return value
    fields: tuple[str, ...] | None = getattr(value, "_fields", None)
    if fields is None:
        return [_plain(one) for one in value]
    usual: dict[str, object] = getattr(value, "_field_defaults", {})
    pairs = ((name, getattr(value, name)) for name in fields)
    return {name: _plain(one) for name, one in pairs if name not in usual or one != usual[name]}


def _frozen(value: object) -> Any:  # noqa: ANN401  (as many types as a line has fields)
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
