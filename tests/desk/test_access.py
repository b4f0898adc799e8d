"""Who somebody is: decided from plain values, and by nothing that can be forged."""

from typing import Any

import pytest

from bot.command.asker import OPERATOR, Asker
from bot.command.entry import Access, Ask, Command
from bot.desk.access import Standing, may, weighed
from bot.reply import Reply
from bot.store.newsroom import EditorRow
from bot.store.register import AdminRole
from tests.desk.people import ADMIN_ROLE, EDITOR_ROLE, an_asker

SERVER = "1"
OWNERS = ("discord/900",)
ADMINS = [AdminRole("discord", SERVER, ADMIN_ROLE, "Admins")]
EDITORS = [
    EditorRow("ferry", "discord", "", "person", "500", "Ed"),
    EditorRow("ferry", "discord", SERVER, "role", EDITOR_ROLE, "Writers"),
]
OF_CONFIG = ("Editors", "7777")


def who(scope: str = "here", **fields: Any) -> Standing:
    """Who somebody is."""
    return weighed(an_asker(scope, **fields), OWNERS, OF_CONFIG, ADMINS, EDITORS)


def test_whoever_runs_the_bot_is_an_owner() -> None:
    """The operator needs no line of config.toml."""
    assert weighed(OPERATOR, (), (), (), ()) == Standing("owner", admin=True)


@pytest.mark.parametrize("scope", ["here", "elsewhere", "direct"])
def test_whom_the_configuration_names_is_an_owner_anywhere(scope: str) -> None:
    """On every server, and alone with the bot."""
    assert who(scope, user="900").rank == "owner"


@pytest.mark.parametrize("scope", ["here", "elsewhere", "direct"])
def test_an_editor_is_one_anywhere(scope: str) -> None:
    """A person who was named is an editor on every server and alone with the bot, and no admin by that."""
    assert who(scope, user="500") == Standing("editor", admin=False)


def test_an_editor_who_manages_a_server_is_both() -> None:
    """One right takes nothing from the other."""
    assert who(user="500", manages=True) == Standing("editor", admin=True)
    assert who(user="500", roles=(ADMIN_ROLE,)) == Standing("editor", admin=True)


@pytest.mark.parametrize(
    "fields",
    [
        {"manages": True},
        {"roles": (ADMIN_ROLE,)},
        {"roles": ("5",), "role_names": ("editors",)},
        {"roles": ("7777",), "role_names": ("Anything",)},
    ],
)
def test_managing_and_roles_make_an_admin_on_the_server_alone(fields: dict[str, Any]) -> None:
    """By permission, by a role named in chat, and by a name or an id of the configuration."""
    assert who(**fields) == Standing("admin", admin=True)


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"roles": ("S0614TZR7",), "role_names": ("anything",)}, True),
        ({"roles": ("S0000001",), "role_names": ("Editors",)}, True),
        ({"roles": ("S0000001",), "role_names": ("S0614TZR7",)}, False),
        ({"roles": ("S0000001",), "role_names": ("s0614tzr7",)}, False),
        ({"roles": ("s0614tzr7",)}, False),
    ],
    ids=["by id", "by handle", "called like an id", "called like one in small letters", "no id of Slack's"],
)
def test_user_groups_of_the_configuration_count_by_handle_or_id(
    fields: dict[str, Any], *, counts: bool
) -> None:
    """A handle in whatever case, an id only as it is: a group can be called like another's id."""
    asker = an_asker("here", "slack", **fields)
    assert weighed(asker, (), ("editors", "S0614TZR7"), (), ()).admin is counts


def test_a_role_that_was_named_makes_an_editor_on_its_server() -> None:
    """And nowhere else."""
    assert who(roles=(EDITOR_ROLE,)).rank == "editor"


@pytest.mark.parametrize(
    ("scope", "fields"),
    [
        pytest.param("here", {"roles": ("5",), "role_names": (ADMIN_ROLE,)}, id="named like an admin's id"),
        pytest.param("here", {"roles": ("5",), "role_names": (EDITOR_ROLE,)}, id="named like an editor's id"),
        pytest.param("here", {"roles": ("5",), "role_names": ("7777",)}, id="named like an id of the config"),
        pytest.param("elsewhere", {"roles": (ADMIN_ROLE, EDITOR_ROLE)}, id="roles of another server"),
        pytest.param("direct", {"roles": (ADMIN_ROLE, EDITOR_ROLE)}, id="roles in a direct message"),
        pytest.param("direct", {"manages": True}, id="managing nothing"),
        pytest.param("here", {"user": EDITOR_ROLE}, id="a person with the id of a role"),
        pytest.param("here", {"roles": ("500",)}, id="a role with the id of a person"),
        pytest.param("here", {"platform": "slack", "user": "500"}, id="the same id on another platform"),
        pytest.param("here", {"platform": "slack", "roles": (EDITOR_ROLE,)}, id="a role of another platform"),
        pytest.param("here", {"platform": "slack", "user": "900"}, id="an owner's id on another platform"),
        pytest.param("here", {"user": "discord/900"}, id="an id that is a whole name"),
        pytest.param("here", {"name": "discord/900"}, id="a name that is an owner's"),
        pytest.param("here", {"user": ""}, id="nobody"),
    ],
)
def test_what_is_forged_counts_for_nothing(scope: str, fields: dict[str, Any]) -> None:
    """Neither a name that looks like an id, nor what belongs to another server or platform."""
    assert who(scope, **fields) == Standing("reader", admin=False)


def test_everyone_never_counts() -> None:
    """Neither its id, which is the server's, nor its name opens anything, wherever it was written."""
    asker = an_asker(roles=(SERVER,), role_names=("@everyone",))
    named = [AdminRole("discord", SERVER, SERVER, "@everyone")]
    editors = [EditorRow("ferry", "discord", SERVER, "role", SERVER, "@everyone")]
    assert weighed(asker, (), (SERVER, "@everyone"), named, editors) == Standing("reader", admin=False)


def test_nobody_is_an_owner_by_having_no_id() -> None:
    """A platform that does not say who asks has no owner."""
    assert weighed(an_asker(user=""), ("discord/",), (), (), ()).rank == "reader"


def _never(_: Ask) -> Reply:
    raise AssertionError


RANKS = (Standing("reader", admin=False), Standing("admin", admin=True), Standing("editor", admin=False),
         Standing("editor", admin=True), Standing("owner", admin=True))  # fmt: skip


@pytest.mark.parametrize(
    ("access", "here", "direct"),
    [
        ("everyone", [True, True, True, True, True], [True, True, True, True, True]),
        ("admins", [False, True, False, True, True], [True, True, True, True, True]),
        ("curators", [False, True, True, True, True], [False, True, True, True, True]),
        ("owners", [False, False, False, False, True], [False, False, False, False, True]),
    ],
)
def test_what_each_access_opens(access: Access, here: list[bool], direct: list[bool]) -> None:
    """An editor who does not manage a server may not manage its digests; an owner may."""
    command = Command("any", "", (), _never, access=access)
    asked: list[tuple[Asker, list[bool]]] = [(an_asker("here"), here), (an_asker("direct"), direct)]
    for asker, expected in asked:
        assert [may(command, one, asker) for one in RANKS] == expected
