"""Answers that are kept for many: each platform has its own, though all of them ask one desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.command.asker import Asker
from bot.desk.desk import Desk
from bot.edge.answering import Answers, Caller
from bot.render.terminal import text
from tests import ferry
from tests.desk.people import PLATFORMS, an_asker

pytestmark = pytest.mark.asyncio


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[Desk]:
    made = ferry.desk(tmp_path)
    yield made
    made._store.close()


def caller(asker: Asker, sign: str = "!") -> Caller:
    """Somebody of whom all is known."""

    async def in_full() -> Asker:
        return asker

    return Caller(asker, in_full, sign=sign)


async def test_each_platform_reads_its_own_words(desk: Desk) -> None:
    """What is kept of one platform's answers is not shown on another, whichever asks first."""
    answers = {one: Answers({"ferry": desk}, prefix=True) for one in PLATFORMS}
    try:
        for _ in range(2):  # made, then kept
            for platform, word, other in (
                ("slack", "workspace", "server"),
                ("discord", "server", "workspace"),
            ):
                asker = an_asker("here", platform)
                said = text(await answers[platform].to_words("ferry", "help digest list", caller(asker)))
                assert f"of this {word}" in said
                assert other not in said
    finally:
        for one in answers.values():
            one.close()


async def test_each_platform_says_how_it_is_called(desk: Desk) -> None:
    """Where messages are not read on one platform, only its readers are told to use a slash."""
    typing, calling = Answers({"ferry": desk}, prefix=True), Answers({"ferry": desk}, prefix=False)
    try:
        who = caller(an_asker())
        for _ in range(2):
            assert "!ferry help" in text(await typing.to_words("ferry", "about", who))
            assert "/ferry help" in text(await calling.to_words("ferry", "about", who))
            # Where both are heard, by how it was asked.
            called = caller(an_asker(), "/")
            assert "/ferry help" in text(await typing.to_words("ferry", "about", called))
    finally:
        typing.close()
        calling.close()


async def test_an_answer_is_kept_for_all_of_one_platform(desk: Desk) -> None:
    """The second who asks the same gets the very same answer, wherever they ask."""
    answers = Answers({"ferry": desk}, prefix=True)
    try:
        first = await answers.to_words("ferry", "status", caller(an_asker("here")))
        assert await answers.to_words("ferry", "status", caller(an_asker("elsewhere"))) is first
    finally:
        answers.close()
