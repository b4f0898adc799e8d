"""Replies as Slack messages: within every limit, nothing in them acts, and all of it is there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.render import discord
from bot.render.buttons import BUTTON
from bot.render.slack import MAX_JSON, Message, calling, escape, message
from bot.render.slack_rich import size
from bot.render.words import clean
from bot.reply import Action, Line, Reference, Reply, Section
from tests.doubles.slack_limits import problems_of_message
from tests.doubles.slack_reading import labels, seen
from tests.doubles.slack_text import links, pings, plain
from tests.render.replies import ODD, heavy, replies


def arguments(shown: Message, **more: object) -> dict[str, Any]:
    """The message as arguments of a call."""
    return {"channel": "C1", "text": shown.text, "blocks": list(shown.blocks), **more}


def read(shown: Message) -> str:
    """All that a reader sees of the blocks, but for the buttons."""
    return seen([dict(block) for block in shown.blocks], {})


def buttons(shown: Message) -> list[Any]:
    """The buttons, as Slack has them."""
    return [one for block in shown.blocks if block["type"] == "actions" for one in block["elements"]]


def every_page(reply: Reply) -> Iterator[Message]:
    """The pages of a reply in order."""
    for page in range(1, 1000):
        shown = message(reply, "ferry", page)
        yield shown
        if not any(label == "Next ›" for label in labels([dict(block) for block in shown.blocks])):
            return


@settings(max_examples=150, deadline=None)
@given(replies, st.integers(1, 30))
@example(heavy('"'), 1)
@example(heavy("\\"), 2)
@example(heavy("🚀"), 3)
@example(heavy("&"), 4)
@example(heavy("\n"), 1)
@example(heavy("x y", 3), 1)
@example(Reply("test", "", (Section("", ()),)), 1)
def test_every_page_of_every_reply_is_within_the_limits(reply: Reply, page: int) -> None:
    """Whatever is in a reply, Slack takes each of its pages, as a post and as an edit, called out or not."""
    shown = message(reply, "ferry", page)
    assert problems_of_message(arguments(shown)) == []
    assert problems_of_message(arguments(shown, ts="1.1")) == []
    called = calling(shown, "S0123ABCD")
    assert problems_of_message(arguments(called, ts="1.1")) == []
    assert size(called.blocks) <= MAX_JSON
    assert len(shown.text) <= 1000
    assert shown.text.strip()
    for button in buttons(shown):
        assert BUTTON.fullmatch(button["value"])
    values = [button["value"] for button in buttons(shown)]
    assert len(set(values)) == len(values)


@settings(max_examples=100, deadline=None)
@given(replies)
@example(heavy("*"))
@example(heavy("x y"))
def test_all_of_a_reply_is_there_over_its_pages(reply: Reply) -> None:
    """Cutting into pages loses nothing that a line says: not a letter of it."""
    sections = tuple(
        Section("", tuple(line._replace(refs=()) for line in section.lines), section.flowing)
        for section in reply.sections
    )
    alone = Reply("test", "", sections, words="all")  # nothing that stands between two pages
    read_over = "".join(letters(re.sub(r"Page \d+ of \d+$", "", read(page))) for page in every_page(alone))
    for section in sections:
        for line in section.lines:
            parts = (line.text,) if section.flowing else (line.label.replace("`", ""), line.when, line.text)
            for part in parts:
                assert letters(clean(part)) in read_over


def letters(text: str) -> str:
    """The text without what pages put in where they cut: blanks and dots."""
    return re.sub(r"[\s…]+", "", text)


@settings(max_examples=150, deadline=None)
@given(replies)
@example(heavy("*", 0)._replace(sections=(Section("T" * 100, (Line("*" * 400),)),)))
def test_what_is_one_page_on_discord_is_one_page_here(reply: Reply) -> None:
    """A digest is laid out to be one message on Discord, which has the least room: here it is one as well."""
    reply = reply._replace(notes=(), words="all")
    embed = discord.message(reply, "ferry").embed or {}
    one_there = "footer" not in embed
    one_here = "Page 1 of" not in read(message(reply, "ferry"))
    assert one_here or not one_there


def long_reply(count: int = 60) -> Reply:
    """A reply of many lines, each with a source."""
    made = tuple(Line(f"line {number}", (f"s#{number}",), (1,), when="in 2019") for number in range(count))
    source = Reference(1, "s", "A title", "The Post", "in 2019", "https://a.example/")
    return Reply("timeline", "T", (Section("All of it", made),), (source,), words="timeline")


def test_the_pages_of_a_reply_have_every_line_once() -> None:
    """Cutting into pages loses and repeats nothing, and each page names its sources."""
    seen: list[str] = []
    for page in range(1, 6):
        text = read(message(long_reply(), "ferry", page))
        seen += re.findall(r"line \d+", text)
        assert "The Post" in text
        assert f"Page {page} of 5" in text
    assert seen == [f"line {number}" for number in range(60)]


@pytest.mark.parametrize(
    ("page", "turns"),
    [(1, ["Next ›"]), (2, ["‹ Previous", "Next ›"]), (5, ["‹ Previous"]), (99, ["‹ Previous"])],
    ids=["first", "middle", "last", "past the last"],
)
def test_a_page_leads_to_its_neighbours(page: int, turns: list[str]) -> None:
    """There is a button for each neighbour that exists, and it carries the request."""
    shown = message(long_reply(), "ferry", page)
    assert [button["text"]["text"] for button in buttons(shown)] == turns
    assert [button["action_id"] for button in buttons(shown)] == [
        f"ask-{number}" for number in range(1, len(turns) + 1)
    ]
    for button in buttons(shown):
        found = BUTTON.fullmatch(button["value"])
        assert found is not None
        assert found["words"] == "timeline"


HOSTILE = [
    "*bold* _it_ ~no~ `code` ```block```",
    "<https://evil.example|click> https://evil.example",
    "<@U123> <!channel> <!here|here> <#C1> <!subteam^S1> @everyone",
    "<!date^1392734382^{date}|x>",
    "> quote\n>>> all",
    "＞ quote",
    "• item\n- item\n1. item",
    ":tada: &lt;!channel&gt; &amp;",
    "\u202egnirts \x1b[31mred",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_in_a_reply_is_shown_and_does_not_act(text: str) -> None:
    """What a source or a reader wrote is shown letter by letter, wherever it stands in a reply."""
    source = Reference(1, "s", text, text, text, "https://a.example/")
    line = Line(text, (), (1,), text, text, text)
    sections = (Section(text, (line, line)), Section("", (Line(text),), flowing=True))
    reply = Reply("test", text, sections, (source,), (text,), (Action(text, "ask x"),), words="ask x")
    shown = message(reply, "ferry")
    assert problems_of_message(arguments(shown)) == []
    # Nothing is mrkdwn, which is what acts; rich text has texts and the links of the sources, nothing else.
    assert {one["type"] for one in nested(shown.blocks)} <= {
        *("header", "rich_text", "context", "actions", "button", "plain_text"),
        *("rich_text_section", "rich_text_list", "text", "link"),
    }
    assert [one["url"] for one in nested(shown.blocks) if one["type"] == "link"] == ["https://a.example/"]
    assert not any(one.get("emoji", False) for one in nested(shown.blocks))
    assert clean(text).strip() in read(shown)


def nested(thing: Any) -> Iterator[Any]:
    """Every object that says what it is."""
    if isinstance(thing, dict):
        if "type" in thing:
            yield thing
        thing = list(thing.values())
    if isinstance(thing, list | tuple):
        for one in thing:
            yield from nested(one)


@settings(max_examples=200)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(ODD + "ab :/U!^", max_size=60), st.text()))
def test_nothing_acts_in_the_text_beside_the_blocks(text: str) -> None:
    """It is mrkdwn: there is no mention, link, quotation or style left in it, and it reads the same."""
    shown = escape(text)
    assert not re.search(r"[<*_~`]", shown)
    assert not re.search(r"(?m)^\s*(&gt;|＞)", shown)
    assert pings(shown) == links(shown) == []
    assert not re.search(r"https?://", shown)
    same = str.maketrans({"∗": "*", "ˍ": "_", "∼": "~", "ˋ": "`"})
    kept = text.translate(same)
    read = plain(shown, {}).translate(same)
    assert re.sub("[\u00ad\u200b]", "", read) == re.sub("[\u00ad\u200b]", "", clean(kept))


def test_the_text_beside_says_the_title_and_the_first_lines() -> None:
    """Who hears a notification, or reads with the ears, gets the answer and not only its title."""
    text = message(long_reply(), "ferry").text
    assert text.startswith("T\nAll of it\n• in 2019: line 0 [1]\n• in 2019: line 1 [1]\n")
    assert text.endswith("line 11 [1]")
    cut = message(Reply("x", "&" * 400, (Section("", (Line("y"),)),)), "ferry").text
    assert cut.endswith("&amp;…")
    assert len(cut) <= 1000


def test_lines_are_items_and_sentences_are_a_paragraph() -> None:
    """Items stand in a list, each with its date, its words and what is to be known about it."""
    line = Line("a strike began", (), (1,), when="in 2019", label="f-1", note="disputed", marks=((2, 8),))
    body = Section("What happened", (line, line))
    flow = Section("In short", (Line("One.", refs=(1,)), Line("Two.")), flowing=True)
    source = Reference(1, "s", "A title", "The Post", "in 2019", "https://a.example/x?y=1&z=2")
    shown = message(Reply("x", "T", (body, flow), (source,), ("small print",)), "ferry")
    head, items, sentences, named, notes = shown.blocks
    assert head == {"type": "header", "text": {"type": "plain_text", "text": "T", "emoji": False}}
    heading, made = items["elements"]
    assert heading["elements"] == [{"type": "text", "text": "What happened", "style": {"bold": True}}]
    assert made["type"], made["style"] == ("rich_text_list", "bullet")
    assert made["elements"][0]["elements"] == [
        {"type": "text", "text": "f-1", "style": {"code": True}},
        {"type": "text", "text": " "},
        {"type": "text", "text": "in 2019:", "style": {"bold": True}},
        {"type": "text", "text": " a "},
        {"type": "text", "text": "strike", "style": {"bold": True}},
        {"type": "text", "text": " began [1]\n"},
        {"type": "text", "text": "disputed", "style": {"italic": True}},
    ]
    assert sentences["elements"][1]["elements"] == [{"type": "text", "text": "One. [1] Two."}]
    assert named["elements"][0]["elements"] == [
        {"type": "text", "text": "Sources", "style": {"bold": True}},
        {"type": "text", "text": "\n[1] "},
        {"type": "link", "url": "https://a.example/x?y=1&z=2", "text": "The Post, in 2019: A title"},
    ]
    assert notes["elements"] == [{"type": "plain_text", "text": "small print", "emoji": False}]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://",
        "https:// a",
        "https://a.example/>|x",
        "//a.example",
        "https://[a",
        "x",
    ],
)
def test_what_is_no_address_of_the_web_is_no_link(url: str) -> None:
    """A source whose address Slack would refuse, and with it the whole message, is named without it."""
    source = Reference(1, "s", "A title", "The Post", "in 2019", url)
    shown = message(Reply("x", "T", (Section("", (Line("a", refs=(1,)),)),), (source,)), "ferry")
    assert not [one for one in nested(shown.blocks) if one["type"] == "link"]
    assert "[1] The Post, in 2019: A title" in read(shown)


def test_sources_without_room_are_counted() -> None:
    """Where a single line has more sources than a message holds, links go first, then it says how many."""
    reply = heavy('"')
    shown = read(message(reply._replace(sections=(Section("", (reply.sections[0].lines[0],)),)), "ferry", 9))
    assert "Sources" in shown
    assert re.search(r"… and \d+ more", shown)


def test_a_call_stands_in_front_and_only_a_group_is_called() -> None:
    """A digest calls the one user group that was chosen: in the blocks, which are seen, and in the text."""
    shown = calling(message(long_reply(), "ferry"), "S123")
    assert shown.blocks[0] == {"type": "section", "text": {"type": "mrkdwn", "text": "<!subteam^S123>"}}
    assert pings(shown.text) == ["<!subteam^S123>"]
    for wrong in ("channel", "S1>", "", "U123", "here|S1"):
        with pytest.raises(ValueError, match="no id of a user group"):
            calling(shown, wrong)
