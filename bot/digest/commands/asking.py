"""Which digest is meant, where one may come to, and what somebody is told instead.

One server never sees or touches another's: what is not of the asker's own server, or of their own
direct messages, is not there for them. Whoever runs the bot may see and touch all.
"""

from collections.abc import Iterable, Sequence

from bot.command.asker import Asker, Place
from bot.command.entry import Ask
from bot.command.ids import readable
from bot.command.mistake import mistake, to_press
from bot.command.request import written
from bot.digest.commands.saying import listed, name_of
from bot.digest.schedule.localtime import zone_of
from bot.reply import Action, Line, Reply, Section
from bot.store.register import SubscriptionRow
from bot.wording import plural

MOST_NAMED = 10  # digests among which somebody is asked to choose
FORM = "digest subscribe"
"""Words that open a form where a platform has forms; else a digest comes at the usual hour."""


def how_to_subscribe(ask: Ask) -> str:
    """What to type for a digest of one's own hour."""
    return f"digest subscribe at 09:00 {zone_shown(ask)}"


def own_zone(asker: Asker) -> str:
    """The time zone of whoever asks, where their platform tells it and this machine has it; else nothing."""
    try:
        return zone_of(asker.zone).key if asker.zone else ""
    except ValueError:
        return ""


def zone_shown(ask: Ask) -> str:
    """A time zone for an example: one's own, where that is known."""
    return own_zone(ask.asker) or "Europe/Berlin"


def to_subscribe(ask: Ask) -> Action:
    """The button under a word that there is no digest: it opens the form, where there are forms."""
    return Action("Subscribe", how_to_subscribe(ask) if ask.asker.platform == "terminal" else FORM)


def instead_subscribe(ask: Ask, command: str, what: str) -> Reply:
    """That something cannot be, and how to subscribe."""
    reply = mistake(ask.call, command, what, (how_to_subscribe(ask),))
    return reply if ask.asker.platform == "terminal" else reply._replace(actions=(to_subscribe(ask),))


def which(ask: Ask, command: str, *, ended: bool = False) -> SubscriptionRow | Reply:
    """The subscription that is meant, or what to say instead; with `ended`, also one that is no more."""
    given = ask.text("id")
    if given:
        row = ask.register.get(int(given))
        if row is None or not may_see(ask, row) or (row.ended and not ended):
            return mistake(ask.call, command, f"There is no digest no. {int(given)} here.", ("digest list",))
        return row
    here = [row for row in ask.register.of_place(ask.shelf.story, *_place(ask.asker)) if may_see(ask, row)]
    if len(here) == 1:
        return here[0]
    there = here or all_of(ask, MOST_NAMED + 1)
    if len(there) == 1:
        return there[0]
    if not there:
        return instead_subscribe(ask, command, "No digest comes here yet.")
    lines = [f"There {'are' if here else 'is none here, but there are'} several digests; say which:"]
    lines += [f"{name_of(row)}." for row in there[:MOST_NAMED]]
    tries = [again(ask, command, id=str(row.id)) for row in there[:MOST_NAMED]]
    reply = mistake(ask.call, command, "\n".join(lines), tries)
    return reply._replace(alone=not all(is_here(ask, row) for row in there))


def may_see(ask: Ask, row: SubscriptionRow) -> bool:
    """Whether a subscription is there for the asker: their server's, or their own direct messages'."""
    asker = ask.asker
    if row.story != ask.shelf.story:
        return False
    if asker.operator:
        return True
    if row.platform != asker.platform:
        return False
    if row.server or asker.server:
        # Direct messages to themselves they may also see to from a server.
        own = not row.server and row.place_kind == "direct" and bool(asker.user) and row.by == asker.user
        return own or row.server == asker.server
    return row.place == asker.place.id


def all_of(ask: Ask, limit: int) -> list[SubscriptionRow]:
    """All that are there for the asker, at most so many."""
    asker, story = ask.asker, ask.shelf.story
    if asker.operator:
        return ask.register.of_story(story, limit)
    if asker.server:
        return ask.register.of_server(story, asker.platform, asker.server, limit)
    return ask.register.of_place(story, asker.platform, asker.place.id)[:limit]


def is_here(ask: Ask, row: SubscriptionRow) -> bool:
    """Whether its digest comes to where it was asked; another channel not everybody here may know."""
    return (row.platform, row.place) == _place(ask.asker)


def is_there(ask: Ask, place: Place) -> bool:
    """Whether a place is where it was asked."""
    return (place.platform, place.id) == _place(ask.asker)


def target(ask: Ask, command: str) -> Place | Reply:
    """Where a digest is to come: the channel that was named, or where it was asked."""
    asker, given = ask.asker, ask.text("channel")
    here = given is None or given.lower() == "here"
    # What is no channel of digests, as a voice channel, only the platform can tell.
    elsewhere = asker.place.platform != "terminal"
    found = asker.place if here and not elsewhere else asker.find(given or "here")
    if isinstance(found, str):
        # The form would be for where it was asked, which is not what was meant.
        return instead_subscribe(ask, command, found) if here else _try_again(ask, command, found)
    own = found.kind == "direct" and not found.server and (given or "").lower() == "me"
    if not (asker.operator or own or (found.platform, found.server) == (asker.platform, asker.server)):
        what = f"{found.name} is not of this {asker.terms.server}; a digest is subscribed where it comes."
        return instead_subscribe(ask, command, what)
    return found


def place_now(ask: Ask, row: SubscriptionRow) -> Place | str | None:
    """Its channel as it is now, or why it cannot be found; None where that cannot be known from here."""
    asker = ask.asker
    if is_here(ask, row):
        return asker.place
    if row.server and (row.platform, row.server) == (asker.platform, asker.server):
        return asker.find(f"<#{row.place}>")
    return None


def lacking(ask: Ask, place: Place, command: str, words: str) -> Reply | None:
    """What is said where the bot may not post; None where it may. `words`: what to say again then."""
    if not place.missing:
        return None
    again_words = [(to_press(words).label, words)]
    if place.invite:
        where = "this channel" if is_there(ask, place) else place.name
        told = [f"The bot is not in {where}. Type {place.invite} in it, then say this again."]
        return refused(command, f"The bot is not in {where}", told, again_words, ask)
    lacks = listed(place.missing)
    what = (
        f"The bot may not post digests in {place.name}: it lacks {lacks} there.\n"
        f"Give it {lacks} in {place.name}, then say this again:"
    )
    return refused(command, f"The bot may not post in {place.name}", what.splitlines(), again_words, ask)


def _try_again(ask: Ask, command: str, what: str) -> Reply:
    """That a channel which was named is none, and what was said, to be said again."""
    return mistake(ask.call, command, what, (again(ask, command),))


def refused(
    command: str, title: str, lines: Iterable[str], next_words: Sequence[tuple[str, str]], ask: Ask
) -> Reply:
    """A private reply that says why something was not done; nothing is changed by it."""
    tries = tuple(Line("", label=f"{ask.call} {readable(words)}") for _, words in next_words)
    sections = (Section("", tuple(map(Line, lines))), *([Section("Next", tries)] if tries else []))
    actions = tuple(Action(label[:80], words) for label, words in next_words)
    return Reply(command, title, sections, actions=actions, abstained=True, private=True)


def again(ask: Ask, command: str, **others: str) -> str:
    """What was asked, in words that are understood the same way, with some arguments set otherwise."""
    found = next(one for one in ask.commands if one.name == command)
    parts = [command]
    for param in found.params:
        value = others.get(param.name) or ask.args.get(param.name)
        if value is not None:
            cued = param.cued or param.kind == "value"
            parts += [*param.cues[: int(cued)], written(found, param, value)]
    return " ".join(parts)


def counted(rows: Sequence[SubscriptionRow], limit: int) -> str:
    """`3 digests`, or `more than 100 digests`."""
    return f"more than {limit:,} digests" if len(rows) > limit else plural(len(rows), "digest")


def _place(asker: Asker) -> tuple[str, str]:
    return asker.place.platform, asker.place.id
