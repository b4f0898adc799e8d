"""How alike a question and a fact are written."""

import os
import subprocess
import sys

import pytest

from bot.answer.asking.language.likeness import likeness

FACTS = (
    "The council cancelled the bridge in May.",
    "The council opened the new library in June.",
    "The mayor praised the council for the library.",
)


def most_alike(asked: str) -> str:
    """The fact that is written most like a question."""
    alike = likeness(FACTS)
    return max(FACTS, key=lambda says: alike(asked, says))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("what about the cancellation of the bridge", FACTS[0]),  # other words of one family
        ("who openned teh librery", FACTS[1]),  # misspelt
        ("praise for the council", FACTS[2]),
    ],
)
def test_words_of_one_family_and_misspelt_ones_are_alike(asked: str, says: str) -> None:
    """What no list of words joins is found all the same."""
    assert most_alike(asked) == says


def test_the_same_is_wholly_alike_and_what_shares_nothing_not_at_all() -> None:
    """From 0 to 1, in whatever case."""
    alike = likeness(FACTS)
    assert alike(FACTS[0].upper(), FACTS[0]) == pytest.approx(1)
    assert alike("xyz", FACTS[0]) == 0
    assert alike("", FACTS[0]) == 0


def test_what_stands_in_every_fact_makes_less_alike_than_what_stands_in_one() -> None:
    """What is rare counts."""
    alike = likeness(FACTS)
    assert alike("the council", FACTS[0]) < alike("the bridge", FACTS[0])


def test_no_facts_are_like_nothing() -> None:
    """An empty story divides nothing by nothing."""
    assert likeness([])("the bridge", "") == 0


def test_it_is_the_same_in_every_process() -> None:
    """To the last digit: of two facts that are as alike, always the same one comes first."""
    code = (
        "from bot.answer.asking.language.likeness import likeness\n"
        f"facts = {FACTS!r}\n"
        "print([likeness(facts)(one, other) for one in facts for other in facts])"
    )
    seeds = ("1", "2", "3", "4")
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in seeds
    }
    assert len(found) == 1
