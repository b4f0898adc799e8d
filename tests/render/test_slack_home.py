"""The home tab of Slack: what is in it, and that Slack takes it."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.render.buttons import BUTTON
from bot.render.slack_home import home
from bot.reply import Action, Line, Reply, Section
from tests.doubles.slack_limits import problems_of_view
from tests.doubles.slack_reading import labels, seen
from tests.render.replies import heavy, replies


def buttons(view: dict[str, Any]) -> list[Any]:
    """The buttons of a view, as Slack has them."""
    return [one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]


@settings(max_examples=50, deadline=None)
@given(st.lists(replies, max_size=2))
@example([heavy("🚀")] * 40)
@example([heavy('"')] * 40)
@example([])
def test_whatever_is_in_it_slack_takes_it(some: list[Reply]) -> None:
    """As many replies as there is room for, each button of its own, and none that would turn a page."""
    view = home(some, "ferry")
    assert problems_of_view(view) == []
    ids = [button["action_id"] for button in buttons(view)]
    assert ids == [f"ask-{number}" for number in range(1, len(ids) + 1)]
    for button in buttons(view):
        found = BUTTON.fullmatch(button["value"])
        assert found is not None
        assert found["page"] == "0"


def test_replies_stand_below_each_other() -> None:
    """Each has its title, its lines, its small print and its buttons; a line is drawn between two."""
    state = Reply("status", "Where it stands", (Section("", (Line("Over."),)),), notes=("As of now.",))
    mine = Reply(
        "digest list",
        "Your digests",
        (Section("", (Line("Daily."),)),),
        actions=(Action("Stop", "digest stop 1"),),
    )
    view = home([state, mine], "ferry")
    assert [block["type"] for block in view["blocks"]] == [
        *("header", "rich_text", "context"),
        *("divider", "header", "rich_text", "actions"),
    ]
    assert seen(view["blocks"], {}).split("\n") == [
        *("Where it stands", "Over.", "As of now."),
        *("Your digests", "Daily."),
    ]
    assert buttons(view)[0]["value"] == "ferry:0:digest stop 1"


def test_what_is_longer_than_a_message_can_be_asked_for() -> None:
    """It shows the first page, and a button brings all of it; none asks for the same twice."""
    lines = tuple(Line(f"draft {number}") for number in range(40))
    again = Action("All drafts", "drafts")
    reply = Reply("drafts", "Drafts", (Section("", lines),), actions=(again,), words="drafts")
    view = home([reply], "ferry")
    assert "draft 11" in seen(view["blocks"], {})
    assert "draft 12" not in seen(view["blocks"], {})
    assert labels(view["blocks"]) == ["Show all"]
    assert buttons(view)[0]["value"] == "ferry:0:drafts"
