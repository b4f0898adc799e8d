"""`compare`: the story as known on two days, each from its own horizon, and what changed between them."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.command.asker import Asker, Place
from bot.desk.desk import Desk
from bot.render.terminal import text
from bot.reply import Line, Reply
from bot.store.store import Store
from tests.answer.desks import desk_about
from tests.servers import HERE, HERES, own
from tests.stories import NOW, PLAN, SCENE, STORY, STRIKE, briefing, fact, source

OPENED = "2022-06-02-opened"
FILES: Mapping[str, str] = {
    **SCENE,
    f"corpus/{OPENED}.md": source(
        OPENED,
        fact(
            "opened",
            "The bridge opened.",
            date="2022-06-02",
            supersedes=[f"{STRIKE}#delayed", f"{PLAN}#opens-in-may"],
            disputes=[f"{STRIKE}#strike"],
        ),
        fact("lamps", "Alton pays for the lamps.", date="2022-06-01", supersedes=[f"{PLAN}#who-pays"]),
        fact("toll", "A toll is planned.", date="2022-07", kind="plan"),
        fact("name", "The bridge may be renamed.", date="2024", kind="plan"),
        fact("red", "The ribbon was red.", kind="background"),
    ),
    f"briefings/{OPENED}.md": briefing(
        OPENED, f"It opened [@{OPENED}#opened].", state="The bridge is open.", phase="open"
    ),
}


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_about(tmp_path, FILES) as made:
        yield made


def ask(desk: Desk, typed: str, server: str = "1") -> Reply:
    """The reply to a line, typed on a server."""
    who = Asker("discord", server, "400", Place("discord", server, "11", "#news", "text"))
    return desk.answer(typed, "!bridge", NOW, who)


def lines(reply: Reply, title: str) -> tuple[Line, ...]:
    """The lines of the section whose title begins so; none where there is none."""
    return next((section.lines for section in reply.sections if section.title.startswith(title)), ())


def slugs(reply: Reply, title: str) -> list[str]:
    """What these lines tell, by the first fact of each."""
    return [line.cites[0].partition("#")[2] for line in lines(reply, title)]


def test_both_states_come_first_with_the_days_of_their_briefings(desk: Desk) -> None:
    """As known on each day."""
    reply = ask(desk, "compare 2022-03-10 2022-06-30")
    early, late = (lines(reply, f"As known on {day}")[0] for day in ("10 March 2022", "30 June 2022"))
    assert (early.text, early.note) == (
        "A strike holds up the bridge.",
        "So the briefing of 5 March 2022.",
    )
    assert (late.text, late.note) == ("The bridge is open.", "So the briefing of 2 June 2022.")
    assert reply.title == "The bridge: 10 March 2022 and 30 June 2022"
    assert (reply.as_of, reply.abstained) == (date(2022, 6, 30), False)
    assert "Built only from what was published by 30 June 2022." in reply.notes


def test_what_was_overturned_settled_disputed_and_what_is_new(desk: Desk) -> None:
    """Each change once, with what is known now, both facts and why."""
    reply = ask(desk, "compare 2022-03-10 2022-06-30")
    assert slugs(reply, "What was open, and is settled") == ["who-pays"]
    settled = lines(reply, "What was open, and is settled")[0]
    assert settled.cites == (f"{PLAN}#who-pays", f"{OPENED}#lamps")
    assert settled.note == "Now, 1 June 2022: Alton pays for the lamps. It came later."
    assert slugs(reply, "What was overturned") == ["delayed", "opens-in-may"]
    first, second = lines(reply, "What was overturned")
    assert first.note == "Now, 2 June 2022: The bridge opened. It came later."
    assert second.note == "It came later."  # what is known now was told just before
    assert slugs(reply, "What became known: the most telling of 5") == ["name", "toll", "red"]
    assert slugs(reply, "What was disputed") == ["opened"]
    assert lines(reply, "What was disputed")[0].note.startswith("Against: The builders went on strike.")


def test_what_is_open_on_both_days(desk: Desk) -> None:
    """A question without an answer; and a plan whose day has passed without a word is said to be that."""
    reply = ask(desk, "compare 2022-02-01 2022-03-10")
    assert slugs(reply, "What was open, and still is") == ["who-pays"]
    reply = ask(desk, "compare 2022-06-10 2022-08-01")
    assert slugs(reply, "What was open, and still is") == ["name", "toll"]
    notes = [line.note for line in lines(reply, "What was open, and still is")]
    assert notes == ["", "Its day has passed, and nothing known by then tells what came of it."]
    assert "No fact became known between the two days." in reply.notes
    assert reply.sections[0].title == "As known on both days"


def test_the_order_of_the_days_does_not_matter(desk: Desk) -> None:
    """Nor how they are typed."""
    first = ask(desk, "compare 2022-03-10 2022-06-30")
    for typed in (
        "compare 2022-06-30 2022-03-10",
        "compare 10 march 2022 and 30 june 2022",
        "compare from 10 march to june",
        "compare june with 10 march",
        "compare between 10 march and june",
    ):
        assert ask(desk, typed).sections == first.sections, typed


@pytest.mark.parametrize(
    ("early", "late", "after"),
    [("2021-01-01", "2022-01-31", ("strike", OPENED)), ("2022-01-31", "2022-03-31", (OPENED,))],
)
def test_nothing_is_told_of_what_came_after_the_later_day(
    tmp_path: Path, early: str, late: str, after: tuple[str, ...]
) -> None:
    """The answer is the same without the files that came later."""
    then = {name: one for name, one in FILES.items() if not any(some in name for some in after)}
    typed = f"compare {early} {late}"
    with desk_about(tmp_path / "full", FILES) as desk, desk_about(tmp_path / "cut", then) as another:
        full, cut = ask(desk, typed), ask(another, typed)
    assert (full.title, full.sections, full.notes) == (cut.title, cut.sections, cut.notes)
    assert f"since {late}" in [action.words for action in full.actions]
    assert f"since {late}" not in [action.words for action in cut.actions]


def test_days_on_which_nothing_was_known(desk: Desk) -> None:
    """On the one, it says so; on both, there is nothing to tell."""
    reply = ask(desk, "compare 2021 2022-01-31")
    assert "Nothing was known yet" in lines(reply, "As known on 31 December 2021")[0].text
    assert slugs(reply, "What became known") == ["opens-in-may", "who-pays", "two-towns"]
    # What was overturned without ever having been known by then is no change.
    assert not lines(ask(desk, "compare 2021 2022-06-30"), "What was overturned")
    none = ask(desk, "compare 2020 2021")
    assert none.abstained
    assert "Nothing was known yet on either day" in text(none)
    assert none.notes == (
        "2020 is taken as of its last day, 31 December 2020.",
        "2021 is taken as of its last day, 31 December 2021.",
    )
    assert not any("taken as of" in note for note in ask(desk, "compare 2020-01-01 2021-01-01").notes)
    assert "compare needs TO: a second day." in text(ask(desk, "compare 2020-01-01"))


def test_the_same_day_twice_and_one_that_is_still_to_come(desk: Desk) -> None:
    """A clear word, with a way on."""
    twice = ask(desk, "compare 2022-03-05 5 march 2022")
    assert "the same day twice, 5 March 2022" in text(twice)
    assert [action.words for action in twice.actions] == ["status 2022-03-05", "since 2022-03-05"]
    assert "1 January 2030 is still to come." in ask(desk, "compare 2022-03-05 2030-01-01").notes


def test_what_was_corrected_or_retracted_is_told_as_it_was_told_then(tmp_path: Path) -> None:
    """Before the day of a retraction it counts, and is said to be retracted since; then it does not."""
    front = 'retracted: {on: 2022-07-01, because: "The Post took it back."}\n'
    files = dict(FILES)
    for name, key in ((f"corpus/{OPENED}.md", "facts:"), (f"briefings/{OPENED}.md", "phase:")):
        files[name] = files[name].replace(key, f"{front}{key}", 1)
    with desk_about(tmp_path, files) as desk:
        before = ask(desk, "compare 2022-03-10 2022-06-30")
        after = ask(desk, "compare 2022-03-10 2022-07-31")
    assert "Retracted since, on 1 July 2022" in lines(before, "As known on 30 June 2022")[0].note
    assert slugs(before, "What was overturned") == ["delayed", "opens-in-may"]
    assert "Retracted since" in lines(before, "What became known")[0].note
    assert lines(after, "As known on both days")[0].text == "A strike holds up the bridge."
    assert slugs(after, "What was open, and still is") == ["who-pays"]
    assert not any(OPENED in cite for cite in after.cites)


def test_what_is_of_another_server_changes_nothing(tmp_path: Path) -> None:
    """Neither what it overturns nor how much there is."""
    typed = "compare 2022-03-10 2022-06-30"
    theirs = {**FILES, **own(HERE, HERES)}
    with desk_about(tmp_path / "full", theirs) as full, desk_about(tmp_path / "bare", FILES) as bare:
        assert HERES in text(ask(full, typed, "1"))
        assert ask(full, typed, "2") == ask(bare, typed, "2")


def test_where_nothing_is_loaded_it_says_so(tmp_path: Path) -> None:
    """As every answer does."""
    store = Store(str(tmp_path / "state.db"))
    assert ask(Desk(store, STORY), "compare 2022 2023").abstained
    store.close()
