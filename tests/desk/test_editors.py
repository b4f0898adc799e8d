"""`editors` and `approval`: whom owners name, and the rule that a second person approves."""

import pytest

from bot.command.asker import OPERATOR
from bot.command.terms import WORKSPACE_TERMS
from bot.desk.access import FOR_MANAGERS, FOR_OWNERS, REFUSALS, for_managers
from tests.desk.conftest import Room
from tests.desk.people import EDITOR, OWNER, PLAIN_ROLE, READER, an_asker, name_them, somebody

NEW = "100000000000000077"


@pytest.mark.parametrize("form", [f"<@{NEW}>", f"<@!{NEW}>", f"discord/{NEW}"])
@pytest.mark.parametrize("scope", ["here", "direct", "terminal"])
def test_a_person_becomes_an_editor_until_they_are_removed(room: Room, scope: str, form: str) -> None:
    """By a mention or by their id, from a server, a direct message or the terminal; it counts at once."""
    boss = OPERATOR if scope == "terminal" else an_asker(scope, user=OWNER)
    new = an_asker("direct", user=NEW)
    assert room.asks(new, "drafts").title in REFUSALS
    assert "may change the story" in room.says(boss, f"editors add {form}")
    assert room.asks(new, "drafts").title not in REFUSALS
    assert NEW in room.says(boss, "editors list")
    assert "no editor any more" in room.says(boss, f"editors remove {form}")
    assert room.asks(new, "drafts").title in REFUSALS
    assert NEW not in room.says(boss, "editors list")


def test_a_role_becomes_one_on_its_own_server(room: Room) -> None:
    """Whoever has it there is an editor there, and not elsewhere."""
    assert "the role Readers" in room.says(an_asker(user=OWNER), f"editors add <@&{PLAIN_ROLE}>")
    assert room.asks(an_asker(user=NEW, roles=(PLAIN_ROLE,)), "drafts").title not in REFUSALS
    assert room.asks(an_asker("elsewhere", user=NEW, roles=(PLAIN_ROLE,)), "drafts").title in REFUSALS
    assert "the role Readers" in room.says(an_asker(user=OWNER), "editors list")


@pytest.mark.parametrize(
    ("scope", "given", "why"),
    [
        ("here", "<@&1>", "not @everyone"),
        ("here", "<@&999999>", "one role of this server"),
        ("direct", f"<@&{PLAIN_ROLE}>", "on its own server"),
        ("here", "Readers", "was not understood"),
        ("here", "@everyone", "was not understood"),
        ("here", "irc/somebody", "was not understood"),
    ],
)
def test_whom_nobody_can_name(room: Room, scope: str, given: str, why: str) -> None:
    """Neither @everyone, nor a role of another server, nor a bare name becomes an editor."""
    before = room.rows("SELECT * FROM editor")
    assert why in room.says(an_asker(scope, user=OWNER), f"editors add {given}")
    assert room.rows("SELECT * FROM editor") == before


def test_naming_is_recorded_by_number_and_once(room: Room) -> None:
    """The audit tells who named whom without anybody's id, and nothing where nothing was changed."""
    boss = an_asker(user=OWNER, name="Olga")
    room.asks(boss, f"editors add <@{NEW}>")
    assert "already" in room.says(boss, f"editors add <@{NEW}>")
    room.asks(boss, f"editors remove <@{NEW}>")
    assert "was no editor" in room.says(boss, f"editors remove <@{NEW}>")
    found = [(row.act, row.before, row.after, row.outcome) for row in room.audit()]
    assert found == [
        ("editors add", "no editor", "editor", "done"),
        ("editors remove", "editor", "no editor", "done"),
    ]
    assert all(NEW not in str(row) for row in room.audit())
    assert all(row.item.startswith("person ") for row in room.audit())


# ── the same on Slack, in its words ──


def test_a_person_of_slack_becomes_an_editor(room: Room) -> None:
    """By a mention there, by platform and id from anywhere, and by a mention in the terminal."""
    there, here = an_asker("here", "slack", user=f"U{OWNER}"), an_asker(user=OWNER)
    new = an_asker("direct", "slack", user="U0NEW")
    for boss, form in ((there, "<@U0NEW>"), (here, "slack/U0NEW"), (OPERATOR, "<@U0NEW>")):
        assert room.asks(new, "drafts").title in REFUSALS
        assert "slack/U0NEW may change the story" in room.says(boss, f"editors add {form}")
        assert room.asks(new, "drafts").title not in REFUSALS
        assert room.asks(an_asker("direct", user="U0NEW"), "drafts").title in REFUSALS
        assert "no editor any more" in room.says(boss, f"editors remove {form}")


def test_a_user_group_becomes_one_in_its_workspace(room: Room) -> None:
    """It is called what Slack calls it, and where it is."""
    boss, group = an_asker("here", "slack", user=f"U{OWNER}"), f"S{PLAIN_ROLE}"
    said = room.says(boss, f"editors add <@&{group}>")
    assert "Whoever is in the user group Readers in this workspace may change the story" in said
    assert room.asks(an_asker("here", "slack", roles=(group,)), "drafts").title not in REFUSALS
    assert room.asks(an_asker("elsewhere", "slack", roles=(group,)), "drafts").title in REFUSALS
    listed = room.says(an_asker("direct", user=OWNER), "editors list")
    assert "is in the user group Readers (S7) in the workspace slack/T1" in listed
    assert "one user group of this workspace." in room.says(boss, "editors add <@&S999>")
    assert room.audit()[0].item == f"user group {group} of slack/T1 (Readers)"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("<@U0NEW>", "“U0NEW” is no id of Discord"),
        ("slack/u0new", "was not understood"),
        ("discord/U0NEW", "was not understood"),
        ("Discord/123", "was not understood"),
        ("<@u0new>", "was not understood"),
    ],
)
def test_an_id_of_another_platform_names_nobody(room: Room, given: str, why: str) -> None:
    """On Discord ids are numbers, and on Slack they have capitals: what is neither is nobody's."""
    before = room.rows("SELECT * FROM editor")
    assert why in room.says(an_asker(user=OWNER), f"editors add {given}")
    assert room.rows("SELECT * FROM editor") == before


def test_slack_readers_are_told_in_slacks_words(room: Room) -> None:
    """What is a server, a role and a permission on Discord is called otherwise in a workspace."""
    name_them(room.store, on="slack")
    reader, manager = somebody("a reader", "here", "slack"), somebody("Manage Server", "here", "slack")
    group = somebody("a role with an admin's rights", "here", "slack")
    said = room.says(reader, "digest list")
    assert "those who manage this workspace: you need to be an admin or owner of the workspace, or" in said
    assert "whoever manages a workspace may use it" in room.says(
        somebody("a reader", "direct", "slack"), "drafts"
    )
    listed = room.says(manager, "admins list")
    assert "Everybody who is an admin or owner of the workspace." in listed
    assert "Everybody in the user group Admins." in listed
    assert room.asks(group, "approval on").title == for_managers(WORKSPACE_TERMS)
    assert room.asks(group, f"admins add <@&S{PLAIN_ROLE}>").title == for_managers(WORKSPACE_TERMS)
    said = room.says(manager, f"admins add <@&S{PLAIN_ROLE}>")
    assert "Whoever is in the user group Readers may manage digests here now." in said
    assert "Name one user group." in room.says(manager, "admins add none")
    assert "what is drafted in this workspace" in room.says(manager, "approval on")
    assert "no user groups here: this is no workspace" in room.says(
        somebody("an owner", "direct", "slack"), "admins add <@&S7>"
    )
    helped = room.says(manager, "help admins add")
    assert "Let a user group manage digests here" in helped
    assert "a user group of this workspace" in helped
    for words in ("admins list", "approval", "help digest", "help admins", "help editors"):
        told = room.says(somebody("an owner", "here", "slack"), words)
        assert not {"server", "role", "roles", "Server"} & {*told.replace(".", " ").split()}, told


# ── approval ────────────────────────────────────────────────────────────────────────────


def test_approval_is_shown_and_set_where_it_is_asked(room: Room) -> None:
    """Each server has a rule of its own, and what everyone is told another."""
    manager, boss = somebody("Manage Server", "here"), an_asker("direct", user=OWNER)
    assert "approval is off" in room.says(manager, "approval")
    assert "approval is on" in room.says(manager, "approval on")
    assert room.rows("SELECT platform, server, story, rule FROM server_rule") == [
        ("discord", "1", "ferry", "two persons")
    ]
    assert "approval is off" in room.says(an_asker("elsewhere", manages=True), "approval")
    assert "approval is off" in room.says(boss, "approval")
    assert "what everyone is told" in room.says(boss, "approval on")
    assert ("", "", "ferry", "two persons") in room.rows("SELECT * FROM server_rule")
    assert "approval is on" in room.says(OPERATOR, "approval")
    room.asks(manager, "approval off")
    assert "approval is off" in room.says(manager, "approval")
    assert "approval is on" in room.says(boss, "approval")


def test_approval_is_recorded_when_it_changes(room: Room) -> None:
    """For the server that it is of; also that somebody was refused."""
    for typed in ("approval on", "approval on", "approval off"):
        room.asks(somebody("Manage Server", "here"), typed)
    found = [(row.audience, row.before, row.after) for row in room.audit()]
    assert found == [("discord/1", "off", "on"), ("discord/1", "on", "off")]
    assert room.asks(somebody("a role with an admin's rights", "here"), "approval off").title == FOR_MANAGERS
    assert room.asks(an_asker("direct", user=EDITOR), "approval on").title == FOR_OWNERS
    assert [row.outcome for row in room.audit()[2:]] == ["refused", "refused"]


def test_an_owner_sets_it_on_any_server(room: Room) -> None:
    """Also where they manage nothing."""
    assert "approval is on" in room.says(an_asker("elsewhere", user=OWNER), "approval on")


def test_a_role_is_named_an_admins_by_an_owner_too(room: Room) -> None:
    """`admins add` takes the permission Manage Server, or an owner."""
    role = f"<@&{PLAIN_ROLE}>"
    assert (
        room.asks(somebody("a role with an admin's rights", "here"), f"admins add {role}").title
        == FOR_MANAGERS
    )
    assert "may manage digests" in room.says(an_asker(user=OWNER), f"admins add {role}")
    assert room.asks(an_asker(user=READER, roles=(PLAIN_ROLE,)), "admins list").title not in REFUSALS


def test_in_the_shell_admins_are_somewhere_else(room: Room) -> None:
    """It is said whose they are, and where that is typed."""
    for words in ("admins list", "admins add <@&7>", "admins remove <@&7>"):
        said = room.says(OPERATOR, words)
        assert "of one server of Discord, or of one workspace of Slack" in said, words
        assert "!ferry admins" in said
    assert "There is no role readers; mention one, as @editors, or write it as <@&ID>." in room.says(
        OPERATOR, "digest subscribe ping readers"
    )
