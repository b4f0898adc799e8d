"""What the double of Slack refuses in rich text."""

from typing import Any

import pytest

from tests.doubles.slack_limits import problems_of_message

Json = dict[str, Any]


def rich(*parts: Any) -> Json:
    """A message of rich text."""
    return {"channel": "C1", "text": "x", "blocks": [{"type": "rich_text", "elements": [*parts]}]}


def section(*pieces: Any) -> Json:
    """A section of rich text."""
    return {"type": "rich_text_section", "elements": [*pieces]}


def items(*sections: Any, **more: Any) -> Json:
    """A list with these items."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [*sections], **more}


def text(words: Any = "x", **more: Any) -> Json:
    """A piece of text."""
    return {"type": "text", "text": words, **more}


def test_rich_text_is_taken() -> None:
    """Sections with all that may stand in them, and lists of sections."""
    pieces = [
        text(style={"bold": True, "italic": False}),
        {"type": "link", "url": "https://a.example/", "text": "x"},
        {"type": "user", "user_id": "U1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "emoji", "name": "tada"},
    ]
    quote = {"type": "rich_text_quote", "elements": [text()], "border": 1}
    args = rich(section(*pieces), items(section(text()), section(), indent=1), quote)
    assert problems_of_message(args) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (rich(), "missing required field: elements [json-pointer:/blocks/0]"),
        (rich("x"), "unsupported type: None [json-pointer:/blocks/0/elements/0/type]"),
        (rich({"type": "section"}), "unsupported type: section"),
        (rich(section("x")), "unsupported type: None [json-pointer:/blocks/0/elements/0/elements/0/type]"),
        (rich(section({"type": "mrkdwn", "text": "x"})), "unsupported type: mrkdwn"),
        (rich(section(text(""))), "must be more than 0 characters"),
        (rich(section(text(None))), "missing required field: text"),
        (rich(section(text(style={"big": True}))), "invalid additional property: big"),
        (rich(section(text(style={"bold": "yes"}))), "must be a boolean"),
        (rich(section(text(style="bold"))), "must be an object"),
        (rich(section(text(emoji=True))), "invalid additional property: emoji"),
        (rich(section({"type": "link", "url": "javascript:x"})), "must be a valid URL"),
        (rich(section({"type": "link", "text": "x"})), "missing required field: url"),
        (rich(section({"type": "broadcast", "range": "here"})), "broadcast_mention: @here calls everybody"),
        (rich({"type": "rich_text_section"}), "missing required field: elements"),
        (rich(items()), "missing required field: elements"),
        (rich(items(text())), "must be a rich_text_section"),
        (rich(items(items(section(text())))), "must be a rich_text_section"),
        (rich(items(section(text()), style="dots")), "must be one of bullet, ordered, is dots"),
        (rich(items(section(text()), style=None)), "missing required field: style"),
        (rich(items(section(text()), indent=9)), "must be between 0 and 8"),
    ],
)
def test_rich_text_that_slack_refuses(args: Json, said: str) -> None:
    """Each is refused with what is wrong and where."""
    found = problems_of_message(args)
    assert any(said in problem for problem in found), found
