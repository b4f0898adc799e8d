"""`forget`: takes away what is kept about a person, after asking once. docs/privacy.md tells what that is."""

from typing import NamedTuple

from bot.command.entry import Ask
from bot.command.record import record
from bot.desk.access import FOR_OWNERS, denied
from bot.desk.whom import ONESELF, called, platform_of, read_person
from bot.reply import Action, Line, Reply, Section
from bot.store.forgetting import FORGOTTEN, Kept, kept_about
from bot.store.forgetting import forget as forget_person
from bot.wording import plural

_BACKUPS = "Backups that were made before have it until they are replaced."
_CONFIG = (
    "Whom config.toml names as an owner is named there still: only whoever runs the bot can take that out."
)


class _One(NamedTuple):
    """Who is to be forgotten."""

    platform: str
    user: str
    oneself: bool
    words: str  # that name them in a request


def read_sure(text: str) -> bool:
    """`yes`. Raises ValueError."""
    if text.strip().lower() != "yes":
        raise ValueError(f"“{text[:40]}” is not yes")
    return True


def forget(ask: Ask) -> Reply:
    """Answers `forget [WHO] [yes]`: without `yes` it tells what would be taken away, and takes nothing."""
    one = _who(ask)
    if not one.oneself and ask.rank != "owner":
        record(ask, "forget", outcome="refused", audience=ask.asker.audience)
        text = "Everybody may have themselves forgotten; others, only an owner of this bot."
        return denied(ask, "forget", FOR_OWNERS, text)
    direct = ask.asker.place.id if one.oneself and ask.asker.place.kind == "direct" else ""
    kept = kept_about(ask.shelf.connection, one.platform, one.user, direct)
    if kept.nothing:
        return _said(ask, one, "Nothing is kept about {whom}.")
    if kept.under_way:
        text = "Something is being sent to {whom} just now. Nothing was forgotten; say it again in a minute."
        return _said(ask, one, text)._replace(abstained=True)
    return _forgotten(ask, one, kept) if ask.text("sure") else _asked(ask, one, kept)


def _who(ask: Ask) -> _One:
    """Oneself, unless somebody else is named."""
    asker = ask.asker
    whom = read_person(ask.text("who") or ONESELF)
    if whom is None:
        return _One(asker.platform, asker.user, oneself=True, words=ONESELF)
    platform = platform_of(whom, asker)
    oneself = (platform, whom.id) == (asker.platform, asker.user)
    return _One(platform, whom.id, oneself, ONESELF if oneself else f"{platform}/{whom.id}")


def _asked(ask: Ask, one: _One, kept: Kept) -> Reply:
    """What would be taken away, and what stays."""
    words = f"forget {one.words} yes"
    goes = Section("This is kept, and would be taken away", tuple(map(Line, _listed(kept))))
    stays = Section("This stays", tuple(map(Line, _staying(ask))))
    again = Section("To go on", (Line("", label=f"{ask.call} {words}"),))
    action = Action("Forget me" if one.oneself else "Forget them", words)
    title = "Forget you?" if one.oneself else f"Forget {called(one.platform, one.user, kept.name)}?"
    return _reply(title, goes, stays, again)._replace(actions=(action,))


def _forgotten(ask: Ask, one: _One, kept: Kept) -> Reply:
    """Takes it away; the audit has it first, since it enters whoever asks."""
    number = ask.newsroom.person(one.platform, one.user, kept.name)
    record(ask, "forget", f"person {number}", before="known", after="forgotten")
    forget_person(ask.shelf.connection, one.platform, one.user, kept._replace(person=number))
    traces = ask.traces
    if traces is not None and not (one.oneself and ask.asker.operator):
        traces += [one.user, *kept.places]
    done = Section("", tuple(map(Line, (f"{text} Gone." for text in _listed(kept)))))
    stays = Section("This stays", tuple(map(Line, _staying(ask))))
    return _reply("You are forgotten" if one.oneself else "They are forgotten", done, stays)


def _listed(kept: Kept) -> list[str]:
    """What is kept, a line for each kind."""
    lines = ["The id and the name with what was done in the newsroom."] if kept.person else []
    lines += ["The rights of an editor."] if kept.editor else []
    lines += ["When they last looked for news, and their last question."] if kept.asking else []
    if kept.reports:
        lines.append(f"The id and the name at {plural(kept.reports, 'report')} of a mistake.")
    if kept.drafts:
        lines.append(f"{plural(kept.drafts, 'draft')}, with their texts.")
    if kept.digests:
        lines.append(f"{plural(len(kept.digests), 'digest')} to their direct messages, with what was sent.")
    if kept.wished:
        lines.append(
            f"The id at {plural(kept.wished, 'digest')} of servers: nobody is told any more where one fails."
        )
    if kept.notices:
        lines.append(f"{plural(kept.notices, 'word')} to them about digests.")
    return lines


def _staying(ask: Ask) -> list[str]:
    lines = [
        "What was published: it is the story's.",
        f"That something was done, in the log: by “{FORGOTTEN}”.",
        _BACKUPS,
    ]
    if ask.rank == "owner":
        lines.append(_CONFIG)
    return lines


def _said(ask: Ask, one: _One, text: str) -> Reply:
    whom = "you" if one.oneself else f"{one.platform}/{one.user}"
    notes = (_CONFIG,) if ask.rank == "owner" else ()
    return _reply("Forget", Section("", (Line(text.format(whom=whom)),)))._replace(notes=notes)


def _reply(title: str, *sections: Section) -> Reply:
    return Reply("forget", title, sections, private=True, alone=True)
