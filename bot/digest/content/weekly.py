"""`weekly`: the week in one post, with the state at its start and its end."""

from bot.digest.content.lay import choose, filled, headline, laid, quotes, rest, standing
from bot.digest.content.matter import Digest, Matter, Nothing, Occasion
from bot.digest.content.news import quiet
from bot.edtf import spoken_day
from bot.reply import Action


def weekly(occasion: Occasion, matter: Matter) -> Digest | Nothing:
    """An edition of what became known since the last; its week begins where the last one ended."""
    if not matter.carries:
        return quiet(occasion, matter)
    chosen = choose(matter)
    more, behind = rest(chosen)
    changed = matter.before is not None
    now = (
        "At the end of the week"
        if changed
        else "At its start and at its end"
        if _same(matter)
        else "At its end"
    )
    sections = standing(matter, now=now, then="At the start of the week")
    # The week is told from its start to its end.
    start, end = (sections[:1], sections[1:]) if changed else ((), sections)
    body = filled((*start, *chosen.sections, *end), matter, chosen.shown)
    title = f", the week to {spoken_day(occasion.day)}: {headline(matter)}"
    newest = [Action("Whole briefing", f"briefing {brief.card.id}") for brief in matter.briefs[-1:]]
    actions = (*newest, *behind, Action("Status", "status"), Action("Timeline", "timeline"))
    reply = laid(occasion, title, body, matter, notes=more, actions=actions)
    return Digest(reply, "weekly", occasion.number, occasion.day, matter.carries, quotes(matter, chosen))


def _same(matter: Matter) -> bool:
    """Whether the state was told before this week."""
    state = matter.state
    return state is not None and (state.card.id, state.card.announced) not in matter.carries.briefings
