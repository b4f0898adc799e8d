"""The table of commands, joined from the stages that have some: every platform derives its own from it."""

from bot.answer.table import ABOUT, ASKING
from bot.command.entry import Command, Param
from bot.curate.commands.table import NEWSROOM
from bot.desk.admins import add, admins, remove
from bot.digest.commands.table import DIGESTS

_ROLE = Param("role", "role", "a role of this server", required=True)

ADMINS: tuple[Command, ...] = (
    Command("admins list", "Who may manage digests on this server", (), admins, ("admins list",), "admins"),
    Command("admins add", "Let a role manage digests here", (_ROLE,), add, (), "admins", changes=True),
    Command("admins remove", "Take that back", (_ROLE,), remove, (), "admins", changes=True),
)

# The first is what is answered where no command is named.
COMMANDS: tuple[Command, ...] = (*ASKING, *DIGESTS, *NEWSROOM, *ADMINS, *ABOUT)
