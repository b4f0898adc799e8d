"""`digest subscribe` and `digest change`: what a channel wishes, put together, checked and kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from bot.command.asker import Asker, Place
from bot.command.entry import Ask
from bot.command.mistake import mistake
from bot.digest.commands.asking import (
    again,
    is_there,
    lacking,
    own_zone,
    place_now,
    refused,
    target,
    which,
)
from bot.digest.commands.offers import TELLS
from bot.digest.commands.outcome import next_line
from bot.digest.commands.saying import capital, clock_of, name_of, weekdays_text
from bot.digest.commands.showing import PING, pinged, shown_values
from bot.digest.content.told import baseline, index, told_text
from bot.digest.ledger.ledger import amend, look, settled, take_back
from bot.digest.ledger.rows import kept, new_row, subscription_of
from bot.digest.schedule.due import changed
from bot.digest.schedule.localtime import local_date, zone_of
from bot.digest.schedule.subscription import EVERY_DAY, PARSERS, Kind, Subscription, checked, clock_text
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section
from bot.store.moments import moment, stamp
from bot.store.outbox import Outbox
from bot.store.register import SubscriptionRow

_MONDAY = (0,)
_NINE = time(9)
# Kinds that tell what is new since the last edition: from one to the other nothing is told anew or lost.
_NEWS = {"news", "weekly"}


def subscribe(ask: Ask) -> Reply:
    """Answers `digest subscribe`; of another channel, which not all may know, it tells alone."""
    place = target(ask, "digest subscribe")
    if isinstance(place, Reply):
        return place
    reply = _subscribe(ask, place)
    return reply if is_there(ask, place) or place.kind == "direct" else reply._replace(alone=True)


def _subscribe(ask: Ask, place: Place) -> Reply:
    given = _values(ask)
    try:
        it = checked(_wish(ask, place, given))
    except ValueError as error:
        return _wrong(ask, "digest subscribe", error)
    wrong = (
        _no_followers(ask, "digest subscribe", it, place.kind, place.name)
        or _taken(ask, "digest subscribe", it, 0)
        or lacking(ask, place, "digest subscribe", again(ask, "digest subscribe"))
    )
    if wrong:
        return wrong
    row = _fresh(ask, place, it)
    row = ask.register.add(row._replace(look=look(ask.register, row, ask.now)))
    return _subscribed(ask, row, given)


def change(ask: Ask) -> Reply:
    """Answers `digest change`: the day is neither skipped nor doubled by it."""
    row = which(ask, "digest change")
    if isinstance(row, Reply):
        return row
    given = _values(ask)
    if not given:
        tries = (f"digest change {row.id} at 18:00", f"digest change {row.id} kind weekly on monday")
        what = f"{name_of(row)}: it was not said what is to change."
        return mistake(ask.call, "digest change", what, tries)
    old = subscription_of(row)
    new, notes = _adjusted(old, old._replace(**given), given)
    if new == old and not (new.kind == "replay" and "start" in given):
        lines = [f"{name_of(row)} is so already; nothing was changed."]
        show = [("Show", f"digest show {row.id}")]
        return refused("digest change", f"Digest no. {row.id} is so already", lines, show, ask)
    try:
        new = checked(new)
    except ValueError as error:
        return _wrong(ask, "digest change", error)
    wrong = _no_followers(ask, "digest change", new, row.place_kind, row.place_name) or _taken(
        ask, "digest change", new, row.id
    )
    if wrong:
        return wrong
    fresh, anew, told_note = _told_anew(ask, row, old, new, given)
    place = place_now(ask, row)
    after = kept(fresh, _scheduled(ask, row, old, new))._replace(
        place_name=place.name if isinstance(place, Place) else row.place_name, by=_by(ask.asker, row.by)
    )
    after = after._replace(look=look(ask.register, after, ask.now))
    ask.register.save(after)
    if anew or (old.kind, old.pace, old.start) != (new.kind, new.pace, new.start):
        amend(ask.register, Outbox(ask.shelf.connection), after, told=anew)
    return _changed(ask, after, _differences(old, new), [*notes, *told_note])


def _changed(
    ask: Ask, row: SubscriptionRow, differences: Sequence[tuple[str, str, str]], notes: Sequence[str]
) -> Reply:
    lines = [
        Line(f"{pinged(ask, row, before)} → {pinged(ask, row, now)}", label=name)
        if name in PING
        else Line(f"{before} → {now}", label=name)
        for name, before, now in differences
    ]
    actions = (
        *([Action("Resume", f"digest resume {row.id}")] if row.paused else []),
        Action("Preview", f"digest preview {row.id}"),
        Action("Show", f"digest show {row.id}"),
    )
    return Reply(
        "digest change",
        f"{name_of(row)} is changed",
        (Section("", (*lines, Line(next_line(ask, row)))),),
        notes=tuple(notes),
        actions=actions,
    )


def _values(ask: Ask) -> dict[str, Any]:
    """What was given, as the fields of a subscription."""
    return {field: read(text) for field, read in PARSERS.items() if (text := ask.text(field)) is not None}


def _wish(ask: Ask, place: Place, given: Mapping[str, Any]) -> Subscription:
    kind: Kind = given.get("kind", "news")
    now = _kept_moment(ask.now)
    first = Subscription(
        0,
        ask.shelf.story,
        place.platform,  # type: ignore[arg-type]
        place.server,
        place.id,
        kind,
        _NINE,
        own_zone(ask.asker) or "UTC",
        now,
        now,
        now,
        _MONDAY if kind == "weekly" else EVERY_DAY,
    )
    return first._replace(**given)


def _fresh(ask: Ask, place: Place, it: Subscription) -> SubscriptionRow:
    """A new subscription as it is kept."""
    return new_row(
        it,
        place_name=place.name,
        place_kind=place.kind,
        by=_by(ask.asker, ""),
        told=ask.register.put_told(told_text(baseline(index(ask.shelf), it))),
        last=local_date(ask.now, zone_of(it.zone)),
    )


def _kept_moment(now: datetime) -> datetime:
    """The moment as the database keeps it, so that what is decided now is decided again the same way."""
    return moment(stamp(now))


def _by(asker: Asker, before: str) -> str:
    """Who is told where something goes wrong; whoever runs the bot reads its log."""
    return before if asker.operator else asker.user


def _wrong(ask: Ask, command: str, error: ValueError) -> Reply:
    lines = [f"{line[:1].upper()}{line[1:]}." for line in str(error).splitlines()]
    return mistake(ask.call, command, "\n".join(lines), (f"help {command}",))


def _no_followers(ask: Ask, command: str, it: Subscription, place_kind: str, name: str) -> Reply | None:
    """What is said where something is to be published from a channel that nobody can follow."""
    if not it.publish or place_kind == "announcement":
        return None
    what = f"{name} is no announcement channel: no other server can follow it, so nothing can be published."
    if it.platform != "discord":
        what = f"Nobody elsewhere can follow {name}, so nothing can be published from it."
    return mistake(ask.call, command, what, (again(ask, command, publish="off"),))


def _taken(ask: Ask, command: str, it: Subscription, own: int) -> Reply | None:
    """What is said where the channel has this kind of digest already."""
    others = ask.register.of_place(it.story, it.platform, it.place)
    other = next((row for row in others if row.kind == it.kind and row.id != own), None)
    if other is None:
        return None
    lines = [
        f"{capital(other.place_name)} has this kind already: {name_of(other)}, at {other.at} ({other.zone}).",
        "A channel has each kind once. Change that one, or end it first.",
    ]
    next_words = [
        ("Change it", f"digest change {other.id} at {clock_text(it.at)}"),
        ("Show it", f"digest show {other.id}"),
        ("End it", f"digest unsubscribe {other.id}"),
    ]
    return refused(command, f"{capital(other.place_name)} has that already", lines, next_words, ask)


def _subscribed(ask: Ask, row: SubscriptionRow, given: Mapping[str, Any]) -> Reply:
    it, zone = subscription_of(row), clock_of(row)
    lines = [
        Line(
            f"{row.kind.capitalize()} ({TELLS[it.kind]}) comes to {row.place_name} at {clock_text(it.at)}"
            f" ({row.zone}), {weekdays_text(it.days)}."
        ),
        Line(next_line(ask, row, first=True)),
        Line(_begins(it)),
        Line(f"To see it beforehand: {ask.call} digest preview {row.id}"),
    ]
    if ask.asker.platform != row.platform:
        lines.append(Line("Whether the bot may post there could not be checked from here."))
    if row.role:
        role = f"{ask.asker.terms.role} {ask.asker.role_called(row.role)}"
        lines.append(Line(f"Each edition pings the {role}, and nobody else."))
    notes = []
    if "zone" not in given:
        yours = "those of your time zone, " if own_zone(ask.asker) else ""
        example = "Europe/London" if yours and zone.key == "Europe/Berlin" else "Europe/Berlin"
        words = f"{ask.call} digest change {row.id} zone {example}"
        notes.append(f"No time zone was given, so its hours are {yours}{zone.key}; to change that: {words}")
    if it.kind == "weekly" and "days" not in given:
        notes.append("No day was given, so it comes on Mondays.")
    actions = (
        Action("Preview", f"digest preview {row.id}"),
        Action("Show", f"digest show {row.id}"),
        Action("Send one now", f"digest now {row.id}"),
        Action("Unsubscribe", f"digest unsubscribe {row.id}"),
    )
    sections = (Section("", tuple(lines)),)
    return Reply("digest subscribe", f"Digest no. {row.id}", sections, notes=tuple(notes), actions=actions)


def _begins(it: Subscription) -> str:
    """What its first edition tells."""
    if it.kind == "onthisday":
        return "On a day on which nothing happened in earlier years nothing comes."
    if it.kind == "replay":
        start = spoken_day(it.start) if it.start else "its beginning"
        return f"It tells the story from {start} on; once all is told, it turns to news."
    quiet = "nothing comes" if it.nothing_new == "silent" else "one line says so, once a week"
    return f"It begins with what becomes known from now on; where nothing is new, {quiet}."


def _adjusted(
    old: Subscription, new: Subscription, given: Mapping[str, Any]
) -> tuple[Subscription, list[str]]:
    """The new form with what follows from another kind, and what is to be said about that."""
    notes = []
    if new.kind != old.kind and "days" not in given:
        if new.kind == "weekly" and len(old.days) != 1:
            new = new._replace(days=_MONDAY)
            notes.append("No day was given, so it comes on Mondays.")
        elif old.kind == "weekly":
            new = new._replace(days=EVERY_DAY)
            notes.append("No days were given, so it comes every day.")
    if new.kind != "replay":
        reset = {name: value for name, value in (("pace", 1), ("start", None)) if name not in given}
        new = new._replace(**reset)  # type: ignore[arg-type]
    return new, notes


def _told_anew(
    ask: Ask, row: SubscriptionRow, old: Subscription, new: Subscription, given: Mapping[str, Any]
) -> tuple[SubscriptionRow, bool, list[str]]:
    """The row with what counts as told under the new form; whether that is set anew, and what is said of it.

    From news to weekly and back what was told stays told, and what was not is still to be told. From
    and to any other kind it begins anew: a replay where it is to start, others with what is known now.
    """
    if (old.kind, old.pace, old.start) == (new.kind, new.pace, new.start) and "start" not in given:
        return row, False, []
    # What never arrived is taken back first: later it would put back the kind as it was, too.
    row = take_back(ask.register, Outbox(ask.shelf.connection), row, ask.now, stop=False).row
    restarted = new.kind == "replay" and (row.kind != "replay" or "start" in given)
    if not restarted and (row.kind == new.kind or {row.kind, new.kind} <= _NEWS):
        return row, False, []
    told = told_text(baseline(index(ask.shelf), new))
    today = local_date(ask.now, zone_of(new.zone)).isoformat()
    row = row._replace(told=ask.register.put_told(told), last=today)
    if restarted:
        start = spoken_day(new.start) if new.start else "its beginning"
        return row, True, [f"The story is told from {start}, also what came to this channel before."]
    if new.kind == "onthisday":
        return row, True, []
    note = "All that is known now counts as told; it begins with what becomes known from now on."
    return row, True, [note]


def _scheduled(ask: Ask, row: SubscriptionRow, old: Subscription, new: Subscription) -> Subscription:
    now = _kept_moment(ask.now)
    try:
        return changed(old, new, settled(ask.register, row, old, now), now)
    except ValueError:  # its former zone is gone from this machine: nobody knows what was still to come
        return new._replace(since=now, changed=now)


def _differences(old: Subscription, new: Subscription) -> list[tuple[str, str, str]]:
    """Each value that has changed: what it is called, and what it was and is."""
    before, after = shown_values(old), shown_values(new)
    return [(name, before[name], after[name]) for name in after if before[name] != after[name]]
