"""Answers that are kept for many: each platform has its own, though all of them ask one desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.command.asker import OPERATOR, Asker
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


async def test_completions_have_an_allowance_far_above_what_typing_needs(desk: Desk) -> None:
    """Ten a second for a quarter of a minute are completed; a flood is not, and others still are."""
    answers = Answers({"ferry": desk}, prefix=True)
    (command,) = [one for one in desk.commands if one.name == "briefing"]
    who, other = caller(an_asker("here")), caller(an_asker("elsewhere")._replace(user="9"))

    async def offered(one: Caller) -> bool:
        return bool(await answers.choices("ferry", command, command.params[0], "", one))

    try:
        assert all([await offered(who) for _ in range(150)])
        assert not all([await offered(who) for _ in range(200)])
        assert not await offered(who)
        assert await offered(other)
        assert text(await answers.to_words("ferry", "status", who))
    finally:
        answers.close()


async def test_a_server_has_one_for_all_of_its_people(desk: Desk) -> None:
    """However many they are; whoever sits at the terminal has none."""
    asker = an_asker("here")
    done = [desk.completes(asker._replace(user=str(number)), 0.0) for number in range(5000)]
    assert done.count(True) == 3000
    assert desk.completes(asker._replace(server="another", user="1"), 60.0)
    assert all(desk.completes(OPERATOR, 0.0) for _ in range(5000))
