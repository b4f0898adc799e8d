"""How moments, days, channels and wishes are worded in what the bot says of its digests."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digest.schedule.localtime import zone_of
from bot.digest.schedule.subscription import DAY_NAMES, EVERY_DAY
from bot.edtf import spoken_day, spoken_span
from bot.store.register import SubscriptionRow
from bot.wording import plural

_MINUTE, _DAYS = timedelta(minutes=1), timedelta(days=2)
_LONG = 10  # hours, above which minutes are left out
_SETS = {EVERY_DAY: "every day", EVERY_DAY[:5]: "Monday to Friday", EVERY_DAY[5:]: "Saturday and Sunday"}


def clock_of(row: SubscriptionRow) -> ZoneInfo:
    """The zone in which its moments are told: its own, or UTC where this machine no longer has that."""
    try:
        return zone_of(row.zone)
    except ValueError:
        return zone_of("UTC")


def moment_text(moment: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """`21 November 2026, 09:00 (Europe/Berlin)`."""
    local = moment.astimezone(zone)
    shown = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return f"{spoken_day(local.date())}, {shown} ({zone.key})"


def both_text(moment: datetime, zone: ZoneInfo) -> str:
    """The moment in the zone and in UTC: `21 November 2026, 09:00 (Europe/Berlin), which is 08:00 UTC`."""
    local, there = moment.astimezone(zone), moment.astimezone(UTC)
    text = moment_text(moment, zone)
    if local.utcoffset() == timedelta(0):
        return text
    day = "" if there.date() == local.date() else f"{spoken_day(there.date())}, "
    return f"{text}, which is {day}{there:%H:%M} UTC"


def ahead_text(moment: datetime, now: datetime) -> str:
    """`in 3 hours`, `3 hours ago`, or `now`."""
    away = moment - now
    if abs(away) < timedelta(seconds=1):
        return "now"
    return f"in {span_text(away)}" if away > timedelta(0) else f"{span_text(-away)} ago"


def span_text(span: timedelta) -> str:
    """`45 seconds`, `3 hours 5 minutes`, `4 days`: no more exact than anybody wants to know."""
    if span < _MINUTE:
        return plural(max(round(span.total_seconds()), 1), "second")
    if span >= _DAYS:
        return spoken_span(span.days)
    minutes = round(span / _MINUTE)
    hours, left = divmod(minutes, 60)
    if not hours:
        return plural(minutes, "minute")
    if hours >= _LONG or not left:
        return plural(hours + (left >= 30) if hours >= _LONG else hours, "hour")
    return f"{plural(hours, 'hour')} {plural(left, 'minute')}"


def weekdays_text(days: Sequence[int]) -> str:
    """`every day`, `Monday to Friday`, `Monday and Thursday`."""
    return _SETS.get(tuple(days)) or listed(DAY_NAMES[day].capitalize() for day in days)


def listed(words: Iterable[str], last: str = "and") -> str:
    """`Send Messages, Embed Links and Attach Files`."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end


def name_of(row: SubscriptionRow) -> str:
    """`Digest no. 3 (news in #news)`."""
    return f"Digest no. {row.id} ({row.kind} in {row.place_name})"


def capital(text: str) -> str:
    """The text with a capital in front."""
    return f"{text[:1].upper()}{text[1:]}"


def sentence(text: str) -> str:
    """The text as a sentence: a capital in front, a full stop behind."""
    return f"{capital(text.strip()).rstrip('.')}."
