"""Who may use a command that is for admins."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.command.asker import Asker
from bot.command.entry import Ask, Command
from bot.reply import Line, Reply, Section

if TYPE_CHECKING:
    from bot.store.register import Register


def may(asker: Asker, admin_roles: Sequence[str], register: "Register") -> bool:
    """Whether somebody has an admin's rights where they ask.

    They manage the server, or have a role that `config.toml` names (by name or id, in `admin_roles`)
    or that an admin has named in chat. In a direct message everybody is their own admin.
    """
    if asker.manages or asker.operator or not asker.server:
        return True
    # What is all digits is an id: a role can be given any name by whoever manages some server.
    mine = {*asker.roles, *(name.lower() for name in asker.role_names if not name.isdigit())}
    if mine & {role.lower() for role in admin_roles}:
        return True
    return bool({*asker.roles} & {role.role for role in register.admin_roles(asker.platform, asker.server)})


def refusal(ask: Ask, command: Command) -> Reply:
    """What somebody is told who may not, and nobody else sees."""
    text = (
        f"`{command.name}` is for those who manage this server: it needs the permission Manage Server, or a"
        " role that an admin has named."
    )
    section = Section("", (Line(text), Line(f"What everybody may ask: {ask.call} help")))
    return Reply(command.name, "That is for admins", (section,), abstained=True, private=True, alone=True)
