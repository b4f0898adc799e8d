"""Who somebody is where they ask, and which commands that opens to them. The table is docs/roles.md."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.command.asker import Asker
from bot.command.entry import Ask, Command, Rank
from bot.command.ids import is_role_id
from bot.command.terms import TERMS, WORKSPACE_TERMS, Terms
from bot.reply import Line, Reply, Section

if TYPE_CHECKING:
    from bot.store.newsroom import EditorRow, Newsroom
    from bot.store.register import AdminRole, Register

EVERYBODY = "@everyone"


def for_managers(terms: Terms) -> str:
    """What the refusal is called of what is for those alone who manage the server."""
    return f"That is for who manages this {terms.server}"


# What a refusal is called.
FOR_ADMINS = "That is for admins"
FOR_MANAGERS = for_managers(TERMS)
FOR_EDITORS = "That is for editors"
FOR_OWNERS = "That is for owners"
REFUSALS = (FOR_ADMINS, FOR_MANAGERS, for_managers(WORKSPACE_TERMS), FOR_EDITORS, FOR_OWNERS)


class Standing(NamedTuple):
    """Who somebody is where they ask."""

    rank: Rank  # the most that they are
    admin: bool  # they have an admin's rights on the server where they ask, whatever else they are


def standing(
    asker: Asker,
    owners: Sequence[str],
    admin_roles: Sequence[str],
    register: "Register",
    newsroom: "Newsroom",
) -> Standing:
    """Who somebody is where they ask, with what was named in chat read from the database."""
    named = register.admin_roles(asker.platform, asker.server) if asker.server else ()
    return weighed(asker, owners, admin_roles, named, newsroom.editors())


def weighed(
    asker: Asker,
    owners: Sequence[str],
    admin_roles: Sequence[str],
    named: "Iterable[AdminRole]",
    editors: "Iterable[EditorRow]",
) -> Standing:
    """Who somebody is: `owners` and `admin_roles` are config.toml's, `named` and `editors` those of chat."""
    if asker.operator or (asker.user and f"{asker.platform}/{asker.user}" in owners):
        return Standing("owner", admin=True)
    admin = _is_admin(asker, admin_roles, named)
    if _is_editor(asker, editors):
        return Standing("editor", admin)
    return Standing("admin" if admin else "reader", admin)


def may(command: Command, who: Standing, asker: Asker) -> bool:
    """Whether somebody may use a command where they ask.

    In a direct message everybody is their own admin, for digests alone: what is written there is for
    everyone, and that takes an editor.
    """
    if command.access == "everyone":
        return True
    if command.access == "admins":
        return who.admin or not asker.server
    if command.access == "curators":
        return who.rank != "reader"
    return who.rank == "owner"


def _is_admin(asker: Asker, admin_roles: Sequence[str], named: "Iterable[AdminRole]") -> bool:
    """Whether somebody manages the server where they ask, or has a role of it that stands for that."""
    if not asker.server:
        return False
    if asker.manages:
        return True
    ids = _ids(asker)
    # What looks like an id is one: a role can be given any name by whoever manages some server.
    named_ids = {role for role in admin_roles if is_role_id(asker.platform, role)}
    names = {role.lower() for role in admin_roles if role not in named_ids} - {EVERYBODY}
    if ids & named_ids or names & {name.lower() for name in asker.role_names}:
        return True
    return any(_is_here(asker, role.platform, role.server) and role.role in ids for role in named)


def _is_editor(asker: Asker, editors: "Iterable[EditorRow]") -> bool:
    """Whether somebody was named an editor, or has a role that was, on the server that it is of."""
    ids = _ids(asker)
    return any(
        bool(asker.user) and (one.platform, one.id) == (asker.platform, asker.user)
        if one.kind == "person"
        else _is_here(asker, one.platform, one.server) and one.id in ids
        for one in editors
    )


def _is_here(asker: Asker, platform: str, server: str) -> bool:
    return bool(server) and (platform, server) == (asker.platform, asker.server)


def _ids(asker: Asker) -> set[str]:
    """The ids of the roles that somebody has here; not of @everyone, whose id is the server's own."""
    return {*asker.roles} - {asker.server}


def refusal(ask: Ask, command: Command) -> Reply:
    """What somebody is told who may not, and nobody else sees."""
    terms = ask.asker.terms
    if command.access == "owners":
        title, text = FOR_OWNERS, "the owners of this bot: whoever runs it names them in config.toml."
    elif command.access == "admins":
        title, text = FOR_ADMINS, f"those who manage this {terms.server}: {terms.needed}"
    elif ask.asker.server:
        title, text = (
            FOR_EDITORS,
            f"the editors of this story, and for those who manage this {terms.server}: {terms.needed}",
        )
    else:
        text = f"the editors of this story; whoever manages a {terms.server} may use it there."
        title = FOR_EDITORS
    return denied(ask, command.name, title, f"`{command.name}` is for {text}")


def denied(ask: Ask, command: str, title: str, text: str) -> Reply:
    """A refusal in other words."""
    section = Section("", (Line(text), Line(f"What everybody may ask: {ask.call} help")))
    return Reply(command, title, (section,), abstained=True, private=True, alone=True)
