"""People of every role, on a server, on another one, and in a direct message; and forged ones."""

from typing import Any

from bot.command.asker import Asker, Place
from bot.desk.desk import Desk
from bot.store.newsroom import EditorRow, Newsroom
from bot.store.register import AdminRole, Register
from bot.store.store import Store
from tests import ferry
from tests.desk.roles import Named

HERE = Place("discord", "1", "11", "#news", "text")
ELSEWHERE = Place("discord", "2", "21", "#news", "text")
DIRECT = Place("discord", "", "91", "your direct messages", "direct")
PLACES = {"here": HERE, "elsewhere": ELSEWHERE, "direct": DIRECT}

ADMIN_ROLE, EDITOR_ROLE, PLAIN_ROLE = "71", "81", "7"
ROLES = {ADMIN_ROLE: "Admins", EDITOR_ROLE: "Writers", PLAIN_ROLE: "Readers"}

READER, EDITOR, OWNER = "100000000000000001", "100000000000000005", "100000000000000009"
OWNERS = (f"discord/{OWNER}",)
NAMED = Named("2019-06-20-over", "2019-06-20-end", "2019-06-20-end#left", f"<@&{PLAIN_ROLE}>")

# What somebody has on the server that is theirs, by the column of docs/roles.md.
_HAS: dict[str, dict[str, Any]] = {
    "a reader": {"user": READER},
    "a role with an admin's rights": {"user": "100000000000000002", "roles": (ADMIN_ROLE,)},
    "Manage Server": {"user": "100000000000000003", "manages": True},
    "an editor's role": {"user": "100000000000000004", "roles": (EDITOR_ROLE,)},
    "an editor": {"user": EDITOR},
    "an owner": {"user": OWNER},
}


def somebody(column: str, scope: str) -> Asker:
    """Whoever is what a column says, where they ask."""
    has = dict(_HAS[column])
    if scope != "here":
        has = {"user": has["user"]}
    has["role_names"] = tuple(ROLES[role] for role in has.get("roles", ()))
    return an_asker(scope, **has)


def an_asker(scope: str = "here", **fields: Any) -> Asker:
    """Somebody who asks somewhere."""
    place = PLACES[scope]

    def find(typed: str) -> Place | str:
        return place if typed in {"here", "me", place.name, f"<#{place.id}>"} else "There is no such channel"

    made = Asker("discord", place.server, READER, place, find=find)
    return made._replace(role_called=lambda role: ROLES.get(role, role))._replace(**fields)


def name_them(store: Store, story: str = ferry.STORY.word) -> None:
    """Has the two roles and the editor be named, as in chat."""
    person = EditorRow(story, "discord", "", "person", EDITOR, "Ed")
    role = EditorRow(story, "discord", "1", "role", EDITOR_ROLE, "Writers")
    store.write(lambda db: Newsroom(db.conn, story).add_editor(person))
    store.write(lambda db: Newsroom(db.conn, story).add_editor(role))
    store.write(lambda db: Register(db.conn).add_admin_role(AdminRole("discord", "1", ADMIN_ROLE, "Admins")))


def a_desk(store: Store) -> Desk:
    """A desk for the ferry with its owner."""
    return Desk(store, ferry.STORY, owners=OWNERS)
