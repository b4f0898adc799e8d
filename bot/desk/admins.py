"""`admins list`, `add`, `remove`: the roles that may manage digests, besides those who manage the server."""

from typing import TYPE_CHECKING

from bot.command.entry import Ask
from bot.command.mistake import mistake
from bot.desk.access import denied, for_managers
from bot.desk.whom import role_of
from bot.reply import Action, Line, Reply, Section

if TYPE_CHECKING:
    from bot.store.register import AdminRole


def admins(ask: Ask) -> Reply:
    """Answers `admins list`."""
    if ask.asker.platform == "terminal":
        return _elsewhere(ask, "admins list")
    terms = ask.asker.terms
    roles = ask.register.admin_roles(ask.asker.platform, ask.asker.server)
    lines = [Line(f"Everybody who {terms.manager}.")]
    lines += [Line(f"Everybody {terms.holding} {role.name}.") for role in roles]
    return Reply(
        "admins list",
        "Who may manage digests here",
        (Section("", tuple(lines)),),
        notes=(
            f"{terms.role.capitalize()}s that whoever runs the bot has named in config.toml count as well.",
        ),
        actions=(Action("Digests", "digest list"),),
    )


def add(ask: Ask) -> Reply:
    """Answers `admins add ROLE`."""
    role = _role(ask)
    if isinstance(role, Reply):
        return role
    ask.register.add_admin_role(role)
    return _done(
        ask, "admins add", f"Whoever {ask.asker.terms.holder} {role.name} may manage digests here now."
    )


def remove(ask: Ask) -> Reply:
    """Answers `admins remove ROLE`."""
    role = _role(ask)
    if isinstance(role, Reply):
        return role
    known = {one.role for one in ask.register.admin_roles(role.platform, role.server)}
    if role.role not in known:
        what = f"The {ask.asker.terms.role} {role.name} was not named before."
        return mistake(ask.call, "admins remove", what, ("admins list",))
    ask.register.drop_admin_role(role)
    text = f"The {ask.asker.terms.role} {role.name} alone no longer gives an admin's rights here."
    return _done(ask, "admins remove", text)


def _role(ask: Ask) -> "AdminRole | Reply":
    """The role that was named, or why it cannot be."""
    asker, terms = ask.asker, ask.asker.terms
    if asker.platform == "terminal":
        return _elsewhere(ask, "admins add @editors")
    if not asker.server:
        return mistake(ask.call, "admins", f"There are no {terms.role}s here: this is no {terms.server}.")
    if not asker.manages and ask.rank != "owner":
        what = f"Only who {terms.manager} can say which {terms.role}s have an admin's rights."
        return denied(ask, "admins", for_managers(terms), what)
    given = role_of(ask.text("role") or "", asker)
    if not given or given == asker.server:
        what = f"Name one {terms.role}{terms.not_everybody}."
        return mistake(ask.call, "admins", what, ("admins list",))
    from bot.store.register import AdminRole  # as in Ask

    return AdminRole(asker.platform, asker.server, given, asker.role_called(given))


def _elsewhere(ask: Ask, words: str) -> Reply:
    """That this is said where it holds; in a terminal nobody is anything but whoever runs the bot."""
    what = (
        "Admins are those of one server of Discord, or of one workspace of Slack.\n"
        f"Type this there, in any of its channels: !{ask.shelf.story} {words}\n"
        "Roles that have an admin's rights on every server are named in config.toml."
    )
    return mistake(ask.call, "admins", what)._replace(title="That is for a server or a workspace")


def _done(ask: Ask, command: str, text: str) -> Reply:
    actions = (Action("Admins", "admins list"),)
    return Reply(command, ask.name, (Section("", (Line(text),)),), actions=actions, private=True)
