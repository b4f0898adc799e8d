"""`digest pause`, `resume` and `unsubscribe`: that a digest does not come for a while, or any more."""

from datetime import timedelta

from bot.command.entry import Ask
from bot.digest.commands.asking import is_here, lacking, own_zone, place_now, refused, which, zone_shown
from bot.digest.commands.outcome import day_of, next_line
from bot.digest.commands.saying import capital, listed, name_of, sentence
from bot.digest.content.replay import next_days
from bot.digest.content.told import index, parse_told
from bot.digest.ledger.ledger import look, past, settled, take_back
from bot.digest.ledger.rows import kept, subscription_of
from bot.digest.schedule.due import changed
from bot.digest.schedule.subscription import (
    EVERY_DAY,
    GRACE,
    days_off_text,
    days_text,
    publish_text,
    quiet_text,
    start_text,
)
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section
from bot.store.moments import moment, stamp
from bot.store.outbox import Outbox
from bot.store.register import SubscriptionRow

REFUSED_FOR = timedelta(days=7)
"""For so long a correction that was refused is tried again once its digest is resumed."""

BY_ADMIN = "an admin paused it"


def pause(ask: Ask) -> Reply:
    """Answers `digest pause`."""
    row = which(ask, "digest pause")
    if isinstance(row, Reply):
        return row
    if row.paused:
        lines = [f"{name_of(row)} is paused already: {sentence(row.paused)}"]
        resume_it = [("Resume", f"digest resume {row.id}")]
        return refused("digest pause", f"Digest no. {row.id} is paused already", lines, resume_it, ask)
    stopped = _stop(ask, row, "it was paused before it was sent")
    ask.register.save(row._replace(paused=BY_ADMIN, look=None))
    lines = ["Nothing comes until it is resumed; the next edition then tells what became known meanwhile."]
    actions = (
        Action("Resume", f"digest resume {row.id}"),
        Action("Unsubscribe", f"digest unsubscribe {row.id}"),
    )
    return _done("digest pause", f"{name_of(row)} is paused", [*lines, *stopped], actions)


def resume(ask: Ask) -> Reply:
    """Answers `digest resume`, also after the bot paused it since something was refused."""
    row = which(ask, "digest resume")
    if isinstance(row, Reply):
        return row
    if not row.paused:
        lines = [f"{name_of(row)} is not paused.", next_line(ask, row)]
        show = [("Show", f"digest show {row.id}")]
        return refused("digest resume", f"Digest no. {row.id} is not paused", lines, show, ask)
    outbox = Outbox(ask.shelf.connection)
    wrong = may_post(ask, row, "digest resume") or _at_its_end(
        ask, past(ask.register, outbox, row, stop=False).row
    )
    if wrong:
        return wrong
    found = take_back(ask.register, outbox, row, ask.now, stop=False)
    old = subscription_of(found.row)
    now = moment(stamp(ask.now))
    try:
        new = changed(old, old._replace(paused=False), settled(ask.register, found.row, old, now), now)
        after = kept(found.row, new)._replace(paused="", warned=None)
        after = after._replace(look=look(ask.register, after, now))
    except ValueError as error:  # its zone is gone from this machine
        lines = [f"{name_of(row)} cannot be resumed: {error}."]
        zone = [("Change its zone", f"digest change {row.id} zone {zone_shown(ask)}")]
        return refused("digest resume", f"Digest no. {row.id} cannot be resumed", lines, zone, ask)
    ask.register.save(after)
    lines = [next_line(ask, after)]
    if found.unsent:
        which_ones = listed(f"no. {one.number} of {spoken_day(day_of(one))}" for one in found.unsent[::-1])
        lines.append(f"What was in {which_ones} never arrived; the next tells it.")
    if again := outbox.try_again(row.id, ask.now - REFUSED_FOR, ask.now):
        lines.append(f"{again} refused correction{'s' * (again > 1)} of its posts will be tried again.")
    actions = (Action("Preview", f"digest preview {row.id}"), Action("Show", f"digest show {row.id}"))
    return _done("digest resume", f"{name_of(after)} is resumed", lines, actions)


def unsubscribe(ask: Ask) -> Reply:
    """Answers `digest unsubscribe`: nothing is deleted, so that what came stays explained."""
    row = which(ask, "digest unsubscribe")
    if isinstance(row, Reply):
        return row
    stopped = _stop(ask, row, "the digest was ended before it was sent")
    ask.register.save(row._replace(ended=stamp(ask.now), look=None))
    words = words_for(ask, row)
    shown = _shown(ask, row, words)
    typed = [f"To have it again: {ask.call} {shown}"] if shown else []
    lines = ["Nothing comes from it any more.", *stopped, *typed]
    actions = (Action("Subscribe again", words), Action("Why", f"digest why {row.id}"))
    return _done("digest unsubscribe", f"{name_of(row)} has ended", lines, actions)


def may_post(ask: Ask, row: SubscriptionRow, command: str) -> Reply | None:
    """What is said where the bot may not post in its channel now, or it is gone; None where it may."""
    place = place_now(ask, row)
    if place is None:
        return None
    words = f"{command} {row.id}"
    if isinstance(place, str):
        lines = [f"{capital(row.place_name)}: {sentence(place)}", "If the channel is gone, end this digest."]
        return refused(
            command,
            f"{capital(row.place_name)} cannot be found",
            lines,
            [("Try again", words), ("Unsubscribe", f"digest unsubscribe {row.id}")],
            ask,
        )
    return lacking(ask, place, command, words)


def words_for(ask: Ask, row: SubscriptionRow) -> str:
    """What to type to have this digest again: all that is not as it would be anyway."""
    it = subscription_of(row)
    channel = [] if is_here(ask, row) else [_named(ask, row)]
    values = [
        ("at", row.at, ""),
        ("zone", row.zone, "" if own_zone(ask.asker) else "UTC"),
        ("days", days_text(it.days), days_text((0,) if it.kind == "weekly" else EVERY_DAY)),
        ("kind", row.kind, "news"),
        ("quiet", quiet_text(it.quiet), "none"),
        ("off", days_off_text(it.days_off), "none"),
        ("grace", str(it.grace), str(GRACE)),
        ("ping", f"<@&{it.role}>" if it.role else "", ""),
        ("nothing_new", it.nothing_new, "silent"),
        ("pace", str(it.pace), "1"),
        ("start", start_text(it.start), "beginning"),
        ("publish", publish_text(it.publish), "off"),
    ]
    return " ".join(
        ["digest subscribe", *channel, *(f"{cue} {value}" for cue, value, usual in values if value != usual)]
    )


def _named(ask: Ask, row: SubscriptionRow) -> str:
    """Its channel, as it can be typed."""
    if ask.asker.operator and row.platform != "terminal":
        server = f"{row.server}/" if row.server else ""
        return f"{row.platform}:{server}{row.place}/{row.place_kind}"
    if row.platform == "terminal":
        return "here"
    if row.place_kind == "direct":
        return "me"
    return f"<#{row.place}>"


def _shown(ask: Ask, row: SubscriptionRow, words: str) -> str:
    """The same as people type it; nothing where no name says which channel it is: only the button knows."""
    if ask.asker.operator:
        return words
    if row.place_name.startswith("#"):
        words = words.replace(f"<#{row.place}>", row.place_name)
    words = words.replace(f"<@&{row.role}>", f"@{ask.asker.role_called(row.role)}")
    return "" if "<#" in words else words


def _stop(ask: Ask, row: SubscriptionRow, why: str) -> list[str]:
    """Holds back what waits to be sent, and says so; what may have arrived is only made sure of."""
    outbox, held = Outbox(ask.shelf.connection), False
    open_ones = [one for one in outbox.open_of(row.id) if one.task == "post"]
    for one in open_ones:
        if one.state == "due" and not one.unsure:
            outbox.save(one._replace(state="held", outcome=why, done=stamp(ask.now)))
            held = True
        else:
            # Whoever looks for it later, and does not find it, shall not send it again.
            outbox.save(one._replace(until=stamp(ask.now)))
    said = ["An edition that waited to be sent is held back."] if held else []
    if len(open_ones) > held:
        said.append("One that is under way may still arrive.")
    return said


def _at_its_end(ask: Ask, row: SubscriptionRow) -> Reply | None:
    """What is said of a replay that has told all, in a channel to which news come by another digest."""
    if row.kind != "replay":
        return None
    told = parse_told(ask.register.told(row.told))
    others = ask.register.of_place(row.story, row.platform, row.place)
    other = next((one for one in others if one.kind == "news"), None)
    if other is None or next_days(index(ask.shelf), told, row.pace):
        return None
    lines = [f"The story is told up to now, and news come to {row.place_name} by digest no. {other.id}."]
    next_words = [
        ("End it", f"digest unsubscribe {row.id}"),
        ("Tell it again", f"digest change {row.id} start beginning"),
    ]
    return refused("digest resume", f"Digest no. {row.id} is at its end", lines, next_words, ask)


def _done(command: str, title: str, lines: list[str], actions: tuple[Action, ...]) -> Reply:
    return Reply(command, title, (Section("", tuple(map(Line, lines))),), actions=actions)
