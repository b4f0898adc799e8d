"""Corrections reach every copy: the real bot, a thousand of them, kills in the middle, and refusals.

Requests are judged against Discord's own description only where they are few: it would cost more than the
bot does.
"""

from collections import Counter
from pathlib import Path

import pytest

from tests.bots import running
from tests.doubles.discord import DiscordDouble, Fault, Message
from tests.edge.copies import (
    BRIEFING,
    DATED,
    NEW,
    NEWEST,
    OLD,
    WAS,
    WAS_TOO,
    Copies,
    corrected,
    told,
)

pytestmark = pytest.mark.asyncio

COPIES = 1_000
CORRECT = f"correct {BRIEFING} was {WAS}"


@pytest.fixture
def unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that are held against Discord's description elsewhere; here they are many."""
    monkeypatch.setenv("DISCORD_OPENAPI", "")


def carries(message: Message, notes: tuple[str, ...] = (WAS,), says: str = NEW) -> None:
    """It has what was wrong in front, once, and says what is right, and nothing else has changed."""
    text = message.text
    assert len(DATED.findall(text)) == 1, text
    assert [text.count(note) for note in notes] == [1] * len(notes), text
    assert says in text
    assert [one for one in (OLD, NEW, NEWEST) if one in text] == [says]
    assert message.buttons == Message(message.versions[0]).buttons
    assert message.pings == ()


# ── a thousand copies ───────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("unjudged")
async def test_a_thousand_copies_are_corrected_once_though_the_bot_is_killed(tmp_path: Path) -> None:
    """Each carries the dated note once, and the history tells that all were reached."""
    async with DiscordDouble() as discord:
        it = Copies(discord, tmp_path, per_second=300)
        channels = [*it.texts(COPIES - 4), *it.odd()]
        it.subscribe(channels)
        role = it.pinged(channels[0])
        taken: Counter[str] = Counter()
        async with running(it.state, discord, it.config, clock=it.clock) as bot:
            posts = await it.posted(COPIES)
            assert [post.pings for post in posts if post.channel_id == channels[0].id] == [(role,)]
            publish = await it.drafted(CORRECT, corrected())
            assert f"{COPIES:,} posted copies are being corrected" in await it.types(publish)
            taken.update(await it.killed(bot))
        for count in (1, 350, 700):
            async with running(it.state, discord, it.config, clock=it.clock) as bot:
                await it.until(lambda: len(it.patches()) >= count, f"{count} edits")  # noqa: B023
                taken.update(await it.killed(bot))
        assert len(it.patches()) < COPIES
        async with running(it.state, discord, it.config, clock=it.clock):
            await it.settled()
            assert f"{COPIES:,} of {COPIES:,} posted copies reached" in await it.history()
        for post in posts:
            carries(post)
            assert len(post.edits) == 1
        assert taken
        assert [one for one, times in it.patches().items() if times > 1 + taken[one]] == []
        assert len(it.written()) == COPIES
        assert len(discord.requested("POST", "/crosspost$")) == 1


# ── what cannot be edited ───────────────────────────────────────────────────────────────


async def test_what_cannot_be_edited_is_answered_once_and_the_rest_is_named(tmp_path: Path) -> None:
    """Too old, without permission or archived: below it, though killed; what is out of reach, with why."""
    async with DiscordDouble() as discord:
        it = Copies(discord, tmp_path, per_second=100)
        left = discord.add_guild("Left")
        old, barred, archived = it.texts(12), it.texts(12), it.threads(12)
        deleted, locked = it.texts(3), it.threads(2)
        hidden, gone = it.texts(1), [discord.add_channel(left, "news")]
        refusing = [*old, *barred, *archived]
        channels = [*refusing, *deleted, *locked, *hidden, *gone, *it.texts(80)]
        it.subscribe(channels)
        async with running(it.state, discord, it.config, clock=it.clock) as bot:
            posts = {post.channel_id: post for post in await it.posted(len(channels))}
            for channel in old:
                discord.fail("PATCH", f"/channels/{channel.id}/", 1_000, Fault.too_old())
            for channel in barred:
                discord.fail("PATCH", f"/channels/{channel.id}/", 1_000, Fault.forbidden())
            for channel in (*archived, *locked):
                channel.locked = channel in locked
                discord.archive(channel)
            for channel in deleted:
                discord.delete_message(posts[channel.id])
            discord.deny(hidden[0], "view_channel")
            discord.remove_bot(left)
            await it.types(await it.drafted(CORRECT, corrected()))
            await it.until(lambda: answers(it), "an answer")
            await it.killed(bot)
        async with running(it.state, discord, it.config, clock=it.clock) as bot:
            await it.until(lambda: len(answers(it)) >= 18, "18 answers")
            await it.killed(bot)
        assert len(answers(it)) < len(refusing)
        async with running(it.state, discord, it.config, clock=it.clock):
            await it.settled()
            history = await it.history()
        reached, whole = len(refusing) + 80, len(channels)
        assert f"{reached} of {whole} posted copies reached (36 by an answer under it)" in history
        assert "3 deleted there before" in history
        # What was tried before the gateway had told of servers and channels has Discord's own reason.
        unseen = "the bot does not see this channel"
        for channel, why in (
            *((one, ("the thread is locked",)) for one in locked),
            (hidden[0], ("the bot lacks View Channel in this channel", unseen)),
            (gone[0], ("the bot is not on this server any more", unseen)),
        ):
            # Where one reason holds for several, it stands above them.
            assert f"({channel.id})" in history
            assert any(one in history for one in why), history
            assert posts[channel.id].edits == []
        found = {one.channel_id: one for one in answers(it)}
        assert sorted(one.channel_id for one in answers(it)) == sorted(one.id for one in refusing)
        for channel in refusing:
            answer = found[channel.id]
            assert answer.replies_to == posts[channel.id].id
            assert posts[channel.id].edits == []
            carries_anew(answer)
        for channel in channels[-80:]:
            carries(posts[channel.id])
        assert discord.violations == []


def answers(it: Copies) -> list[Message]:
    """What stands under posts."""
    return [one for one in it.written() if one.embeds[0]["title"].startswith("Corrected: ")]


def carries_anew(answer: Message) -> None:
    """It says all that the post should say."""
    answer.versions.append(answer.payload)
    carries(answer)


# ── one after the other ─────────────────────────────────────────────────────────────────


async def test_a_second_correction_overtakes_the_first_on_its_way(tmp_path: Path) -> None:
    """Whether a copy had the first already or not, it comes to have both notes, and the newest words."""
    async with DiscordDouble() as discord:
        it = Copies(discord, tmp_path, per_second=60)
        it.subscribe([*it.odd(), *it.texts(116)])
        async with running(it.state, discord, it.config, clock=it.clock):
            posts = await it.posted(120)
            await it.types(await it.drafted(CORRECT, corrected()))
            publish = await it.drafted(f"correct {BRIEFING} was {WAS_TOO}", corrected((OLD, NEWEST)))
            await it.until(lambda: len(it.patches()) >= 30, "30 edits")
            assert "120 posted copies are being corrected" in await it.types(publish)
            await it.settled()
            history = await it.history()
        for post in posts:
            carries(post, (WAS, WAS_TOO), NEWEST)
        assert {len(post.edits) for post in posts} == {1, 2}
        assert len(it.written()) == 120
        assert "120 of 120 posted copies reached" in history
        assert discord.violations == []


async def test_a_retraction_travels_and_its_undoing_too(tmp_path: Path) -> None:
    """A stub with the reason stands in each copy, and ten minutes are time enough to have it as it was."""
    async with DiscordDouble() as discord:
        it = Copies(discord, tmp_path)
        it.subscribe([*it.odd(), *it.texts(56)])
        async with running(it.state, discord, it.config, clock=it.clock) as bot:
            posts = await it.posted(60)
            before = [told(post) for post in posts]
            await it.types(await it.drafted(f"retract {BRIEFING} because It was a rumour."))
            await it.settled()
            for post in posts:
                assert OLD not in post.text
                assert "was retracted: It was a rumour." in post.text
                assert post.pings == ()
            await it.killed(bot)
        async with running(it.state, discord, it.config, clock=it.clock):
            await discord.connected()
            assert "60 posted copies are being corrected" in await it.types("undo")
            await it.settled()
        assert [told(post) for post in posts] == before
        assert {len(post.edits) for post in posts} == {2}
        assert len(it.written()) == 60
        assert discord.violations == []


async def test_what_is_unsent_is_right_from_the_start(tmp_path: Path) -> None:
    """An edition that waits for the bot to come back says what is right, at once, and is not edited."""
    async with DiscordDouble() as discord:
        it = Copies(discord, tmp_path)
        it.subscribe([*it.odd(), *it.texts(16)])
        assert it.promise() == 20
        it.corrects_in_the_shell()
        async with running(it.state, discord, it.config, clock=it.clock):
            posts = await it.posted(20)
            await it.settled()
            history = await it.history()
        for post in posts:
            post.versions.append(post.payload)
            carries(post)
        assert discord.requested("PATCH", "/messages/") == []
        assert "20 of 20 posted copies reached" in history
        assert discord.violations == []


async def test_what_may_have_arrived_is_found_and_then_edited(tmp_path: Path) -> None:
    """The bot was killed before it heard what became of its posts; meanwhile they are corrected."""
    async with DiscordDouble() as discord:
        it = Copies(discord, tmp_path)
        channels = it.texts(20)
        it.subscribe(channels)
        for channel in channels[:10]:
            discord.fail("POST", f"/channels/{channel.id}/messages$", fault=Fault.hang(stored=True))
        async with running(it.state, discord, it.config, clock=it.clock) as bot:
            await it.until(lambda: it.count("task = 'post' AND state = 'done'") == 10, "10 posts")
            await it.until(lambda: len(it.posts()) == 20, "20 posts")
            await it.killed(bot)
        it.corrects_in_the_shell()
        async with running(it.state, discord, it.config, clock=it.clock):
            await it.posted(20)
            await it.settled()
        for post in it.posts():
            carries(post)
            assert len(post.edits) == 1
        assert len(it.written()) == 20
        assert discord.violations == []
