"""People, items, drafts and long texts as arguments of a request."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command.entry import Command, Param
from bot.command.request import (
    MAX_TEXT,
    Known,
    Misread,
    Request,
    command_of,
    named,
    opens_form,
    read_request,
    read_values,
)
from tests.command.newsdesk import LOOK, MEND, NAME, TABLE, WRITE, said

TODAY = date(2026, 11, 21)
KNOWN = Known(TODAY, TODAY, frozenset())


def read(typed: str) -> Request:
    """What a line is understood as."""
    found = read_request(typed, TABLE, KNOWN)
    assert isinstance(found, Request), found
    return found


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("<@12>", "<@12>"),
        ("<@!12>", "<@12>"),
        ("<@&34>", "<@&34>"),
        ("<@U02AB3CD>", "<@U02AB3CD>"),
        ("<@&S02AB3CD>", "<@&S02AB3CD>"),
        ("slack/W02AB3CD", "slack/W02AB3CD"),
        ("discord/12", "discord/12"),
    ],
    ids=[
        "a person",
        "a person as Discord wrote them once",
        "a role",
        "a person of Slack",
        "a user group",
        "a person by their id",
        "a person of Discord by their id",
    ],
)
def test_a_person_is_named_by_a_mention(typed: str, who: str) -> None:
    """A mention of a person or a role is read, typed or by name, and always written the same way."""
    assert read(f"name {typed}").args == {"who": who}
    assert read_values(NAME, {"who": typed}, KNOWN) == Request(NAME, {"who": who})


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "bob",
            "@everyone",
            "<@x>",
            "<@u02ab3cd>",
            "<@12",
            "<#12>",
            "<@12><@13>",
            "12",
            "<@٣>",
            "<@U1|ann>",
        ),
        *("slack/u1", "slack/", "discord/U1", "Discord/12", "<@U_1>"),
    ],
)
def test_what_is_no_mention_names_nobody(typed: str) -> None:
    """A name that anybody may have is nobody's."""
    assert isinstance(read_request(f"name {typed}", TABLE, KNOWN), Misread)
    assert isinstance(read_values(NAME, {"who": typed}, KNOWN), Misread)


@pytest.mark.parametrize(
    ("typed", "item"),
    [
        ("2022-07-13-end", "2022-07-13-end"),
        ("[@2022-07-13-End#left]", "2022-07-13-end#left"),
        ("`2022-07-13-end#left`,", "2022-07-13-end#left"),
    ],
)
def test_an_item_is_named_as_it_is_cited(typed: str, item: str) -> None:
    """The id of a briefing, a source or a fact is read with what may stand around it."""
    assert read(f"mend {typed}").args == {"id": item}
    assert read_values(MEND, {"id": typed}, KNOWN) == Request(MEND, {"id": item})


def test_a_word_and_a_sentence_behind_an_item_are_read() -> None:
    """`quiet` is a word of its own, and a reason may be a sentence."""
    found = read("mend 2022-07-13-end quiet because it was a slip")
    assert found.args == {"id": "2022-07-13-end", "quiet": "quiet", "why": "it was a slip"}


def test_a_draft_is_named_by_its_number() -> None:
    """A number behind its word is read, and nothing else is."""
    assert read("write to 12").args == {"to": "12"}
    assert isinstance(read_request("write to twelve", TABLE, KNOWN), Misread)
    assert isinstance(read_values(WRITE, {"to": "12a"}, KNOWN), Misread)


def test_long_texts_are_never_typed_behind_a_command() -> None:
    """Words behind a command are no value of a field, and of no parameter that holds long text."""
    assert isinstance(read_request("write A title", TABLE, KNOWN), Misread)
    texts = Command("texts", "Texts", (Param("body", "text", "its text"),), said)
    assert isinstance(read_request("texts some words", [texts], KNOWN), Misread)


def test_fields_come_by_name_as_they_were_written() -> None:
    """Several lines arrive as they are, with the line ends of a file; what is not there stays away."""
    found = read_values(WRITE, {"to": " 7 ", "body": "One.\r\n\r\n Two.\n", "strange": "x"}, KNOWN)
    assert found == Request(WRITE, {"to": "7", "body": "One.\n\n Two.\n"})


def test_a_field_that_was_emptied_is_something_else_than_one_left_out() -> None:
    """An empty text arrives empty, so that a form can take a value away."""
    assert read_values(WRITE, {"title": ""}, KNOWN) == Request(WRITE, {"title": ""})
    assert read_values(WRITE, {}, KNOWN) == Request(WRITE, {})


def test_a_text_may_be_long_but_not_endless() -> None:
    """64 KiB are read; more is refused with both numbers, and counted in bytes."""
    assert isinstance(read_values(WRITE, {"body": "x" * MAX_TEXT}, KNOWN), Request)
    refused = read_values(WRITE, {"body": "é" * MAX_TEXT}, KNOWN)
    assert isinstance(refused, Misread)
    assert refused.what == "Body: that is 131,072 bytes long; 65,536 are read at most."


@given(st.text(max_size=60))
def test_any_text_of_a_field_can_be_stored(text: str) -> None:
    """Whatever a platform sends arrives as text that UTF-8 can hold."""
    found = read_values(WRITE, {"body": text + "\ud800"}, KNOWN)
    assert isinstance(found, Request)
    body = found.args["body"]
    assert isinstance(body, str)
    assert body.encode() == (text.replace("\r\n", "\n") + "?").encode("utf-8", "replace")


def test_a_request_in_words_leaves_its_texts_out() -> None:
    """What a button carries is what was typed, and not a whole document."""
    texts = Command("texts", "Texts", (Param("id", "item", "x"), Param("body", "text", "x")), said)
    found = read_values(texts, {"id": "a-b", "body": "Much.\nMore."}, KNOWN)
    assert isinstance(found, Request)
    assert found.words == "texts a-b"


def test_words_that_a_form_carries_become_arguments_by_name() -> None:
    """What was read once is read again the same way; what names no command is none."""
    assert named("mend 2022-07-13-end quiet", TABLE, TODAY) == (
        MEND,
        {"id": "2022-07-13-end", "quiet": "quiet"},
    )
    assert named("write to 12", TABLE, TODAY) == (WRITE, {"to": "12"})
    assert named("gone 12", TABLE, TODAY) is None
    assert named("mend", TABLE, TODAY) is None


@pytest.mark.parametrize(
    ("typed", "command"),
    [("write", WRITE), ("WRITE to nowhere at all", WRITE), ("", LOOK), ("nothing such", None)],
)
def test_the_command_of_a_line_is_known_before_the_rest_is_read(typed: str, command: Command | None) -> None:
    """Whether a line is for a command that takes files does not depend on what stands behind it."""
    assert command_of(typed, TABLE) is command


@pytest.mark.parametrize(
    "typed", ["<#12>", "<#C02AB3CD>", "#news", "here", "Me", "discord:1/2", "slack:T1/C2"]
)
def test_a_place_is_named_as_any_platform_writes_it(typed: str) -> None:
    """Its id keeps its capitals: Slack's have no other letters."""
    post = Command("post", "Post", (Param("to", "place", "where"), Param("ping", "role", "whom")), said)
    assert read_values(post, {"to": typed}, KNOWN) == Request(post, {"to": typed})
    assert isinstance(read_values(post, {"to": "<#c02ab3cd>"}, KNOWN), Misread)
    assert read_values(post, {"ping": "<@&S02AB3CD>"}, KNOWN) == Request(post, {"ping": "<@&S02AB3CD>"})
    assert isinstance(read_values(post, {"ping": "<@&s02ab3cd>"}, KNOWN), Misread)


def test_a_form_that_can_be_done_without_is_opened_only_bare() -> None:
    """Any word behind the command does without it; a command that needs its form always opens it."""
    bare = WRITE._replace(name="plan", form_bare=True)
    table = (*TABLE, bare)
    for words, opened in (("write to 3", True), ("plan", True), ("Plan", True), ("plan to 3", False),
                          ("look", False), ("nothing such", False), ("", False)):  # fmt: skip
        assert opens_form(words, table) is opened, words
    assert bare.opens_form({})
    assert not bare.opens_form({"to": "3"})
    assert WRITE.opens_form({"to": "3"})
    assert not LOOK.opens_form({})
    assert (WRITE.written, MEND.written, bare._replace(files=False).written, LOOK.written) == (
        True, True, False, False,
    )  # fmt: skip
