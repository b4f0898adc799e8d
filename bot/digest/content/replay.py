"""`replay`: the story told again as it became known, for channels that come late.

An edition is built only from what was known by the last of the days it tells.
"""

from datetime import date

from bot.digest.content.lay import choose, days_text, filled, headline, laid, quotes, rest, standing
from bot.digest.content.matter import Digest, Matter, Occasion
from bot.digest.content.told import Index, Told, untold
from bot.digest.schedule.localtime import DAY
from bot.edtf import spoken_day
from bot.reply import Action


def next_days(known: Index, told: Told, pace: int) -> tuple[Told, bool] | None:
    """What became known next, up to the end of so many days, and whether that is the end of the story.

    None where the replay has come to its end. What was added since to days told before is left to
    the news that follows.
    """
    ahead = untold(known, told).between(told.until, None)
    if ahead.first is None:
        return None
    last = ahead.first + (pace - 1) * DAY
    over = ahead.between(last, None).first is None
    return ahead.between(None, last).names._replace(until=last), over


def replay(occasion: Occasion, matter: Matter, first: date, *, over: bool) -> Digest:
    """An edition of what became known on the days from `first` on."""
    until = matter.carries.until
    assert until is not None
    chosen = choose(matter)
    more, behind = rest(chosen, known=until)
    notes = [*more, f"Only what was published by {spoken_day(until)} is in it."]
    if over:
        notes.append("With this the story is told up to now; from the next edition on, news follow here.")
    day = until.isoformat()
    actions = (*behind, Action("As it stood then", f"status {day}"), Action("Today's state", "status"))
    sections = standing(matter, now="Where it stood", then="Where it had stood")
    body = filled((*sections, *chosen.sections), matter, chosen.shown)
    title = f", {days_text(first, until)}: {headline(matter)}"
    reply = laid(occasion, title, body, matter, notes=notes, actions=actions, as_of=until)
    return Digest(
        reply,
        "replay",
        occasion.number,
        occasion.day,
        matter.carries,
        quotes(matter, chosen),
        turns="news" if over else None,
    )
