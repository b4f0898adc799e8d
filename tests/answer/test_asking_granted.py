"""What a question takes for granted has to be told: who did it, that it came, and of which part."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.command.asker import Asker, Place
from bot.edge.parts import Parts
from tests.another import both_stories

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLACE = Place("discord", "1", "2", "#talk", "text")
ASKER = Asker("discord", "1", "reader", PLACE)


@pytest.fixture(name="parts", scope="module")
def _parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with both_stories(tmp_path_factory.mktemp("two")) as parts:
        yield parts


@pytest.mark.parametrize(
    ("question", "declined"),
    [
        ("why did Roscosmos call off ExoMars", True),  # another did
        ("why did ESA call off ExoMars", False),
        ("why did Rogozin thank ESA for the termination", True),
        ("when did ESA resume cooperation with Roscosmos", True),  # the contrary is told
        ("when was Euclid finally launched", True),  # that was called off
        ("when did the Trace Gas Orbiter stop working", True),  # only the whole was stopped
        ("when was the orbiter launched", False),
        ("on which day of September 2022 did the rover take off", True),
        ("who is going to build the new lander", True),  # only the old one is told
        ("who made the landing platform", False),
        ("what did the cosmonauts reply to Rogozin's order", True),
        ("where was Aschbacher when he announced the end", True),
        ("how long did the talks in June last", True),
        ("in which year did the Europeans and the Russians sign their contract", False),
    ],
)
def test_what_is_taken_for_granted_has_to_be_told(parts: Parts, question: str, declined: bool) -> None:
    """A false premise is declined, and a true one is not."""
    reply = parts.desk("exomars").answer(f"ask {question}", "!exomars", NOW, ASKER)
    assert reply.abstained == declined
