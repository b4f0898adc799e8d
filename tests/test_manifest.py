"""slack-manifest.yaml against the code: it asks for what the bot uses, and for nothing else."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.edge.slack.workspace import SCOPES

ROOT = Path(__file__).parents[1]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "slack-manifest.yaml").read_text(encoding="utf-8"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot/edge/slack").rglob("*.py")))

HISTORY = {"channels:history", "groups:history", "im:history", "mpim:history"}
KINDS = {"channels:read", "groups:read", "im:read", "mpim:read"}

# What each method of Slack needs of a bot, by Slack's reference: all of it, to work in every kind of channel.
METHODS: dict[str, set[str]] = {
    "apps_connections_open": set(),  # needs the app-level token
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": HISTORY,
    "conversations_replies": HISTORY,
    "conversations_info": KINDS,
    "conversations_list": KINDS,
    "conversations_members": KINDS,
    "conversations_open": {"im:write"},
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "usergroups_list": {"usergroups:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_update": set(),
}
EVENTS: dict[str, set[str]] = {
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "tokens_revoked": set(),
}


def asked() -> set[str]:
    """The scopes that the manifest asks for."""
    return set(MANIFEST["oauth_config"]["scopes"]["bot"])


def events() -> list[str]:
    """The events that the manifest subscribes to."""
    return list(MANIFEST["settings"]["event_subscriptions"]["bot_events"])


def called() -> set[str]:
    """The methods that the code calls, by the names of slack_sdk."""
    families = "apps|auth|chat|conversations|files|reactions|usergroups|users|views"
    return set(re.findall(rf"(?<=\.)((?:{families})_\w+)\b(?!\s*=)", CODE))


def test_the_manifest_and_the_code_ask_for_the_same_scopes() -> None:
    """What the bot names as missing is what the manifest grants."""
    assert asked() == set(SCOPES)
    assert len(asked()) == len(MANIFEST["oauth_config"]["scopes"]["bot"])


def test_what_the_code_calls_the_manifest_allows_and_nothing_more() -> None:
    """Every method and event has its scopes, and no scope is asked for without one that needs it."""
    assert called() <= set(METHODS), "a method whose scopes the table above does not know"
    assert set(events()) <= set(EVENTS)
    needed = {scope for name in called() for scope in METHODS[name]}
    needed |= {scope for name in events() for scope in EVENTS[name]}
    assert asked() == needed | {"commands"}


def test_each_event_is_subscribed_to_once_and_handled() -> None:
    """An event that nobody handles is traffic for nothing; one that is not subscribed to never comes."""
    handled = set(re.findall(r"\bapp\.event\(\"(\w+)\"\)", CODE))
    for names in re.findall(r"for (?:\w+) in \(([^)]*)\):\s+app\.event\(", CODE):
        handled |= set(re.findall(r"\"(\w+)\"", names))
    assert handled == {name.partition(".")[0] for name in events()}
    assert len(events()) == len(set(events()))


def test_there_is_a_slash_command_for_each_story() -> None:
    """The command is the word of the story, and mentions in it come as ids."""
    config = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    commands = MANIFEST["features"]["slash_commands"]
    assert [one["command"] for one in commands] == [f"/{story['word']}" for story in config["story"]]
    for one in commands:
        assert one["should_escape"] is True
        assert "url" not in one  # Socket Mode has none
        assert len(one["description"]) <= 2000
        assert len(one["usage_hint"]) <= 1000


def test_slack_takes_the_manifest() -> None:
    """It says only what Slack knows, within its limits, and what the bot relies on is switched on."""
    assert set(MANIFEST) == {"display_information", "features", "oauth_config", "settings"}
    shown = MANIFEST["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", MANIFEST["features"]["bot_user"]["display_name"])
    home = MANIFEST["features"]["app_home"]
    assert home["home_tab_enabled"] is True
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False
    settings = MANIFEST["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["token_rotation_enabled"] is False  # the bot keeps no tokens, so it could not renew them


def test_operating_tells_what_each_scope_is_for() -> None:
    """Who is to grant a scope can read why."""
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    table = text.partition("### What Slack is asked for")[2].partition("## ")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = [name for cell in first for name in re.findall(r"`([a-z_:.]+)`", cell)]
    assert sorted(named) == sorted(asked())


@pytest.mark.parametrize("document", ["README.md", "docs/operating.md"])
def test_the_manifest_is_named_where_somebody_looks_for_it(document: str) -> None:
    """Who connects Slack is led to it."""
    assert "slack-manifest.yaml" in (ROOT / document).read_text(encoding="utf-8")
