"""`news`: what became known since the channel's last edition. It never repeats."""

from bot.digest.content.lay import choose, filled, headline, laid, quotes, rest, standing
from bot.digest.content.matter import Digest, Matter, Nothing, Occasion
from bot.digest.schedule.subscription import Kind
from bot.edtf import spoken_day
from bot.reply import Action, Line, Section
from bot.wording import cites_of

QUIET = 7  # days between two lines that say that there is nothing new


def news(occasion: Occasion, matter: Matter) -> Digest | Nothing:
    """An edition of what is new; on a quiet day one line or nothing, as the subscription says."""
    if not matter.carries:
        return quiet(occasion, matter)
    chosen = choose(matter)
    more, behind = rest(chosen)
    body = filled((*standing(matter), *chosen.sections), matter, chosen.shown)
    newest = [Action("Whole briefing", f"briefing {brief.card.id}") for brief in matter.briefs[-1:]]
    actions = (*newest, *behind, Action("Status", "status"), Action("Timeline", "timeline"))
    title = f": {headline(matter)}"
    reply = laid(occasion, title, body, matter, notes=more, actions=actions)
    return Digest(
        reply, _kind(occasion), occasion.number, occasion.day, matter.carries, quotes(matter, chosen)
    )


def quiet(occasion: Occasion, matter: Matter) -> Digest | Nothing:
    """Where nothing is new: nothing, or once a week one line."""
    last = spoken_day(occasion.last)
    if occasion.subscription.nothing_new == "silent":
        return Nothing(f"Nothing has become known since {last}, and quiet days are silent here.")
    if (occasion.day - occasion.last).days < QUIET:
        return Nothing(f"Nothing has become known since {last}, and that is said once a week.")
    if matter.state is None or matter.horizon is None:
        return Nothing("Nothing is known of the story yet.")
    since = min(matter.horizon, occasion.day)
    days = (occasion.day - since).days
    count = f"; {days:,} days" if days > 1 else ""
    line = Line(matter.state.card.state, cites_of(matter.state.sentences))
    title = f": nothing new since {spoken_day(since)}{count}"
    reply = laid(occasion, title, (Section("", (line,)),), matter, actions=(Action("Status", "status"),))
    return Digest(reply, _kind(occasion), occasion.number, occasion.day, matter.carries, quotes(matter))


def _kind(occasion: Occasion) -> Kind:
    """A replay that is over makes news."""
    return "news" if occasion.subscription.kind == "replay" else occasion.subscription.kind
