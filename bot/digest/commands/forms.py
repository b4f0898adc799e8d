"""The form of `digest subscribe`: what most people want to choose, filled in with what is usual."""

from bot.command.asker import Place
from bot.command.entry import Ask
from bot.command.form import Field, Form
from bot.digest.commands.asking import FORM, own_zone
from bot.digest.commands.offers import TELLS
from bot.digest.schedule.subscription import DAY_NAMES, KINDS

_DAYS = (
    ("Every day", "daily"),
    ("Monday to Friday", "weekdays"),
    ("Saturday and Sunday", "weekends"),
    *((f"{name.capitalize()}s", name) for name in DAY_NAMES),
)


def subscribe_form(ask: Ask) -> Form:
    """Asks for the channel, the hour, the zone, the days, the kind; in a direct message not the channel."""
    asker = ask.asker
    kinds = tuple((f"{kind}: {TELLS[kind]}", kind) for kind in KINDS)
    fields = (
        Field("at", "Time of day", "09:00", "As 09:00 or 17:30", most=20),
        Field("zone", "Time zone", own_zone(asker) or "UTC", "As Europe/Berlin", most=60),
        Field(
            "days", "Days", "", "Else every day; a weekly digest on Mondays", required=False, choices=_DAYS
        ),
        Field("kind", "Kind", "news", choices=kinds),
    )
    return Form(FORM, "Subscribe to a digest", (*_channel(ask), *fields))


def _channel(ask: Ask) -> tuple[Field, ...]:
    """Where it is to come; it shows the channel where it was asked, unless no digest can come there."""
    if not ask.asker.server:
        return ()
    here = ask.asker.find("here")
    shown = f"<#{here.id}>" if isinstance(here, Place) else ""
    return (Field("channel", "Channel", shown, "Else where you are now", required=False, place=True),)
