"""Questions that are worded as claims."""

import pytest

from bot.answer.asking.reading.kinds import bare


@pytest.mark.parametrize(
    ("claim", "question"),
    [
        ("the bridge was closed, wasn't it?", "was the bridge closed"),
        ("so the mayor resigned, right?", "did the mayor resigned"),
        ("the club left the league?", "did the club left the league"),
        ("The ferry still runs?", "is The ferry still runs"),
        ("I heard that Ann sold the mill, is that true?", "did Ann sold the mill"),
        ("isn't it true that Ann sold the mill?", "did Ann sold the mill"),
        ("was the bridge closed? I lost track", "was the bridge closed"),
    ],
)
def test_what_is_to_be_confirmed_is_asked_by_yes_or_no(claim: str, question: str) -> None:
    """By its tag, by what stands before it, or by its question mark."""
    assert bare(claim) == question


@pytest.mark.parametrize(
    "text",
    [
        "when was it",
        "landing site of the probe?",
        "the suspended cooperation?",
        "as of May, was the bridge open?",
        "why wasn't the bridge open?",
        "the mayor resigned",
    ],
)
def test_what_is_no_claim_stays_as_it_is(text: str) -> None:
    """A question asks already, and a part of one claims nothing."""
    assert bare(text) == text.rstrip("?")
