"""What completes the value of a parameter, where a platform asks while somebody types."""

from collections.abc import Callable, Sequence
from datetime import date

from bot.command.asker import Asker
from bot.command.entry import Choices, Command, Kind, Param
from bot.command.when import read_when
from bot.edtf import spoken, spoken_day
from bot.store.newsroom import Newsroom
from bot.store.register import Register, SubscriptionRow
from bot.store.shelf import BriefingCard, Shelf, SourceCard

MOST_CHOICES = 25


def complete(  # noqa: PLR0917  (all that a choice may depend on)
    shelf: Shelf,
    register: Register,
    commands: Sequence[Command],
    param: Param,
    typed: str,
    today: date,
    asker: Asker,
) -> Choices:
    """The choices for a value of this parameter that fit what was typed so far."""
    wanted, kind = typed.lower().strip(), param.kind
    if kind == "fact" or (kind == "item" and "#" in wanted):
        return _facts(shelf, wanted, today)
    if kind == "date":
        return _dates(shelf, typed, today)
    pairs = param.offer() if param.offer else _all(shelf, register, commands, kind, asker)
    fitting = [pair for pair in pairs if wanted in pair[0].lower()]
    if kind == "item" and not fitting:  # the words of a fact, then
        return _facts(shelf, wanted, today)
    return sorted(fitting, key=lambda pair: not pair[1].lower().startswith(wanted))


def _all(shelf: Shelf, register: Register, commands: Sequence[Command], kind: Kind, asker: Asker) -> Choices:
    """Everything that a parameter of this kind can hold."""
    every: dict[Kind, Callable[[], Choices]] = {
        "command": lambda: [(f"{command.name}: {command.help}", command.name) for command in commands],
        "briefing": lambda: [
            (f"{card.id}: {card.title}", card.id) for card in shelf.briefings(newest=200)[::-1]
        ],
        "source": lambda: [(f"{card.id}: {card.title}", card.id) for card in shelf.sources()[-200:]],
        "tag": lambda: [(tag, tag) for tag in shelf.tags()],
        "name": lambda: _names(shelf),
        "topic": lambda: _topics(shelf),
        "subscription": lambda: [
            (_label(row), str(row.id)) for row in _subscriptions(register, shelf.story, asker)
        ],
        "item": lambda: _items(shelf),
        "draft": lambda: _drafts(shelf, asker),
    }
    return every[kind]() if kind in every else []


def _items(shelf: Shelf) -> Choices:
    """All that can be changed, the newest first; what is retracted as well, since it can be restored."""
    cards: list[BriefingCard | SourceCard] = [*shelf.briefings(newest=200, stubs=True)]
    cards += shelf.sources(stubs=True)[-200:]
    cards.sort(key=lambda card: card.known_on, reverse=True)
    return [(f"{card.id}: {'retracted' if card.retracted else card.title}", card.id) for card in cards]


def _names(shelf: Shelf) -> Choices:
    """The names of the story with their other spellings, those who say the most first."""
    from bot.answer.naming import figures

    found = figures(shelf, shelf.vocabulary())
    return [
        (": ".join(filter(None, (one.name.name, ", ".join(one.name.also)))), one.name.name) for one in found
    ]


def _topics(shelf: Shelf) -> Choices:
    """The tags, and the names that are none of them."""
    from bot.answer.naming import key_of

    tags = shelf.tags()
    keys = {key_of(tag) for tag in tags}
    names = [pair for pair in _names(shelf) if key_of(pair[1]) not in keys]
    return [*((tag, tag) for tag in tags), *names]


def _drafts(shelf: Shelf, asker: Asker) -> Choices:
    """One's own drafts, the newest first."""
    newsroom = Newsroom(shelf.connection, shelf.story)
    known = newsroom.known_person(asker.platform, asker.user)
    rows = newsroom.drafts_of(known.id)[::-1] if known else []
    items = {row.id: ", ".join(part.item or part.kind for part in newsroom.parts(row.id)) for row in rows}
    return [(f"{row.id}: {row.act} {items[row.id]}", str(row.id)) for row in rows]


def _facts(shelf: Shelf, wanted: str, today: date) -> Choices:
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


def _dates(shelf: Shelf, typed: str, today: date) -> Choices:
    span = shelf.span()
    understood = read_when(typed, today, span[1] if span else None) if typed.strip() else None
    pairs = [(spoken(understood), understood.text)] if understood else []
    for card in reversed(shelf.briefings(newest=MOST_CHOICES)):
        label = f"{spoken_day(card.known_on)}: {card.title}"
        if typed.lower().strip() in f"{label} {card.known_on.isoformat()}".lower():
            pairs.append((label, card.known_on.isoformat()))
    return list({value: (label, value) for label, value in reversed(pairs)}.values())[::-1]


def _subscriptions(register: Register, story: str, asker: Asker) -> list[SubscriptionRow]:
    """Those that somebody may see: of their server, or of their direct messages."""
    if asker.operator:
        return register.of_story(story, MOST_CHOICES)
    if asker.server:
        return register.of_server(story, asker.platform, asker.server)
    return register.of_place(story, asker.platform, asker.place.id)


def _label(row: SubscriptionRow) -> str:
    return f"{row.id}: {row.kind} in {row.place_name} at {row.at} {row.zone}"
