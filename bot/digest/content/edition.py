"""What an edition says: reads what it needs of the story and lets its kind compose it."""

from bot.digest.content.matter import Digest, Matter, Nothing, Occasion, gather
from bot.digest.content.news import news
from bot.digest.content.onthisday import onthisday
from bot.digest.content.replay import next_days, replay
from bot.digest.content.told import Told, index, untold
from bot.digest.content.weekly import weekly
from bot.store.shelf import Shelf


def compose(shelf: Shelf, occasion: Occasion) -> Digest | Nothing:
    """The edition of this occasion, or why there is none."""
    kind, told = occasion.subscription.kind, occasion.told
    if kind == "onthisday":
        return onthisday(occasion, _this_day(shelf, occasion))
    known = index(shelf)
    if kind == "replay":
        ahead = next_days(known, told, occasion.subscription.pace)
        if ahead:
            new, over = ahead
            first = known.between(told.until, new.until).first
            assert first is not None
            matter = gather(shelf, new, told, occasion.day, as_of=new.until)
            return replay(occasion, matter, first, over=over)
    matter = gather(shelf, untold(known, told).names, told, occasion.day)
    if kind == "weekly":
        return weekly(occasion, matter)
    made = news(occasion, matter)
    return made._replace(turns="news") if kind == "replay" and isinstance(made, Digest) else made


def _this_day(shelf: Shelf, occasion: Occasion) -> Matter:
    happened = shelf.happened_on(occasion.day)
    matter = gather(shelf, Told(frozenset(fact.id for fact in happened)), Told(), occasion.day)
    return matter._replace(carries=Told(), facts=tuple(happened))
