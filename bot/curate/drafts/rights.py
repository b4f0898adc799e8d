"""Whose documents somebody may change: everyone's, or those of one server."""

from bot.command.entry import Ask
from bot.command.terms import terms_of
from bot.model import EVERYONE


def may_change(ask: Ask, audience: str) -> bool:
    """Whether what is for this audience is theirs to change, where they ask."""
    if ask.rank == "owner":
        return True
    if audience == EVERYONE:
        return ask.rank == "editor"
    return ask.admin and audience == ask.asker.audience


def audience_of_new(ask: Ask, *, here: bool = False) -> str:
    """For whom what they write new is: editors write for everyone, unless they say that it is for here."""
    if here or ask.rank not in {"editor", "owner"}:
        return ask.asker.audience
    return EVERYONE


def spoken(ask: Ask, audience: str) -> str:
    """An audience in words."""
    if audience == EVERYONE:
        return "everyone"
    if audience == ask.asker.audience:
        here = f"this {ask.asker.terms.server}"
        return f"{here} ({ask.asker.server_name})" if ask.asker.server_name else here
    return f"one {terms_of(audience.partition('/')[0]).server} ({audience})"
