"""People of every role, on a server, on another one, and in a direct message; and forged ones."""

from typing import Any

from bot.command.asker import Asker, Place
from bot.command.terms import terms_of
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
PLATFORMS = ("discord", "slack")

ADMIN_ROLE, EDITOR_ROLE, PLAIN_ROLE = "71", "81", "7"
ROLES = {ADMIN_ROLE: "Admins", EDITOR_ROLE: "Writers", PLAIN_ROLE: "Readers"}

NOBODY = "100000000000000000"
READER, EDITOR, OWNER = "100000000000000001", "100000000000000005", "100000000000000009"
OWNERS = (f"discord/{OWNER}", f"slack/U{OWNER}")
NAMED = Named("2019-06-20-over", "2019-06-20-end", "2019-06-20-end#left", f"<@&{PLAIN_ROLE}>")
_LETTERS = {"role": "S", "user": "U", "server": "T", "channel": "C", "direct": "D"}


def id_on(platform: str, kind: str, number: str) -> str:
    """An id as a platform has them: on Slack a letter says of what it is."""
    return number if platform == "discord" or not number else f"{_LETTERS[kind]}{number}"


def named_on(platform: str) -> Named:
    """What is there to be named on a platform."""
    role, person = id_on(platform, "role", PLAIN_ROLE), id_on(platform, "user", NOBODY)
    return NAMED._replace(role=f"<@&{role}>", person=f"<@{person}>")


def place_on(platform: str, scope: str) -> Place:
    """Where somebody asks, on a platform."""
    place = PLACES[scope]
    server, kind = id_on(platform, "server", place.server), "direct" if scope == "direct" else "channel"
    return place._replace(platform=platform, server=server, id=id_on(platform, kind, place.id))


# What somebody has on the server that is theirs, by the column of docs/roles.md.
_HAS: dict[str, dict[str, Any]] = {
    "a reader": {"user": READER},
    "a role with an admin's rights": {"user": "100000000000000002", "roles": (ADMIN_ROLE,)},
    "Manage Server": {"user": "100000000000000003", "manages": True},
    "an editor's role": {"user": "100000000000000004", "roles": (EDITOR_ROLE,)},
    "an editor": {"user": EDITOR},
    "an owner": {"user": OWNER},
}


def somebody(column: str, scope: str, on: str = "discord") -> Asker:
    """Whoever is what a column says, where they ask, on a platform."""
    has = dict(_HAS[column])
    if scope != "here":
        has = {"user": has["user"]}
    has["role_names"] = tuple(ROLES[role] for role in has.get("roles", ()))
    has["roles"] = tuple(id_on(on, "role", role) for role in has.get("roles", ()))
    return an_asker(scope, on, **{**has, "user": id_on(on, "user", has["user"])})


def an_asker(scope: str = "here", on: str = "discord", /, **fields: Any) -> Asker:
    """Somebody who asks somewhere, on a platform."""
    place = place_on(on, scope)
    names = {id_on(on, "role", role): name for role, name in ROLES.items()}

    def find(typed: str) -> Place | str:
        return place if typed in {"here", "me", place.name, f"<#{place.id}>"} else "There is no such channel"

    made = Asker(on, place.server, id_on(on, "user", READER), place, find=find, terms=terms_of(on))
    return made._replace(role_called=lambda role: names.get(role, role))._replace(**fields)


def name_them(store: Store, story: str = ferry.STORY.word, on: str = "discord") -> None:
    """Has the two roles and the editor be named on a platform, as in chat."""
    server = id_on(on, "server", "1")
    person = EditorRow(story, on, "", "person", id_on(on, "user", EDITOR), "Ed")
    role = EditorRow(story, on, server, "role", id_on(on, "role", EDITOR_ROLE), "Writers")
    admins = AdminRole(on, server, id_on(on, "role", ADMIN_ROLE), "Admins")
    store.write(lambda db: Newsroom(db.conn, story).add_editor(person))
    store.write(lambda db: Newsroom(db.conn, story).add_editor(role))
    store.write(lambda db: Register(db.conn).add_admin_role(admins))


def a_desk(store: Store) -> Desk:
    """A desk for the ferry with its owner, who is one on both platforms."""
    return Desk(store, ferry.STORY, owners=OWNERS)
