"""What every answer may have to say: that something is not there, or nothing is, or that it was mended."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.command.entry import Ask
from bot.command.mistake import mistake, shortened
from bot.model import Retraction
from bot.nearest import nearest
from bot.reply import Action, Line, Reply, Section
from bot.store.shelf import Amendment
from bot.wording import amended, plural, retracted

NEAR_IDS = 3
MOST_WAYS = 3
SPARED = 3  # so few are not left out: to say that they are saves no more than to tell them

Later = Mapping[str, Sequence[Amendment]]
"""What was mended only after the day that an answer is of, by id."""


def not_there(ask: Ask, command: str, what: str, given: str, ids: list[str]) -> Reply:
    """A reply to an id that does not exist, with the nearest ones that do."""
    near = [name for name in ids if given in name][-NEAR_IDS:] or nearest(given, ids, NEAR_IDS, 0.4)
    listing = {"briefing": "briefings", "source": "sources", "fact": "timeline"}[command]
    return mistake(
        ask.call,
        command,
        f"There is no {what} “{shortened(given)}”.",
        [*(f"{command} {name}" for name in near), listing],
    )


def nothing_loaded(ask: Ask, command: str) -> Reply:
    """A reply where the story has no source at all."""
    text = f"Nothing is known about {ask.name} yet: no source has been loaded."
    return Reply(command, ask.name, (Section("", (Line(text),)),), abstained=True)


def later(amendments: Mapping[str, Sequence[Amendment]], as_of: date | None) -> Later:
    """Those of them that came after a day; without one, all is told in the words of now."""
    if as_of is None:
        return {}
    found = {name: [one for one in some if one.on > as_of] for name, some in amendments.items()}
    return {name: some for name, some in found.items() if some}


def ways_on(since: Later) -> tuple[Action, ...]:
    """The ways to what stands now in the place of what was mended."""
    names = [(name, some[-1].act) for name, some in since.items()][:MOST_WAYS]
    return tuple(
        Action(f"{act.capitalize()} since: {name}", f"{'fact' if '#' in name else 'briefing'} {name}")
        for name, act in names
    )


def corrections(amendments: Sequence[Amendment]) -> tuple[Section, ...]:
    """What was corrected, in a section of its own; none where nothing was."""
    lines = tuple(Line(amended([one])) for one in amendments)
    return (Section("", lines),) if lines else ()


def stub(command: str, title: str, retraction: Retraction, *actions: Action, as_of: date | None) -> Reply:
    """What stays in the place of something retracted: that it is, and why."""
    return Reply(command, title, (Section("", (Line(retracted(retraction)),)),), actions=actions, as_of=as_of)


def next_after(as_of: date | None, newest: date | None) -> tuple[Action, ...]:
    """The way from an answer as of a day to what became known after it; none where nothing did.

    `newest` is the day of the newest that is known: `shelf.horizon(None)`.
    """
    if as_of is None or newest is None or newest <= as_of:
        return ()
    return (Action("What happened next", f"since {as_of.isoformat()}"),)


def whose(ask: Ask) -> tuple[str, str, str, str]:
    """Story, platform, person and place: whose look or question is remembered, for `store/looked.py`."""
    asker = ask.asker
    # The channel of direct messages is as good as a name, and there is but one.
    place = "" if asker.place.kind == "direct" else asker.place.id
    return ask.shelf.story, asker.platform, asker.user, place


def room_for(count: int, most: int) -> int:
    """How many of so many are told: `most`, or all where hardly any would be left out."""
    return count if count <= most + SPARED else most


def counted(count: int, noun: str, gone: int) -> str:
    """`5 briefings`, `5 briefings, 1 of them retracted`."""
    return plural(count, noun) + (f", {gone} of them retracted" if gone else "")
