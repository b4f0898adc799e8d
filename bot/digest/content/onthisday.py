"""`onthisday`: what happened on this day of the calendar in earlier years."""

from itertools import groupby

from bot.digest.content.lay import MOST_LINES, Chosen, filled, laid, quotes, rest, standing
from bot.digest.content.matter import Digest, Matter, Nothing, Occasion
from bot.digest.content.told import Told
from bot.edtf import MONTHS
from bot.model import Fact
from bot.reply import Action, Section
from bot.wording import fact_line, plural


def onthisday(occasion: Occasion, matter: Matter) -> Digest | Nothing:
    """An edition of what happened or was said on exactly this day; nothing where nothing did.

    On 29 February only what happened on a 29 February, and on no other day that.
    """
    this = f"{occasion.day.day} {MONTHS[occasion.day.month - 1]}"
    if not matter.facts:
        return Nothing(f"Nothing of the story happened on a {this} of an earlier year.")
    # Events before statements; each year in the order of its day.
    told = sorted(matter.facts, key=lambda fact: fact.kind != "event")[:MOST_LINES]
    shown = frozenset(fact.id for fact in told)
    years = {
        year: tuple(facts)
        for year, facts in groupby([fact for fact in matter.facts if fact.id in shown], key=_year)
    }
    sections = tuple(
        Section(
            f"{plural(occasion.day.year - year, 'year')} ago, in {year}",
            tuple(
                fact_line(fact, overturned=matter.overturned.get(fact.id, ()))._replace(when="")
                for fact in facts
            ),
        )
        for year, facts in years.items()
    )
    left = tuple(fact for fact in matter.facts if fact.id not in shown)
    more, behind = rest(Chosen((), (), shown, left, ()), what="Also on this day")
    body = filled((*sections, *standing(matter)), matter, shown)
    days = [
        Action(f"How it stood on {this} {year}", f"status {facts[0].date.text}")
        for year, facts in years.items()
    ]
    title = f": {this} in {', '.join(map(str, years))}"
    reply = laid(
        occasion, title, body, matter, notes=more, actions=(*days[:3], *behind, Action("Status", "status"))
    )
    return Digest(reply, "onthisday", occasion.number, occasion.day, Told(), quotes(matter))


def _year(fact: Fact) -> int:
    assert fact.date.first is not None
    return fact.date.first.year
