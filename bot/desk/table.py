"""The table of commands, joined from the stages that have some: every platform derives its own from it."""

from collections.abc import Callable

from bot.answer.table import ABOUT, ASKING
from bot.command.entry import Ask, Command, Param
from bot.curate.commands.table import NEWSROOM, REPORTING
from bot.digest.commands.table import DIGESTS
from bot.reply import Reply


def _handled(name: str) -> Callable[[Ask], Reply]:
    """The handler of this name; imported when it is first used, since most requests are no editor's."""

    def handle(ask: Ask) -> Reply:
        from bot.desk.handlers import HANDLERS

        return HANDLERS[name](ask)

    return handle


def _reads(name: str) -> Callable[[str], object]:
    """What reads such a value."""

    def read(text: str) -> object:
        from bot.desk.handlers import READERS

        return READERS[name](text)

    return read


_ROLE = Param("role", "role", "a role of this server", required=True)
_WHO = Param(
    "who",
    "person",
    "a person or a role: a mention, or discord/ID, slack/ID",
    required=True,
    read=_reads("whom"),
    shown="WHO",
)
_SWITCH = Param(
    "switch",
    "value",
    "on or off; else it is told how it is",
    read=_reads("switch"),
    shown="ON/OFF",
    offer=lambda: [("on", "on"), ("off", "off")],
)
_WHAT = Param(
    "what", "value", "the id of a briefing or a source, or a person", read=_reads("what"), shown="WHAT"
)
_NEWEST = Param(
    "newest", "value", "how many, up to 200", cues=("newest",), cued=True, read=_reads("newest"), shown="N"
)
_PERSON = Param(
    "who",
    "person",
    "me, or for owners a person: a mention, or discord/ID, slack/ID",
    read=_reads("person"),
    shown="WHO",
)
_SURE = Param(
    "sure",
    "value",
    "yes: it is done; else it is told what would be",
    read=_reads("sure"),
    shown="yes",
    offer=lambda: [("yes: forget", "yes")],
)

ADMINS: tuple[Command, ...] = (
    Command(
        "admins list",
        "Who may manage digests on this server",
        (),
        _handled("admins list"),
        ("admins list",),
        "admins",
    ),
    Command(
        "admins add",
        "Let a role manage digests here",
        (_ROLE,),
        _handled("admins add"),
        ("admins add @editors",),
        "admins",
        changes=True,
    ),
    Command(
        "admins remove",
        "Take that back",
        (_ROLE,),
        _handled("admins remove"),
        ("admins remove @editors",),
        "admins",
        changes=True,
    ),
)

EDITORS: tuple[Command, ...] = (
    Command(
        "editors list",
        "Who may change the story for everyone",
        (),
        _handled("editors list"),
        ("editors list",),
        "owners",
    ),
    Command(
        "editors add",
        "Let a person or a role change the story for everyone",
        (_WHO,),
        _handled("editors add"),
        ("editors add @somebody",),
        "owners",
        changes=True,
    ),
    Command(
        "editors remove",
        "Let somebody be an editor no longer",
        (_WHO,),
        _handled("editors remove"),
        ("editors remove @somebody",),
        "owners",
        changes=True,
    ),
    Command(
        "approval",
        "Whether what one drafts another has to approve",
        (_SWITCH,),
        _handled("approval"),
        ("approval", "approval on"),
        "curators",
        changes=True,
    ),
    Command(
        "log",
        "Who changed what, the newest first",
        (_WHAT, _NEWEST),
        _handled("log"),
        ("log", "log newest 50"),
        "curators",
    ),
)

FORGET: tuple[Command, ...] = (
    Command(
        "forget",
        "What is kept about you, and have it taken away",
        (_PERSON, _SURE),
        _handled("forget"),
        ("forget", "forget me yes"),
        changes=True,
    ),
)

# The first is what is answered where no command is named.
COMMANDS: tuple[Command, ...] = (*ASKING, *DIGESTS, *NEWSROOM, *ADMINS, *EDITORS, *REPORTING, *FORGET, *ABOUT)
