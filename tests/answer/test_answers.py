"""`timeline`, `briefings`, `briefing`, `sources`, `source`, `fact`, `search`, `help` and `about`."""

import re

import pytest

from bot.command.addressed import addressed
from bot.desk.desk import Desk
from bot.desk.table import COMMANDS
from bot.render.terminal import text
from bot.reply import Line, Reply
from tests import ferry


@pytest.fixture(name="desk", scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return ferry.desk(tmp_path_factory.mktemp("ferry"))


def ask(desk: Desk, typed: str) -> Reply:
    """Types a line."""
    return desk.answer(typed, "!ferry", ferry.NOW)


def lines(reply: Reply, title: str = "") -> list[Line]:
    """The lines of the sections with this title."""
    return [line for section in reply.sections if section.title == title for line in section.lines]


def test_a_timeline_is_in_the_order_of_the_calendar(desk: Desk) -> None:
    """Dated facts, oldest first, each with its citation; undated ones and standing background stay out."""
    shown = lines(ask(desk, "timeline"))
    assert [line.cites[0].partition("#")[2] for line in shown] == [
        "agreement", "strike", "delayed", "start-may", "left", "blame",
    ]  # fmt: skip
    assert all(line.refs for line in shown)


def test_uncertain_dates_look_uncertain(desk: Desk) -> None:
    """A year, a month and an interval are worded so that nobody takes them for a day."""
    when = {line.cites[0].partition("#")[2]: line.when for line in lines(ask(desk, "timeline"))}
    assert when["agreement"] == "in 2018"
    assert when["start-may"] == "in May 2019"
    assert when["delayed"] == "between 1 and 5 March 2019"
    assert when["left"] == "19 June 2019"


def test_a_timeline_shows_what_was_overturned(desk: Desk) -> None:
    """A fact that another has overturned says so, and cites that other."""
    start = next(line for line in lines(ask(desk, "timeline")) if line.cites[0].endswith("#start-may"))
    assert start.note == "Since overturned: The start in May was given up."
    assert start.cites[1] == "2019-03-strike#delayed"


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("timeline 2019-03 2019-05", ["strike", "delayed", "start-may"]),
        ("timeline to 2018", ["agreement"]),
        ("timeline since june", ["left", "blame"]),
        ("timeline strike", ["strike", "blame"]),
        ("timeline june may 2019", ["start-may", "left", "blame"]),
        ("timeline 2019-03-03 2019-03-03", ["delayed"]),
    ],
    ids=["both ends", "to", "since", "tag", "the wrong way round", "a day within an interval"],
)
def test_a_timeline_can_be_narrowed(desk: Desk, typed: str, slugs: list[str]) -> None:
    """FROM, TO and TAG leave what overlaps them."""
    assert [line.cites[0].partition("#")[2] for line in lines(ask(desk, typed))] == slugs


def test_an_empty_stretch_of_time_is_said_to_be_empty(desk: Desk) -> None:
    """Where nothing happened the timeline abstains, and says for which time."""
    reply = ask(desk, "timeline 2015 2016")
    assert reply.abstained
    assert "no dated event, statement or plan from 1 January 2015 to 31 December 2016" in text(reply)


def test_a_speaker_who_is_not_in_the_sentence_is_put_in_front(desk: Desk) -> None:
    """A statement is attributed, also where its sentence leaves its speaker out."""
    blame = next(line for line in lines(ask(desk, "timeline")) if line.cites[0].endswith("#blame"))
    assert blame.text == "Ada Penn: The strikers were not to blame."
    delayed = next(line for line in lines(ask(desk, "timeline")) if line.cites[0].endswith("#delayed"))
    assert delayed.text.startswith("Mayor Ada Penn said")


def test_briefings_are_what_was_known_when(desk: Desk) -> None:
    """Each briefing in a line with its day, and a button for the state of each day."""
    reply = ask(desk, "briefings")
    assert [line.label for line in lines(reply)] == list(ferry.BRIEFINGS)
    assert [action.words for action in reply.actions] == [
        "status 2019-01-10", "status 2019-03-05", "status 2019-06-20",
    ]  # fmt: skip


def test_a_briefing_is_shown_sentence_by_sentence(desk: Desk) -> None:
    """The text keeps its paragraphs, and each sentence its sources."""
    reply = ask(desk, "briefing 2019-03-05-strike")
    flowing = [section for section in reply.sections if section.flowing]
    assert [len(section.lines) for section in flowing] == [1, 1]
    assert flowing[1].lines[0].cites == ("2019-03-strike#delayed", "2019-01-10-plan#start-may")
    assert "[@" not in text(reply)


def test_a_briefing_tells_nothing_of_what_came_later(desk: Desk) -> None:
    """What came later stands behind a button, not in the text of the day nor in its small print."""
    reply = ask(desk, "briefing 2019-01-10-start")
    assert "overturned" not in text(reply)
    assert "since 2019-01-10" in [action.words for action in reply.actions]


def test_a_timeline_as_known_on_a_day_leaks_nothing_later(desk: Desk) -> None:
    """Neither later facts nor what they overturned show in it."""
    reply = ask(desk, "timeline known 2019-03-10")
    assert [line.cites[0].partition("#")[2] for line in lines(reply)] == [
        "agreement", "strike", "delayed", "start-may",
    ]  # fmt: skip
    assert "2019-06-20-end" not in reply.sources
    assert str(reply.as_of) == "2019-03-10"
    early = ask(desk, "timeline known 2019-01-10")
    assert "overturned" not in text(early)


def test_without_an_id_the_newest_briefing_is_shown(desk: Desk) -> None:
    """`briefing` alone is the newest, with a way to the one before."""
    reply = ask(desk, "briefing")
    assert reply.title == "Alton leaves"
    assert reply.actions[0].words == "briefing 2019-03-05-strike"


def test_a_source_without_a_name_says_so(desk: Desk) -> None:
    """An outlet or address that is not known is said not to be, in lists and in full."""
    listed = text(ask(desk, "sources"))
    assert "outlet not named" in listed
    full = text(ask(desk, "source 2019-03-strike"))
    assert "the outlet is not named" in full
    assert "Its address is not known." in full
    assert "The strike began on a Friday" in full
    assert "undated: Nobody would say" in full


def test_a_fact_shows_both_directions_of_what_stands_against_it(desk: Desk) -> None:
    """Overturned by, overturns, disputed by, disputes; and where it is cited."""
    delayed = ask(desk, "fact 2019-03-strike#delayed")
    assert [line.label for line in lines(delayed, "Overturned by")] == ["2019-06-20-end#left"]
    assert [line.label for line in lines(delayed, "It overturns")] == ["2019-01-10-plan#start-may"]
    assert [line.label for line in lines(delayed, "Cited in")] == ["2019-03-05-strike"]
    strike = ask(desk, "fact strike")
    assert [line.label for line in lines(strike, "Disputed by")] == ["2019-06-20-end#blame"]
    blame = ask(desk, "fact #blame")
    assert [line.label for line in lines(blame, "It disputes")] == ["2019-03-strike#strike"]


def test_a_search_marks_the_words_it_found(desk: Desk) -> None:
    """The hits show where the words are, in any form of theirs."""
    found = lines(ask(desk, "search striking"), "Facts")
    assert found
    for line in found:
        assert line.marks
        for start, end in line.marks:
            assert line.text[start:end].lower().startswith("strik")


def test_a_misspelt_search_says_what_it_looked_for(desk: Desk) -> None:
    """A word that stands nowhere is replaced by the nearest that does, and that is said."""
    reply = ask(desk, "search agrement")
    assert "“agrement” stands nowhere; looked for “agreement”." in reply.notes
    assert lines(reply, "Facts")


def test_a_search_that_finds_nothing_abstains(desk: Desk) -> None:
    """Nothing found is said to be nothing."""
    reply = ask(desk, "search zeppelin quartz")
    assert reply.abstained
    assert "does not have" in text(reply)


def test_help_lists_every_command_and_tells_about_each(desk: Desk) -> None:
    """`help` has a line for every entry of the table, and a page for each."""
    listed = text(ask(desk, "help"))
    for command in COMMANDS:
        if command.group:
            assert f"!ferry help {command.group}" in listed
            assert f"!ferry {command.name}" in text(ask(desk, f"help {command.group}"))
        elif command.access == "everyone":
            assert f"!ferry {command.usage}" in listed
        else:
            assert re.search(rf"For editors: .*\b{command.name}\b", listed)
        page = text(ask(desk, f"help {command.name}"))
        assert f"!ferry {command.usage}" in page
        assert all(param.help in page for param in command.params)
    assert "There is no command “fly”" in text(ask(desk, "help fly"))


def test_about_counts_what_is_held(desk: Desk) -> None:
    """`about` says how much there is, and from when to when."""
    told = text(ask(desk, "about"))
    assert "3 sources, 8 facts, 4 briefings, published from 10 January 2019 to 20 June 2019" in told


def test_a_long_search_can_be_asked_again_from_a_button(desk: Desk) -> None:
    """What is looked for is cut to what a button can carry, and what was left out is said."""
    reply = ask(desk, "search " + " ".join(f"word{number}strike" for number in range(20)))
    assert len(reply.words) <= 80
    assert any("Not looked for" in note for note in reply.notes)
    assert ask(desk, reply.words).sections == ask(desk, ask(desk, reply.words).words).sections


@pytest.mark.parametrize(
    ("typed", "direct", "found"),
    [
        ("!ferry status", False, ("ferry", "status")),
        ("  !FERRY", False, ("ferry", "")),
        ("<@5> status", False, ("ferry", "status")),
        ("hey <@5>, status please", False, ("ferry", "status please")),
        ("<@5> !ferry status", False, ("ferry", "status")),
        ("<@5> other status", False, ("other", "status")),
        ("status", True, ("ferry", "status")),
        ("!status", True, ("ferry", "status")),
        ("other status", True, ("other", "status")),
        ("ferry status", False, None),
        ("!ferrystatus", False, None),
        ("what is !ferry?", False, None),
        ("", False, None),
    ],
)
def test_a_line_is_for_the_bot_or_not(typed: str, direct: bool, found: tuple[str, str] | None) -> None:
    """A story's word, the bot's name anywhere, or a direct message; everything else is talk."""
    assert addressed(typed, ["ferry", "other"], names=["<@5>", "<@!5>"], direct=direct) == found
