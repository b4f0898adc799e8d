"""Reports: what readers say is wrong is kept once, with the facts it is about, and shown to editors alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.command.asker import Asker
from bot.command.form import Form
from bot.command.reporting import report_action
from bot.command.request import named
from bot.render.discord import message
from bot.reply import Reply
from bot.store.reports import ReportRow
from tests.curate.hostile import TOKENS
from tests.curate.newsroom import (
    ADMIN,
    EDITOR,
    OPERATOR,
    OTHER_ADMIN,
    OWNER,
    READER,
    Room,
    person,
    read,
)
from tests.stories import NOW, PLAN, STRIKE, fact, source

DELAYED = f"{STRIKE}#delayed"
_LOUD = re.compile(r"(?<!\\)@(?:everyone|here)|(?<!\\)<[@#!]|(?<!\\)\]\((?!https://)|\[x\]\(javascript")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A newsroom, closed at the end."""
    made = Room(tmp_path / "story")
    yield made
    made.store.close()


def kept(room: Room) -> list[ReportRow]:
    """Every report, oldest first."""
    return [ReportRow(*row) for row in room.rows("report")]  # type: ignore[arg-type]


def sends(room: Room, who: Asker, button: str, says: str) -> Reply:
    """What somebody gets for the form that a button opens, filled in."""
    form = room.form(who, button)
    assert isinstance(form, Form), form
    found = named(form.words, room.desk.commands, room.now.date())
    assert found is not None
    return room.desk.answer_values(found[0], {**found[1], "says": says}, "/bridge", room.now, who)


def button(reply: Reply, label: str) -> str:
    """The words of a button."""
    return next(action.words for action in reply.actions if action.label == label)


def test_what_is_typed_is_kept_with_who_where_and_when(room: Room) -> None:
    """`report TEXT` needs nothing more."""
    told = room.says(READER, "report The day is wrong")
    assert "report 1" in read(told)
    assert told.private
    (row,) = kept(room)
    assert (row.platform, row.server, row.user, row.name) == ("discord", "1", "400", "name of 400")
    assert row.at == "2022-08-01T12:00:10.000"
    assert (row.words, row.facts, row.says, row.closed) == ("", "", "The day is wrong", "")
    assert [(one.act, one.item, one.audience) for one in room.audit()] == [
        ("report", "report-1", "discord/1")
    ]


@pytest.mark.parametrize(
    "asked", [f"fact {DELAYED}", "briefing 2022-03-05-strike", "status", "status 2022-02-01"]
)
def test_the_button_under_an_answer_carries_what_it_rested_on(room: Room, asked: str) -> None:
    """The report has the request in canonical words, and the facts of just that answer."""
    answer = room.says(READER, asked)
    sends(room, READER, button(answer, "Report a mistake"), "It was April.")
    (row,) = kept(room)
    assert row.words == answer.words
    assert answer.words.startswith(asked.partition(" ")[0])
    assert row.fact_ids == [*answer.facts]
    assert row.fact_ids
    assert row.says == "It was April."


def test_the_facts_are_those_that_the_reader_saw(room: Room) -> None:
    """What is one server's own is in the report of its reader, and shown to nobody elsewhere."""
    own = source("2022-07-01-own", fact("here", "It rains here.", date="2022-07-01"))
    room.published(ADMIN, "add for here", own)
    assert sends(room, person("500", "2"), "report on fact 2022-07-01-own#here", "No.").title == "Thank you"
    sends(room, READER, "report on fact 2022-07-01-own#here", "It snows.")
    elsewhere, here = kept(room)
    assert elsewhere.facts == ""
    assert here.fact_ids == ["2022-07-01-own#here"]
    assert "It rains here." in read(room.says(ADMIN, "reports 2"))
    assert (elsewhere.audience, here.audience) == ("", "discord/1")
    sends(room, READER, "report on fact " + DELAYED, "It was April.")
    assert kept(room)[2].audience == ""
    away = person("100", "2")  # an editor, on the other server
    assert "There is no report 2." in read(room.says(away, "reports 2"))
    assert "There is no report 2." in read(room.says(away, "report close 2"))
    assert "2 open reports" in room.says(away, "reports").title
    assert "2 reports are open" in read(room.says(away, "drafts"))
    assert "It snows." not in read(room.says(away, "reports"))
    assert "It rains here." in read(room.says(person("100"), "reports 2"))  # and here
    assert "1 fact of it cannot be seen here now" in read(room.says(person("900", "2"), "reports 2"))


def test_an_answer_can_be_meant_where_there_is_no_form(room: Room) -> None:
    """Behind the request and a colon stands what is wrong; what is no request is a text like any other."""
    for typed in (
        f"report on fact {DELAYED}: the mayor: she never said so",
        "report on Monday it was opened: by nobody",
        "report on drafts: they are wrong",
    ):
        room.says(READER, typed)
    assert [(row.words, row.says) for row in kept(room)] == [
        (f"fact {DELAYED}", "the mayor: she never said so"),
        ("", "on Monday it was opened: by nobody"),
        ("", "on drafts: they are wrong"),
    ]
    for typed, example in (("report", "report the day"), ("report on status", "report on status: the day")):
        told = room.says(READER, typed)
        assert told.abstained
        assert f"!bridge {example} is wrong" in read(told)
        assert any(action.words == typed for action in told.actions)
    assert all("Open" not in one.label for one in room.says(OPERATOR, "report").actions)
    assert len(kept(room)) == 3


def test_words_that_only_look_like_a_request_are_kept(room: Room) -> None:
    """A command that takes any words makes of any words a request; a question behind it is one."""
    typed = ("report on search gives odd things", "report on Topic is left out", "report on ask is of no use")
    for one in typed:
        assert not room.says(READER, one).abstained
    assert [(row.words, row.says) for row in kept(room)] == [("", one[len("report ") :]) for one in typed]
    for one in ("report on ask who said so?", "report on topic", "report on timeline from 2022-03"):
        assert room.says(READER, one).abstained
    # The terminal has no forms: there the button of an answer is a line that is typed.
    assert room.says(OPERATOR, "report on ask the delay").abstained
    assert len(kept(room)) == 3
    assert "on search gives odd things" in read(room.says(READER, "report Mine."))


def test_a_question_about_somebody_is_meant_as_it_was_asked(room: Room) -> None:
    """By the names that the story has."""
    room.published(
        EDITOR, "add", source("2022-07-01-moss", fact("hill", "The hill slips.", speaker="Ada Moss"))
    )
    room.says(READER, "report on who is Ada Moss?: she never said so")
    (row,) = kept(room)
    assert row.words.startswith("who ")
    assert row.fact_ids == ["2022-07-01-moss#hill"]


def test_nothing_that_was_written_is_lost_to_a_form(room: Room) -> None:
    """What no platform could carry with a form stands in it; what a form could not hold is refused."""
    typed = next(one for one in room.desk.commands if one.name == "report")
    written = f"on ask {'why is the bridge late ' * 10}?"
    form = room.desk.form(typed, {"text": written}, "/bridge", NOW, READER)
    assert isinstance(form, Form), form
    assert (form.words, form.fields[0].value) == ("report", written)
    refused = room.desk.form(typed, {"text": "on " + "x" * 3000}, "/bridge", NOW, READER)
    assert isinstance(refused, Reply)
    assert "2,000 are kept at most" in read(refused)


def test_a_form_opens_only_where_nothing_was_said_yet(room: Room) -> None:
    """Without a text, or for an answer; in the shell nobody is asked to write a file for it."""
    for typed, words in (("report", "report"), (f"report on fact {DELAYED}", f"report on fact {DELAYED}")):
        form = room.form(READER, typed)
        assert isinstance(form, Form)
        assert (form.words, form.fields[0].value) == (words, "")
    form = room.form(READER, "report on fact 2022-03-strike#delayed: no")
    assert isinstance(form, Form)
    assert (form.words, form.fields[0].value) == (f"report on fact {DELAYED}", "no")
    assert room.form(READER, "report It is wrong") is None
    room.says(READER, "report It is wrong")
    assert room.form(EDITOR, "report close 1 It is mended.") is None
    assert isinstance(room.form(EDITOR, "report close 1"), Form)
    assert not any(one.written for one in room.desk.commands if one.name.startswith("report"))


def test_a_button_that_no_platform_could_carry_reports_without_its_request() -> None:
    """A long question still has its button."""
    assert report_action("fact " + "x" * 60).words == "report on fact " + "x" * 60
    assert report_action("ask " + "x" * 90).words == "report"


def test_each_sees_the_reports_that_are_theirs(room: Room) -> None:
    """An admin those of their server, editors and owners all, readers none but their own."""
    room.says(READER, "report One is wrong")
    room.says(person("500", "2"), "report Two is wrong")
    room.says(person("600", ""), "report Three is wrong")
    shown = {who.user: read(room.says(who, "reports")) for who in (EDITOR, OWNER, ADMIN, OTHER_ADMIN)}
    assert {user: re.findall(r"One|Two|Three", text) for user, text in shown.items()} == {
        "100": ["Three", "Two", "One"], "900": ["Three", "Two", "One"], "200": ["One"], "300": ["Two"],
    }  # fmt: skip
    for number in (2, 3, 4):
        assert "There is no report" in read(room.says(ADMIN, f"reports {number}"))
        assert "There is no report" in read(room.says(ADMIN, f"report close {number}"))
    assert room.says(READER, "reports").title == "That is for editors"
    assert room.says(READER, "report close 1").title == "That is for editors"
    assert not any(row.closed for row in kept(room))
    mine = read(room.says(READER, "report mine"))
    assert "One is wrong" in mine
    assert "Two" not in mine


def test_an_editor_sees_a_report_with_its_facts_and_ways_on(room: Room) -> None:
    """What is said, the request, its facts as they stand, and buttons to close and to correct."""
    sends(room, READER, f"report on fact {DELAYED}", "It was April.\n\nSee the post.")
    listed = room.says(EDITOR, "reports")
    assert "It was April. See the post." in read(listed)
    assert "name of 400, on discord, server 1" in read(listed)
    assert f"about `fact {DELAYED}`" in read(listed)
    assert DELAYED in listed.facts
    whole = room.says(EDITOR, button(listed, "Report 1"))
    text = read(whole)
    assert "It was April." in text
    assert f"fact {DELAYED}" in text
    assert f"{PLAN}#opens-in-may in May 2022: The bridge is to open in May 2022." in text
    assert whole.alone
    assert listed.alone
    assert button(whole, "Correct") == f"correct {DELAYED}"
    assert isinstance(room.form(EDITOR, button(whole, "Correct")), Form)
    assert button(whole, "The answer now") == f"fact {DELAYED}"
    assert f"fact {PLAN}#opens-in-may" in [action.words for action in whole.actions]
    assert button(whole, "Close") == "report close 1"


def test_whoever_reported_it_is_told_what_came_of_it(room: Room) -> None:
    """Closed once, with a word; it leaves the list, and is there by its number."""
    room.says(READER, "report One is wrong")
    for who in (EDITOR, ADMIN):
        assert "1 report is open: !bridge reports" in read(room.says(who, "drafts"))
    closed = room.says(ADMIN, "report close 1 It was mended.")
    assert "closed" in read(closed)
    assert (kept(room)[0].closed, kept(room)[0].outcome) == ("2022-08-01T12:00:40.000", "It was mended.")
    assert "closed already" in read(room.says(EDITOR, "report close 1 It was not."))
    assert kept(room)[0].outcome == "It was mended."
    assert "closed on 1 August 2022: It was mended." in read(room.says(READER, "report mine"))
    assert "It was mended." in read(room.says(EDITOR, "reports 1"))
    assert "No report is open." in read(room.says(EDITOR, "reports"))
    assert "open" not in read(room.says(EDITOR, "drafts"))
    done = [(one.act, one.item, one.after, one.audience) for one in room.audit() if one.outcome == "done"]
    assert done[-1] == ("report close", "report-1", "closed", "discord/1")


def test_what_is_sent_twice_is_kept_once(room: Room) -> None:
    """The same person, answer and text; also where it was closed meanwhile."""
    for says in ("It was April.", " It was   April.\r\n", "It was May."):
        sends(room, READER, "report on status", says)
    assert "kept already: report 1, which is open" in read(
        sends(room, READER, "report on status", "It was April.")
    )
    sends(room, READER, f"report on fact {DELAYED}", "It was April.")
    sends(room, person("500"), "report on status", "It was April.")
    sends(room, person("400", on="slack"), "report on status", "It was April.")
    assert [row.number for row in kept(room)] == [1, 2, 3, 4, 5]
    room.says(EDITOR, "report close 1 No, March.")
    again = read(sends(room, READER, "report on status", "It was April."))
    assert "report 1, closed on 1 August 2022: No, March." in again
    assert len(kept(room)) == 5


def test_one_person_has_at_most_ten_open(room: Room) -> None:
    """A clear word, nothing kept; one that is closed makes room, and others are not held up."""
    for number in range(11):
        told = room.says(READER, f"report Number {number} is wrong")
    assert told.abstained
    assert "10 of your reports are open" in read(told)
    assert len(kept(room)) == 10
    # Anybody may try again and again: the audit, which keeps all, is not filled by that.
    assert [one.item for one in room.audit()] == [f"report-{number}" for number in range(1, 11)]
    assert not room.says(person("500"), "report It is wrong").abstained
    room.says(EDITOR, "report close 3")
    assert not room.says(READER, "report Number 10 is wrong").abstained


@pytest.mark.parametrize("says", ["", " \n\u200b\u202e ", "x" * 2001, "é" * 40_000, "x" * 10_000_000])
def test_what_is_empty_or_too_long_is_not_kept(room: Room, says: str) -> None:
    """By its form and as an option of a slash command; the form stays open with a word why."""
    typed = room.desk.commands[[one.name for one in room.desk.commands].index("report")]
    for reply in (
        sends(room, READER, "report", says),
        room.desk.answer_values(typed, {"text": says}, "/bridge", NOW, READER),
    ):
        assert reply.abstained
        assert reply.private
        assert len(read(reply)) < 1000
    assert kept(room) == []


@pytest.mark.parametrize("token", TOKENS, ids=ascii)
def test_hostile_words_stay_words(room: Room, token: str) -> None:
    """In the text and in a name: nothing pings, links, or steers a screen where editors read it."""
    who = READER._replace(name=f"{token} name")
    sends(room, who, "report on status", f"It {token[:1900]} stands.")
    room.says(EDITOR, f"report close 1 {token[:300]}")
    (row,) = kept(room)
    assert all(one.isprintable() or one == "\n" for one in row.says + row.name + row.outcome)
    for reply in (
        room.says(EDITOR, "reports"),
        room.says(EDITOR, "reports 1"),
        room.says(who, "report mine"),
    ):
        for embeds in (True, False):
            made = message(reply, "bridge", 1, embeds=embeds)
            embed = made.embed or {}
            for text in (made.content, str(embed.get("title", "")), str(embed.get("description", ""))):
                assert not _LOUD.search(text), text
                assert all(one.isprintable() or one in "\n\u200b" for one in text), ascii(text)


def test_a_fact_that_is_gone_is_said_to_be(room: Room) -> None:
    """A report outlives what it is about."""
    room.published(EDITOR, "add", source("2022-07-01-towns", fact("two", "Two towns met.")))
    sends(room, READER, "report on fact 2022-07-01-towns#two", "There were three.")
    room.published(EDITOR, "retract 2022-07-01-towns because It was a mistake")
    seen = room.says(EDITOR, "reports 1")
    assert "There were three." in read(seen)
    assert "1 fact of it cannot be seen here now" in read(seen)
    assert button(seen, "Correct") == "correct 2022-07-01-towns#two"
