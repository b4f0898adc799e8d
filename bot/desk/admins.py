"""`admins list`, `add`, `remove`: the roles that may manage digests, besides those who manage the server."""

from typing import TYPE_CHECKING

from bot.command.entry import Ask
from bot.command.mistake import mistake
from bot.desk.access import FOR_MANAGERS, denied
from bot.reply import Action, Line, Reply, Section

if TYPE_CHECKING:
    from bot.store.register import AdminRole


def admins(ask: Ask) -> Reply:
    """Answers `admins list`."""
    roles = ask.register.admin_roles(ask.asker.platform, ask.asker.server)
    lines = [Line("Everybody who has the permission Manage Server.")]
    lines += [Line(f"Everybody with the role {role.name}.") for role in roles]
    return Reply(
        "admins list",
        "Who may manage digests here",
        (Section("", tuple(lines)),),
        notes=("Roles that whoever runs the bot has named in config.toml count as well.",),
        actions=(Action("Digests", "digest list"),),
    )


def add(ask: Ask) -> Reply:
    """Answers `admins add ROLE`."""
    role = _role(ask)
    if isinstance(role, Reply):
        return role
    ask.register.add_admin_role(role)
    return _done(ask, "admins add", f"Whoever has the role {role.name} may manage digests here now.")


def remove(ask: Ask) -> Reply:
    """Answers `admins remove ROLE`."""
    role = _role(ask)
    if isinstance(role, Reply):
        return role
    known = {one.role for one in ask.register.admin_roles(role.platform, role.server)}
    if role.role not in known:
        what = f"The role {role.name} was not named before."
        return mistake(ask.call, "admins remove", what, ("admins list",))
    ask.register.drop_admin_role(role)
    return _done(ask, "admins remove", f"The role {role.name} alone no longer gives an admin's rights here.")


def _role(ask: Ask) -> "AdminRole | Reply":
    """The role that was named, or why it cannot be."""
    asker, given = ask.asker, (ask.text("role") or "").strip("<@&>")
    if not asker.server:
        return mistake(ask.call, "admins", "There are no roles here: this is no server.")
    if not asker.manages and ask.rank != "owner":
        what = "Only who has the permission Manage Server can say which roles have an admin's rights."
        return denied(ask, "admins", FOR_MANAGERS, what)
    if not given.isdigit() or given == asker.server:
        return mistake(ask.call, "admins", "Name one role, and not @everyone.", ("admins list",))
    from bot.store.register import AdminRole  # as in Ask

    return AdminRole(asker.platform, asker.server, given, asker.role_called(given))


def _done(ask: Ask, command: str, text: str) -> Reply:
    actions = (Action("Admins", "admins list"),)
    return Reply(command, ask.name, (Section("", (Line(text),)),), actions=actions, private=True)
