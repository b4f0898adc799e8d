"""The home tab of the real bot on a local Slack: what it shows to whom, and what its buttons do."""

import asyncio
from pathlib import Path

import pytest

from tests.bots import running
from tests.doubles.slack import Fault, SlackDouble, User, View
from tests.edge.slack_edges import answer
from tests.edge.test_slack_newsroom import FORM, Scene

pytestmark = pytest.mark.asyncio


async def home(slack: SlackDouble, user: User, *, shows: str = "") -> View:
    """What somebody sees who opens the home tab, once it shows these words."""
    await slack.opens_home(user)

    def there() -> View | None:
        found = slack.home(user)
        return found if found is not None and shows in found.said else None

    return await slack.until(there, what=f"the home tab of {user.name} does not show “{shows}”")


async def test_it_shows_the_story_and_to_each_what_is_theirs(tmp_path: Path) -> None:
    """Readers see the story and their own digests; admins those of the workspace; editors their drafts."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack) as bot:
            await slack.connected(timeout=20)
            await (await slack.slash(scene.news, "digest subscribe at 07:30", scene.boss)).answered()
            await (
                await slack.slash(slack.dm(scene.reader), "digest subscribe at 08:00", scene.reader)
            ).answered()
            await scene.drafted(scene.owner)
            reader = await home(slack, scene.reader, shows="ExoMars")
            assert "On 12 July 2022" in reader.said
            assert "08:00" in reader.said
            for hidden in ("07:30", "draft", "for admins", "for editors"):
                assert hidden not in reader.said.lower()
            boss = await home(slack, scene.boss, shows="07:30")
            assert "08:00" not in boss.said
            owner = await home(slack, scene.owner, shows="drafts")
            assert FORM["title"] in owner.said or "2022-07-14" in owner.said
            assert "Traceback" not in bot.log
        assert slack.violations == []


async def test_its_buttons_are_answered_by_direct_message_and_go_on_there(tmp_path: Path) -> None:
    """A question, a page, a picture, a form, a draft that is published: all asked of the workspace."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack) as bot:
            await slack.connected(timeout=20)
            direct = slack.dm(scene.boss)
            preview = await scene.drafted(scene.boss)  # for the workspace alone: no editor wrote it
            await scene.pressed(preview, "Publish")
            await scene.drafted(
                scene.boss, FORM | {"as_of": "2022-07-16", "state": "It is over, says a test."}
            )
            tab = await home(slack, scene.boss, shows="says this test")
            await slack.presses(tab, "Timeline")
            timeline = await answer(slack, direct)
            assert "Page 1 of" in timeline.said
            await (await slack.presses(timeline, "Next ›")).answered()
            assert "Page 2 of" in timeline.said
            status = await (await slack.presses(timeline, "Status")).answered()
            assert "says this test" in status.said  # of the workspace, and not of the direct message
            label = next(one for one in tab.labels if "raft" in one or "See" in one)
            await slack.presses(tab, label)
            draft = await answer(slack, direct, 2)
            assert "It is over, says a test." in draft.said
            published = await (await slack.presses(draft, "Publish")).answered()
            assert "Published" in published.said
            assert "It is over, says a test." in await scene.status()
            assert "Traceback" not in bot.log
        assert slack.violations == []


async def test_ones_own_digests_are_asked_of_the_direct_messages(tmp_path: Path) -> None:
    """A reader, who may do nothing in the workspace, changes what comes to them; the tab shows it at once."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        direct = slack.dm(scene.reader)
        async with running(tmp_path / "state", None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            tab = await home(slack, scene.reader, shows="No digest comes here yet")
            form = await (await slack.presses(tab, "Subscribe yourself")).view()
            assert "channel" not in form.fields
            await slack.submits(form, {"at": "08:15"})
            assert "08:15" in (await answer(slack, direct)).said
            await slack.until(lambda: "08:15" in tab.said, what="the tab does not show the digest")
            assert "Show no. 1" in tab.labels
            await slack.presses(tab, "Show no. 1")
            shown = await answer(slack, direct, 2)
            assert "08:15" in shown.said
            await (await slack.presses(shown, "Pause")).answered()
        assert slack.violations == []


async def test_a_channel_is_chosen_where_none_is_meant(tmp_path: Path) -> None:
    """The home tab stands in no channel: its form shows none, takes none for granted, and has one chosen."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            tab = await home(slack, scene.boss, shows="In this workspace: digests")
            form = await (await slack.presses(tab, "Subscribe a channel")).view()
            (channel,) = (block for block in form.blocks if block["block_id"] == "channel")
            assert not channel["optional"]
            assert "hint" not in channel
            assert form.fields["channel"] == ""
            assert "initial_conversation" not in channel["element"]
            assert "default_to_current_conversation" not in channel["element"]
            await slack.submits(form, {"channel": scene.news.id, "at": "08:15"})
            told = await answer(slack, slack.dm(scene.boss))
            assert "#news" in told.said
            await slack.until(lambda: "08:15" in tab.said, what="the tab does not show the digest")
        assert slack.violations == []


async def test_looking_at_it_leaves_no_trace(tmp_path: Path) -> None:
    """Who may not see drafts is not written down for that; nor is whoever was forgotten."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            await home(slack, scene.reader, shows="ExoMars")
            await (await slack.slash(scene.news, "digest list", scene.reader)).answered()
            log = await (await slack.slash(scene.news, "log", scene.owner)).answered()
            assert "refused" not in log.said
            assert scene.reader.name not in log.said
            assert await _stored(tmp_path / "state", scene.reader) == []


async def test_what_was_changed_elsewhere_is_seen_there(tmp_path: Path) -> None:
    """By slash, by a button, and by being forgotten."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            direct = slack.dm(scene.reader)
            tab = await home(slack, scene.reader, shows="No digest comes here yet")
            made = await slack.slash(direct, "digest subscribe at 08:15", scene.reader)
            subscribed = await made.answered()
            await slack.until(lambda: "08:15" in tab.said, what="the tab does not show the digest")
            shown = await (await slack.presses(subscribed, "Show", scene.reader)).answered()
            await (await slack.presses(shown, "Pause", scene.reader)).answered()
            await slack.until(lambda: "paused" in tab.said, what="the tab does not show the pause")
            await slack.types(direct, "forget me yes")
            await slack.until(lambda: "08:15" not in tab.said, what="the tab shows what was forgotten")
            assert await _stored(tmp_path / "state", scene.reader) == []
        assert slack.violations == []


async def _stored(state: Path, user: User) -> list[str]:
    """The files of the bot in which somebody's id stands."""
    files = await asyncio.to_thread(lambda: [one for one in state.rglob("*") if one.is_file()])
    return [one.name for one in files if user.id.encode() in one.read_bytes()]


async def test_it_is_made_at_most_once_in_a_while(tmp_path: Path) -> None:
    """Looked at again and again, it is shown once in five seconds; another tab of the app is no look."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack) as bot:
            await slack.connected(timeout=20)
            for _ in range(4):
                await home(slack, scene.reader)
            event = {"type": "app_home_opened", "user": scene.boss.id, "tab": "messages"}
            slack.events._send("app_home_opened", event)
            await home(slack, scene.owner)
            assert len(slack.requested("views.publish")) == 2
            assert slack.home(scene.boss) is None
            slack.fail("views.publish", Fault.status(503))
            await slack.opens_home(scene.boss)
            await bot.says("was not shown")
            assert "Traceback" not in bot.log
        assert slack.violations == []
