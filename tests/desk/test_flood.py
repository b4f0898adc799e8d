"""How much one person and one server are answered in a minute, and what they hear beyond it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.desk import flood as module
from bot.desk.flood import ADMITTED, SILENCE, Flood, reply_to

TITLE = "The ferry"


def admitted(flood: Flood, person: str, server: str, moments: "list[float] | range") -> int:
    """How many requests at these moments are answered."""
    return sum(flood.admit(person, server, float(moment)).admitted for moment in moments)


@pytest.mark.parametrize(
    ("per_minute", "at_once"), [(30, 10), (600, 200), (1, 5), (100_000, 33_333)], ids=str
)
def test_a_third_of_a_minutes_allowance_may_come_at_once(per_minute: int, at_once: int) -> None:
    """And never fewer than five: whoever reads a story presses some buttons in a row."""
    flood = Flood(per_minute, 0)
    assert admitted(flood, "a", "", [0.0] * (at_once + 50)) == at_once


def test_who_asks_no_more_than_the_allowance_is_always_answered() -> None:
    """Thirty a minute, evenly, for an hour."""
    flood = Flood(30, 0)
    assert admitted(flood, "a", "s", range(0, 3600, 2)) == 1800


def test_a_refusal_is_told_once_and_then_there_is_silence() -> None:
    """Until the time is over that was named; then it is answered again, and refused in words again."""
    flood = Flood(30, 0)
    admitted(flood, "a", "", [0.0] * 10)
    first = flood.admit("a", "", 0.0)
    told = reply_to(first, TITLE)
    assert told is not None
    assert told is not SILENCE
    (line,) = told.sections[0].lines
    assert "You have asked very much" in line.text
    assert "Wait 7 seconds" in line.text
    assert (told.title, told.private, told.abstained) == (TITLE, True, True)
    for moment in (0.0, 1.0, 3.0, 6.0):
        assert reply_to(flood.admit("a", "", moment), TITLE) is SILENCE
    again = [flood.admit("a", "", 7.0) for _ in range(10)]
    assert again[0] == ADMITTED
    assert reply_to(again[0], TITLE) is None
    words = [one for verdict in again if (one := reply_to(verdict, TITLE)) not in (None, SILENCE)]
    assert len(words) == 1


def test_somebody_who_never_stops_hears_a_word_every_few_seconds_at_most() -> None:
    """Ten requests a second for a minute: the bot says less than the allowance, refusals included."""
    flood = Flood(30, 600)
    verdicts = [flood.admit("a", "s", number / 10) for number in range(600)]
    said = [one for one in (reply_to(verdict, TITLE) for verdict in verdicts) if one is not SILENCE]
    assert sum(verdict.admitted for verdict in verdicts) <= 40
    assert len(said) <= 50


def test_one_person_does_not_use_up_what_others_have() -> None:
    """Beside somebody who floods, everybody else on the server is answered."""
    flood = Flood(30, 600)
    for moment in range(60):
        admitted(flood, "loud", "s", [float(moment)] * 50)
        assert flood.admit(f"quiet {moment % 10}", "s", float(moment)).admitted


def test_a_server_has_an_allowance_of_its_own() -> None:
    """Many who each ask little are held as one; another server, and a direct message, are not touched."""
    flood = Flood(30, 60)
    verdicts = [flood.admit(f"person {number}", "s", 0.0) for number in range(30)]
    assert sum(verdict.admitted for verdict in verdicts) == 20
    told = [reply_to(verdict, TITLE) for verdict in verdicts[20:]]
    assert told[0] is not None
    assert "This server has asked very much" in told[0].sections[0].lines[0].text
    assert told[1:] == [SILENCE] * 9
    on_slack = reply_to(verdicts[20], TITLE, "workspace")
    assert on_slack is not None
    assert "This workspace has asked very much" in on_slack.sections[0].lines[0].text
    assert flood.admit("person 1", "other", 0.0).admitted
    assert flood.admit("person 2", "", 0.0).admitted
    # What the server was refused has cost nobody their own.
    assert admitted(flood, "person 29", "", [0.0] * 20) == 10


@pytest.mark.parametrize("limits", [(0, 0), (0, 60), (30, 0)])
def test_no_limit_is_none(limits: tuple[int, int]) -> None:
    """0 sets no limit, for persons and for servers each."""
    person, server = limits
    flood = Flood(person, server)
    assert admitted(flood, "a" if not person else "", "s" if not server else "", [0.0] * 5000) == 5000


def test_who_was_quiet_is_forgotten() -> None:
    """Only those of the last seconds are remembered, and they are forgotten without being asked for."""
    flood = Flood(30, 600)
    for number in range(50_000):
        flood.admit(f"person {number}", f"server {number}", number / 100)
    assert flood.remembered < 2 * 2200


def test_many_at_one_moment_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number the longest unheard of are forgotten, whatever the clock says."""
    monkeypatch.setattr(module, "MOST", 100)
    flood = Flood(30, 600)
    for number in range(10_000):
        flood.admit(f"person {number}", "s", 0.0)
    assert flood.remembered <= 100 + 1


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    """Nothing is filled by it, and nothing breaks."""
    flood = Flood(30, 0)
    admitted(flood, "a", "", [100.0] * 10)
    assert not flood.admit("a", "", 50.0).admitted


@given(
    some.lists(some.tuples(some.sampled_from("abc"), some.floats(0, 5)), max_size=300), some.integers(1, 200)
)
def test_nobody_gets_more_than_the_allowance(steps: "list[tuple[str, float]]", per_minute: int) -> None:
    """However the requests are spread: what came at once at first, and then by the minute."""
    flood, now, answered = Flood(per_minute, 0), 0.0, dict.fromkeys("abc", 0)
    for person, pause in steps:
        now += pause
        verdict = flood.admit(person, "s", now)
        answered[person] += verdict.admitted
        assert verdict.admitted == (verdict.wait == 0)
    most = max(per_minute / 3, 5) + now * per_minute / 60
    assert max(answered.values()) <= most + 1e-6
