"""Where a question is answered: words in, reply out, on one consistent view of the story."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.answer.command import Ask, Command, Kind, Known, Misread, Request, read_request, read_values
from bot.answer.lines import mistake
from bot.answer.table import COMMANDS
from bot.config import Story
from bot.reply import Reply, numbered
from bot.store.shelf import Shelf
from bot.store.store import Store
from bot.wording import references

MOST_CHOICES = 25
MOST_KEPT = 512


class Desk:
    """Answers for one story. Any thread may ask; `kept` and `keep` belong to one thread."""

    def __init__(self, store: Store, story: Story, commands: Sequence[Command] = COMMANDS) -> None:
        self.story = story
        self.commands = commands
        self._store = store
        self._kept: dict[tuple[object, ...], Reply] = {}
        self._seen: tuple[int, int] = (-1, -1)  # the database's version, and the story's

    def answer(self, typed: str, call: str, today: date) -> Reply:
        """Answers a line as it was typed, without the word that calls the bot."""
        with self._store.reading(self.story.word) as shelf:
            return self._reply(shelf, read_request(typed, self.commands, _known(shelf, today)), call, today)

    def answer_values(self, command: Command, values: Mapping[str, str], call: str, today: date) -> Reply:
        """Answers a command whose arguments came by name."""
        with self._store.reading(self.story.word) as shelf:
            return self._reply(shelf, read_values(command, values, _known(shelf, today)), call, today)

    def kept(self, *key: object) -> Reply | None:
        """An answer given before, where the story has not changed since."""
        seen = self._store.data_version()
        if seen != self._seen[0]:
            with self._store.reading(self.story.word) as shelf:
                version = shelf.version()
            if version != self._seen[1]:
                self._kept.clear()
            self._seen = (seen, version)
        return self._kept.get(key)

    def keep(self, reply: Reply, *key: object) -> None:
        """Keeps an answer ready, unless the story has moved on while it was made."""
        if reply.version != self._seen[1]:
            return
        if len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = reply

    def complete(self, kind: Kind, typed: str, today: date) -> list[tuple[str, str]]:
        """What may be meant by the beginning of a value: what to show and what to send, at most 25."""
        with self._store.reading(self.story.word) as shelf:
            return complete(shelf, self.commands, kind, typed, today)[:MOST_CHOICES]

    def _reply(self, shelf: Shelf, request: Request | Misread, call: str, today: date) -> Reply:
        if isinstance(request, Misread):
            return mistake(call, "help", request.what, request.try_instead)
        ask = Ask(shelf, self.story.name, call, request.args, today, self.commands)
        reply = request.command.handler(ask)
        words = "" if reply.private else reply.words or request.words
        notes = (*request.understood, *reply.notes)
        reply = reply._replace(words=words, notes=notes, version=shelf.version())
        return numbered(reply, references(shelf.sources(ids=reply.sources), reply.sources))


def complete(
    shelf: Shelf, commands: Sequence[Command], kind: Kind, typed: str, today: date
) -> list[tuple[str, str]]:
    """The choices for a value of this kind that fit what was typed so far."""
    wanted = typed.lower().strip()
    if kind == "command":
        pairs = [(f"{command.name}: {command.help}", command.name) for command in commands]
    elif kind == "briefing":
        pairs = [(f"{card.id}: {card.title}", card.id) for card in shelf.briefings(newest=200)[::-1]]
    elif kind == "source":
        pairs = [(f"{card.id}: {card.title}", card.id) for card in shelf.sources()[-200:]]
    elif kind == "tag":
        pairs = [(tag, tag) for tag in shelf.tags()]
    elif kind == "fact":
        return _facts(shelf, wanted, today)
    elif kind == "date":
        return _dates(shelf, typed, today)
    else:
        return []
    fitting = [pair for pair in pairs if wanted in pair[0].lower()]
    return sorted(fitting, key=lambda pair: not pair[1].startswith(wanted))


def _facts(shelf: Shelf, wanted: str, today: date) -> list[tuple[str, str]]:
    source, mark, slug = wanted.partition("#")
    named = [name for name in shelf.source_ids() if wanted and wanted in name]
    if mark:
        found = [fact for fact in shelf.facts_of(source) if slug in fact.slug]
    elif named:
        found = [fact for name in named for fact in shelf.facts_of(name)]
    elif wanted:
        hits = shelf.search(wanted.replace("-", " "), MOST_CHOICES).hits
        facts = shelf.facts(hit.id for hit in hits if hit.kind == "fact")
        found = [facts[hit.id] for hit in hits if hit.id in facts]
    else:
        found = shelf.recent(today, MOST_CHOICES)[::-1]
    return [(f"{fact.slug}: {fact.says}", fact.id) for fact in found]


def _dates(shelf: Shelf, typed: str, today: date) -> list[tuple[str, str]]:
    from bot.answer.when import read_when
    from bot.edtf import spoken, spoken_day

    span = shelf.span()
    understood = read_when(typed, today, span[1] if span else None) if typed.strip() else None
    pairs = [(spoken(understood), understood.text)] if understood else []
    for card in reversed(shelf.briefings(newest=MOST_CHOICES)):
        label = f"{spoken_day(card.known_on)}: {card.title}"
        if typed.lower().strip() in f"{label} {card.known_on.isoformat()}".lower():
            pairs.append((label, card.known_on.isoformat()))
    return list({value: (label, value) for label, value in reversed(pairs)}.values())[::-1]


class _Tags:
    """The tags of a story, asked for one at a time: there may be very many."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __contains__(self, tag: object) -> bool:
        return isinstance(tag, str) and self._shelf.has_tag(tag)


def _known(shelf: Shelf, today: date) -> Known:
    span = shelf.span()
    return Known(today, span[1] if span else None, _Tags(shelf))
