"""What Slack tells at the start, in words; and what is remembered of what was seen."""

from pathlib import Path

import pytest
import yaml

from bot.edge.slack.seen import Seen
from bot.edge.slack.workspace import SCOPES, Workspace, check_posting, lacking
from bot.errors import ConnectError

MANIFEST = Path(__file__).parents[2] / "slack-manifest.yaml"
WHOLE = Workspace("T1", "Rover Watch", "U1", "B1", "exomars", frozenset(SCOPES))


def test_the_manifest_asks_for_the_scopes_that_are_checked() -> None:
    """An app that is made from it lacks nothing, and is granted no more than it needs."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == set(SCOPES)
    told = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert told >= {"app_uninstalled", "tokens_revoked"}


def test_with_all_scopes_nothing_is_said() -> None:
    """Nor where Slack tells of none: then nothing is known to be missing."""
    for workspace in (WHOLE, WHOLE._replace(scopes=frozenset())):
        check_posting(workspace)
        assert lacking(workspace) == ""


@pytest.mark.parametrize("scope", SCOPES)
def test_each_missing_scope_is_named_with_what_is_lost(scope: str) -> None:
    """In one line, which names no other scope."""
    line = lacking(WHOLE._replace(scopes=WHOLE.scopes - {scope}))
    assert f"{SCOPES[scope]} ({scope})" in line
    assert not [other for other in SCOPES if f"({other})" in line and other != scope]
    assert "\n" not in line


def test_only_a_bot_that_may_not_post_is_refused() -> None:
    """Without any other scope, something is left that it can do."""
    for scope in SCOPES:
        workspace = WHOLE._replace(scopes=WHOLE.scopes - {scope})
        if scope == "chat:write":
            with pytest.raises(ConnectError, match="chat:write"):
                check_posting(workspace)
        else:
            check_posting(workspace)


def test_what_was_seen_is_known_and_the_oldest_is_forgotten() -> None:
    """So that the memory that it takes has an end."""
    seen = Seen(most=3)
    assert [seen.first(key) for key in "abab"] == [True, True, False, False]
    assert [seen.first(key) for key in "cd"] == [True, True]
    assert [seen.first(key) for key in "bcd"] == [False, False, False]
    assert seen.first("a")
