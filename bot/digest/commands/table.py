"""The commands for digests. A new one is one entry here, one handler in `commands.py`, one test.

What reads and answers them is imported when it is first used: most requests are no admin's.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.command.entry import Ask, Choices, Command, Param
from bot.reply import Reply

if TYPE_CHECKING:
    from bot.command.form import Form


def _reads(field: str) -> Callable[[str], object]:
    """Reads a value as this field of a subscription is read."""

    def read(text: str) -> object:
        from bot.digest.schedule.subscription import PARSERS

        return PARSERS[field](text)

    return read


def _offers(field: str) -> Callable[[], Choices]:
    """Offers what this field of a subscription can hold."""

    def offer() -> Choices:
        from bot.digest.commands.offers import OFFERS

        return OFFERS[field]()

    return offer


def _handled(name: str) -> Callable[[Ask], Reply]:
    """The handler of this name."""

    def handle(ask: Ask) -> Reply:
        from bot.digest.commands.handlers import HANDLERS

        return HANDLERS[name](ask)

    return handle


def _subscribe_form(ask: Ask) -> "Form | Reply":
    from bot.digest.commands.forms import subscribe_form

    return subscribe_form(ask)


def _value(field: str, help_text: str, shown: str, *cues: str, cued: bool = True) -> Param:
    read, offer = _reads(field), _offers(field)
    return Param(field, "value", help_text, cues=cues, cued=cued, read=read, offer=offer, shown=shown)


CHANNEL = Param("channel", "place", "where it is to come; else here", cues=("to",))
WHICH = Param(
    "id", "subscription", "the number of a subscription; else the one of this channel", cues=("no.",)
)
WISH = (
    _value("at", "the local time of day, as 09:00", "HH:MM", "at"),
    _value("zone", "the time zone, as Europe/Berlin", "ZONE", "zone", "in", cued=False),
    _value("days", "days of the week, as daily, weekdays, mon-fri", "DAYS", "on", "days", cued=False),
    _value("kind", "news, replay, weekly or onthisday", "KIND", "kind", cued=False),
)
_RARE = (
    _value("quiet", "hours in which nothing is posted, as 22:00-07:00, or none", "HOURS", "quiet"),
    _value(
        "days_off", "dates without an edition, as 12-24/01-02, 2027-08, or none", "DATES", "off", "days_off"
    ),
    _value("grace", "by how many hours late it may still come", "HOURS", "grace"),
    Param("role", "role", "the one role to be pinged, or none", cues=("ping", "role"), cued=True),
    _value("nothing_new", "a day without news: silent, or weekly one line", "HOW", "nothing_new"),
    _value("pace", "replay: days of the story in one edition", "DAYS", "pace"),
    _value("start", "replay: the day from which it tells", "DATE", "start"),
    _value(
        "publish", "announcement channels: whether to publish to followers, on or off", "ON/OFF", "publish"
    )._replace(only="discord"),
)
MORE = tuple(param._replace(rare=True) for param in _RARE)

DIGESTS: tuple[Command, ...] = (
    Command(
        "digest list",
        "Every digest of this server: which kind comes where, and when next",
        (),
        _handled("list"),
        ("digest list",),
        "admins",
    ),
    Command(
        "digest subscribe",
        "Have a digest come to a channel, at its local hour",
        (CHANNEL, *WISH, *MORE),
        _handled("subscribe"),
        ("digest subscribe at 09:00 Europe/Berlin weekdays", "digest subscribe weekly on friday at 17:30"),
        "admins",
        changes=True,
        form=_subscribe_form,
        form_bare=True,
    ),
    Command(
        "digest show",
        "One digest in full: what is set, what came last, what comes next",
        (WHICH,),
        _handled("show"),
        ("digest show",),
        "admins",
    ),
    Command(
        "digest change",
        "Change a digest; the day is neither skipped nor doubled",
        (WHICH, *WISH, *MORE),
        _handled("change"),
        ("digest change at 18:00", "digest change kind weekly on monday"),
        "admins",
        changes=True,
    ),
    Command(
        "digest pause",
        "Let nothing come until it is resumed",
        (WHICH,),
        _handled("pause"),
        ("digest pause",),
        "admins",
        changes=True,
    ),
    Command(
        "digest resume",
        "Let it come again; the next edition tells what became known meanwhile",
        (WHICH,),
        _handled("resume"),
        ("digest resume",),
        "admins",
        changes=True,
    ),
    Command(
        "digest unsubscribe",
        "End a digest for good",
        (WHICH,),
        _handled("unsubscribe"),
        ("digest unsubscribe",),
        "admins",
        changes=True,
    ),
    Command(
        "digest preview",
        "What would come next, shown to you alone",
        (WHICH,),
        _handled("preview"),
        ("digest preview",),
        "admins",
    ),
    Command(
        "digest now",
        "Send today's edition now",
        (WHICH,),
        _handled("now"),
        ("digest now",),
        "admins",
        changes=True,
    ),
    Command(
        "digest why",
        "Why an edition came as it came, or did not: when it was due, each attempt, what held it",
        (Param("date", "date", "a day; else the last few", cues=("on",)), WHICH),
        _handled("why"),
        ("digest why", "digest why yesterday"),
        "admins",
    ),
)
