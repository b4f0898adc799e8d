"""Replies as Discord messages: within every limit, and nothing in them acts."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render.buttons import BUTTON
from bot.render.discord import Message, escape, message
from bot.reply import Line, Reference, Reply, Section
from tests.render.replies import replies


def weight(shown: Message) -> int:
    """All text of an embed, as Discord counts it."""
    embed = shown.embed or {}
    fields = embed.get("fields", [])
    assert isinstance(fields, list)
    footer = embed.get("footer", {"text": ""})
    assert isinstance(footer, dict)
    texts = [str(embed.get("title", "")), str(embed.get("description", "")), str(footer["text"])]
    return sum(map(len, texts)) + sum(len(field["name"]) + len(field["value"]) for field in fields)


@settings(max_examples=150, deadline=None)
@given(replies, st.integers(1, 30), st.booleans())
def test_every_page_of_every_reply_is_within_the_limits(reply: Reply, page: int, embeds: bool) -> None:
    """Whatever is in a reply, Discord takes each of its pages."""
    shown = message(reply, "ferry", page, embeds=embeds)
    assert len(shown.content) <= 2000
    assert weight(shown) <= 6000
    if shown.embed:
        assert len(str(shown.embed["title"])) <= 256
        assert len(str(shown.embed["description"])) <= 4096
        fields = shown.embed.get("fields", [])
        assert isinstance(fields, list)
        assert len(fields) <= 25
        assert all(0 < len(field["value"]) <= 1024 for field in fields)
    assert len(shown.buttons) <= 25
    ids = [button.carries for button in shown.buttons]
    assert len(set(ids)) == len(ids)
    for button in shown.buttons:
        assert 0 < len(button.label) <= 80
        assert 0 < len(button.carries) <= 100
        assert BUTTON.fullmatch(button.carries)


def long_reply(count: int = 60) -> Reply:
    """A reply of many lines, each with a source."""
    made = tuple(Line(f"line {number}", (f"s#{number}",), (1,), when="in 2019") for number in range(count))
    source = Reference(1, "s", "A title", "The Post", "in 2019", "https://a.example/")
    return Reply("timeline", "T", (Section("All of it", made),), (source,), words="timeline")


def test_the_pages_of_a_reply_have_every_line_once() -> None:
    """Cutting into pages loses and repeats nothing, and each page names its sources."""
    seen: list[str] = []
    for page in range(1, 6):
        shown = message(long_reply(), "ferry", page)
        assert shown.embed is not None
        seen += re.findall(r"line \d+", str(shown.embed["description"]))
        assert "The Post" in str(shown.embed["fields"])
        assert f"Page {page} of 5" in str(shown.embed["footer"])
    assert seen == [f"line {number}" for number in range(60)]


@pytest.mark.parametrize(
    ("page", "labels"),
    [(1, ["Next ›"]), (2, ["‹ Previous", "Next ›"]), (5, ["‹ Previous"]), (99, ["‹ Previous"])],
    ids=["first", "middle", "last", "past the last"],
)
def test_a_page_leads_to_its_neighbours(page: int, labels: list[str]) -> None:
    """There is a button for each neighbour that exists."""
    shown = message(long_reply(), "ferry", page)
    assert [button.label for button in shown.buttons] == labels
    for button in shown.buttons:
        found = BUTTON.fullmatch(button.carries)
        assert found is not None
        assert found["words"] == "timeline"


@pytest.mark.parametrize(
    "text",
    [
        "*bold* _it_ ~~no~~ `code` ||spoiler||",
        "[click](https://evil.example)",
        "<@123> @everyone <#1> <t:1:R>",
        "# heading",
        "> quote",
        "- item",
        "\u202egnirts",
        "\x1b[31mred",
        "a\u200bb",
    ],
)
def test_markup_in_a_text_is_shown_and_does_not_act(text: str) -> None:
    """What a source or a reader wrote is shown letter by letter."""
    shown = escape(text)
    assert not re.search(r"(?<!\\)[*_~`|<>\[\]#@]", shown)
    assert "\u202e" not in shown
    assert "\x1b" not in shown
    assert not re.match(r"\s*[-+>#]", shown)


def test_found_words_are_bold() -> None:
    """The marks of a search become bold."""
    reply = Reply("search", "T", (Section("", (Line("a strike began", marks=((2, 8),)),)),))
    assert "a **strike** began" in str((message(reply, "ferry").embed or {})["description"])


def test_without_embeds_sources_stand_in_the_text() -> None:
    """The plain form has the same lines and sources."""
    shown = message(long_reply(3), "ferry", embeds=False)
    assert shown.embed is None
    assert "line 2" in shown.content
    assert "The Post" in shown.content
