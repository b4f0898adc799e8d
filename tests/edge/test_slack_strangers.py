"""Who sees what is a workspace's own on a local Slack, and how Slack is asked about people."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio

from bot.config import Slack
from bot.desk.desk import Desk
from bot.edge.slack.listening import askers
from bot.edge.slack.web import close_web, new_web
from bot.store.store import Store
from tests.doubles.slack import Fault, SlackDouble, User
from tests.edge.slack_edges import connected, stranger, whispered
from tests.edge.test_slack_askers import Looking, Scene
from tests.stories import STORY, StoryFolder, source

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture(name="it")
async def _it(folder: StoryFolder, store: Store) -> AsyncIterator[Scene]:
    """A workspace that has something of its own."""
    async with SlackDouble() as slack:
        audience = f"slack/{slack.team.id}"
        folder.write("corpus/2022-02-02-own.md", source("2022-02-02-own", audience=audience))
        folder.sync(store)
        bea, news = slack.add_user("bea"), slack.add_channel("news")
        looking = Looking()
        async with connected(slack, Desk(store, STORY, looking.commands)):
            yield Scene(slack, news, bea, looking, [])
        assert slack.violations == []


async def called(it: Scene, words: str, author: User) -> str:
    """The server that somebody is on who calls a command, which does not tell whose member they are."""
    made = await it.slack.slash(it.news, words, author, command="/bridge")
    await made.answered()
    return it.looking.askers[-1].server


async def test_who_calls_a_command_is_a_member_or_not(it: Scene) -> None:
    """A stranger sees what is for everyone: whose member they are is asked, once in a while."""
    with stranger(it.slack, it.news) as cem:
        for words in ("ask", "ask again", "looking here"):
            assert await called(it, words, cem) == "T0ELSEWHERE"
    assert await called(it, "ask", it.bea) == it.slack.team.id
    assert it.requested().count("users.info") == 2


@pytest.mark.parametrize("fault", [Fault.status(503), Fault.error("user_not_found")], ids=["503", "no"])
async def test_who_is_not_known_sees_what_is_for_everyone(it: Scene, fault: Fault) -> None:
    """Where Slack does not tell whose member somebody is, they are nobody's; later they are."""
    it.slack.fail("users.info", fault)
    assert await called(it, "ask", it.bea) == askers.UNKNOWN
    assert await called(it, "ask then", it.bea) == it.slack.team.id


async def test_an_event_that_tells_no_team_is_no_members(it: Scene) -> None:
    """Neither is one that tells of none."""
    told = it.slack.events.message_payload

    def without_team(*about: object, **more: object) -> dict[str, object]:
        made = told(*about, **more)  # type: ignore[arg-type]
        return {name: value for name, value in made.items() if name not in {"team", "user_team"}}

    with stranger(it.slack, it.news) as cem, pytest.MonkeyPatch.context() as patch:
        patch.setattr(it.slack.events, "message_payload", without_team)
        assert (await it.asked("ask", cem)).server == "T0ELSEWHERE"
        assert (await it.asked("ask", it.bea)).server == it.slack.team.id


async def test_slack_is_asked_once_for_what_many_need_at_once(it: Scene) -> None:
    """Who is in which user group is the same for all; what fails is asked again."""
    users = [it.slack.add_user(f"u{number}") for number in range(12)]
    it.slack.fail("usergroups.list", Fault.slow(0.3))
    for number, user in enumerate(users):
        await it.slack.types(it.news, f"!bridge looking here {number}", user)
    await it.slack.until(lambda: len(it.looking.askers) == len(users), what="not all are answered")
    assert it.requested().count("usergroups.list") == 1
    assert it.requested().count("users.info") == len(users)


async def test_what_was_known_counts_on_where_slack_is_asked_too_often() -> None:
    """As long as Slack wants to be left alone; whoever waits and leaves takes nobody with them."""
    kept: askers._Kept[int] = askers._Kept(0.0)
    async with SlackDouble() as slack:
        web = new_web(Slack(slack.bot_token, slack.app_token, slack.api_base))
        asked = 0

        async def ask() -> int:
            nonlocal asked
            asked += 1
            await web.auth_test()
            await asyncio.sleep(0.05)
            return asked

        left = asyncio.ensure_future(kept.get("", ask))
        stays = asyncio.ensure_future(kept.get("", ask))
        await asyncio.sleep(0)
        left.cancel()
        assert await stays == 1
        with suppress(asyncio.CancelledError):
            await left
        slack.fail("auth.test", Fault.too_many(30))
        assert [await kept.get("", ask) for _ in range(3)] == [1, 1, 1]
        assert asked == 2
        await close_web(web)


async def test_what_somebody_has_to_mend_is_named(it: Scene) -> None:
    """Without users:read, nobody is told to try again in a moment."""
    it.slack.scopes.discard("users:read")
    await it.slack.types(it.news, "!bridge looking here", it.bea)
    told = await whispered(it.slack, it.news, it.bea)
    assert "the app lacks users:read; whoever runs the bot adds it" in told.said
    assert "moment" not in told.said
    it.slack.scopes.add("users:read")
    it.slack.fail("users.info", Fault.error("access_denied"))
    await it.slack.types(it.news, "!bridge looking there", it.bea)
    assert "access_denied" in (await whispered(it.slack, it.news, it.bea, 2)).said
    assert it.looking.askers == []
