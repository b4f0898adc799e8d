"""The real bot on a local Slack: type a message, call a command, press a button, read the reply."""

import asyncio
import json
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.bots import exomars, running
from tests.doubles.slack import Channel, Fault, SlackDouble, User
from tests.edge.slack_edges import answer, whispered

pytestmark = pytest.mark.asyncio


def event(slack: SlackDouble, channel: Channel, author: User, words: str, /, **more: Any) -> None:
    """Sends a message event as no client of the double would make it."""
    told = {
        "type": "message",
        "channel": channel.id,
        "channel_type": channel.kind,
        "user": author.id,
        "text": words,
        "ts": f"{slack.world.clock():.6f}",
        "team": slack.team.id,
    }
    slack.events._send("message.channels", {**told, **more})


async def test_a_typed_command_a_mention_and_a_slash_command_say_the_same(tmp_path: Path) -> None:
    """However the bot is asked, the answer is the same; all of it is one message, with a text beside it."""
    async with SlackDouble() as slack:
        news, ann = slack.add_channel("news"), slack.add_user("ann")
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            await slack.types(news, "!exomars status", ann)
            typed = await answer(slack, news)
            await slack.types(news, "status", ann, mention=True)
            mentioned = await answer(slack, news, 2)
            called = await (await slack.slash(news, "status", ann)).answered()
            assert called in slack.from_bot(news)  # seen by all, as is the question
            direct = slack.dm(ann)
            await slack.types(direct, "status")
            written = await answer(slack, direct)
            for other in (mentioned, called, written):
                assert (other.blocks, other.text) == (typed.blocks, typed.text)
            assert "Page" not in typed.said  # the headline answer is one message
            assert typed.text.startswith("ExoMars and Roscosmos")
            assert not typed.thread_ts
            shell = json.loads(exomars(tmp_path / "shell", "status", "--json").stdout)
            state = shell["text"].splitlines()[2].rpartition(" [")[0]
            assert state in typed.said
            for request in slack.requested("chat.postMessage"):
                assert (request.args["unfurl_links"], request.args["unfurl_media"]) == (False, False)
            # What everybody may ask is answered without a question to Slack.
            for method in ("users.info", "usergroups.list", "conversations.info", "conversations.open"):
                assert slack.requested(method) == []
        assert slack.violations == []


async def test_what_nearly_works_is_understood_or_worded_for_slack(tmp_path: Path) -> None:
    """The word of the story behind its own command, and what is no user group, in words that Slack has."""
    async with SlackDouble() as slack:
        news, boss = slack.add_channel("news"), slack.add_user("boss", admin=True)
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            for words in ("exomars about", "!exomars about", "About!"):
                told = await (await slack.slash(news, words, boss)).answered()
                assert "briefing bot" in told.said, words
            for words, says in (
                ("admins add", "needs GROUP: a user group of this workspace"),
                ("admins add @nogroup", "There is no user group @nogroup; name one as @editors."),
            ):
                told = await (await slack.slash(news, words, boss)).answered()
                assert says in told.said, told.said
                assert told.ephemeral == boss.id
        assert slack.violations == []


async def test_it_answers_wherever_it_is_asked(tmp_path: Path) -> None:
    """In the thread where it was asked, in direct messages, in a private channel, among several."""
    async with SlackDouble() as slack:
        ann, bea = slack.add_user("ann"), slack.add_user("bea")
        news = slack.add_channel("news")
        rooms = [slack.add_channel("secret", private=True), slack.dm(ann), slack.add_group_dm(ann, bea)]
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            parent = await slack.types(news, "What do we know of the rover?", bea)
            for count, mention in enumerate((False, True), 1):
                words = "sources" if mention else "!exomars sources"
                await slack.types(news, words, ann, thread=parent, mention=mention)
                answered = await answer(slack, news, count)
                assert "sources" in answered.said
                assert answered.thread_ts == parent.ts
            below = await slack.types(slack.dm(ann), "a question")
            await answer(slack, slack.dm(ann))
            await slack.types(slack.dm(ann), "about", thread=below)
            assert (await answer(slack, slack.dm(ann), 2)).thread_ts == below.ts
            for room in rooms:
                before = len(slack.from_bot(room))
                await slack.types(room, "!exomars sources", ann)
                assert "sources" in (await answer(slack, room, before + 1)).said
        assert slack.violations == []


async def test_what_is_not_for_the_bot_is_left_alone(tmp_path: Path) -> None:
    """Talk, other bots, edits, joins and broken events are not answered; all are acknowledged."""
    async with SlackDouble() as slack:
        news, ann = slack.add_channel("news"), slack.add_user("ann")
        slack.join(news, ann)
        async with running(tmp_path, None, slack=slack) as bot:
            await slack.connected(timeout=20)
            for text in ("exomars status", "!exomarsstatus", "what is !exomars?", "!help", "!"):
                written = await slack.types(news, text, ann)
            await slack.edits(written, "!exomars status")
            asks = "!exomars status"
            event(slack, news, ann, asks, bot_id="B0ROBOT")
            event(slack, news, ann, asks, subtype="bot_message", user=None)
            event(slack, news, ann, asks, subtype="channel_join")
            event(slack, news, ann, asks, edited={"user": ann.id, "ts": "1.0"})
            event(slack, news, slack.bot, asks)
            event(slack, news, ann, asks, user=None)
            event(slack, news, ann, asks, text="")
            event(slack, news, ann, asks, channel=None, text="")
            for name in ("reaction_added", "team_join"):
                slack.events._send("app_mention", {"type": name, "user": ann.id})
            await slack.types(news, "!exomars about", ann)
            assert "briefing bot" in (await answer(slack, news)).said
            await slack.until(lambda: not slack.unacked)
            assert len(slack.from_bot(news)) == 1
            assert "Traceback" not in bot.log
        assert slack.violations == []


async def test_one_message_that_arrives_several_times_is_answered_once(tmp_path: Path) -> None:
    """As an event of its own and as a mention, and delivered again because an acknowledgement was lost."""
    async with SlackDouble() as slack:
        news, ann = slack.add_channel("news"), slack.add_user("ann")
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            await slack.types(news, "!exomars about", ann, mention=True)
            await slack.types(news, "status", ann, mention=True)
            await answer(slack, news, 2)
            again = slack.messages(news)[0]
            payload = slack.events.message_payload(again) | {"channel": news.id, "channel_type": "channel"}
            slack.events._send("message.channels", payload)
            await slack.types(news, "!exomars sources", ann)
            assert "sources" in (await answer(slack, news, 3)).said
            assert len(slack.from_bot(news)) == 3
        assert slack.violations == []


async def test_what_is_for_one_alone_is_seen_by_one_alone(tmp_path: Path) -> None:
    """A mistake, and a refusal, typed in a channel or in its thread, are whispered there."""
    async with SlackDouble() as slack:
        ann = slack.add_user("ann")
        news = slack.add_channel("news")
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            await slack.types(news, "!exomars nothing such", ann)
            assert "no command" in (await whispered(slack, news, ann)).said
            parent = await slack.types(news, "So?", ann)
            await slack.types(news, "!exomars digest list", ann, thread=parent)
            refused = await whispered(slack, news, ann, 2)
            assert "workspace" in refused.said
            assert "server" not in refused.said
            assert refused.thread_ts == parent.ts
            called = await (await slack.slash(news, "stauts", ann)).answered()
            assert called.ephemeral == ann.id
            await slack.types(slack.dm(ann), "nothing such")
            assert "no command" in (await answer(slack, slack.dm(ann))).said
            assert slack.from_bot(news) == []
        assert slack.violations == []


async def test_buttons_work_after_a_restart_and_in_the_thread_where_they_stand(tmp_path: Path) -> None:
    """A button under an answer of an earlier process asks anew, for whoever presses it alone."""
    async with SlackDouble() as slack:
        ann, bea = slack.add_user("ann"), slack.add_user("bea")
        news = slack.add_channel("news")
        async with running(tmp_path, None, slack=slack) as first:
            await slack.connected(timeout=20)
            await slack.types(news, "!exomars status", ann)
            old = await answer(slack, news)
            parent = await slack.types(news, "In a thread?", ann)
            await slack.types(news, "!exomars status", ann, thread=parent)
            below = await answer(slack, news, 2)
            assert await first.end() == 0
        await slack.disconnected()
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            pressed = await (await slack.presses(old, "What was known when", bea)).answered()
            assert (pressed.ephemeral, pressed.thread_ts) == (bea.id, "")
            assert "what was known when" in pressed.said
            when = await (await slack.presses(pressed, "As of 1 March 2022")).answered()
            assert when.ephemeral == bea.id
            assert "1 March 2022" in when.said
            in_thread = await (await slack.presses(below, "Timeline", bea)).answered()
            assert (in_thread.ephemeral, in_thread.thread_ts) == (bea.id, parent.ts)
            assert len(slack.from_bot(news)) == 2
            assert all(one.ack_seconds < 1 for one in slack.interactions)
        assert slack.violations == []


async def test_pages_turn_in_place_and_cover_the_whole_answer(tmp_path: Path) -> None:
    """Turning through all pages shows every line once, and changes the message where it stands."""
    async with SlackDouble() as slack:
        news, ann = slack.add_channel("news"), slack.add_user("ann")
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            await slack.types(news, "!exomars timeline", ann)
            message = await answer(slack, news)
            alone = await (await slack.presses(message, "Sources", ann)).answered()
            lines = message.said.splitlines()
            pages = int(re.findall(r"Page 1 of (\d+)", message.said)[0])
            for page in range(2, pages + 1):
                await (await slack.presses(message, "Next ›", ann)).answered()
                assert f"Page {page} of {pages}" in message.said
                lines += message.said.splitlines()
            assert "Next ›" not in message.labels
            await (await slack.presses(message, "‹ Previous", ann)).answered()
            assert f"Page {pages - 1} of {pages}" in message.said
            assert slack.from_bot(news) == [message]
            if "Next ›" in alone.labels:  # what one sees alone turns just as well
                await (await slack.presses(alone, "Next ›")).answered()
                assert "Page 2" in alone.said
            shell = json.loads(exomars(tmp_path / "shell", "timeline", "--json").stdout)
            told = [one.removeprefix("• ") for one in shell["text"].splitlines() if one.startswith("• ")]
            assert len(told) > 20
            for line in told:
                words = line.rpartition(" [")[0] or line
                assert sum(words in one for one in lines) == told.count(line), words
        assert slack.violations == []


async def test_nothing_it_says_can_ping(tmp_path: Path) -> None:
    """Mentions in what somebody typed are shown, and notify nobody: in blocks and in the text beside."""
    async with SlackDouble() as slack:
        ann, bea = slack.add_user("ann"), slack.add_user("bea")
        slack.add_group("eds", [bea])
        news = slack.add_channel("news")
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            asks = ("search <!channel> <!here>", "search @bea @eds", f"search <@{bea.id}> &lt;!channel&gt;")
            for count, text in enumerate(asks, 1):
                await slack.types(news, f"!exomars {text}", ann)
                await answer(slack, news, count)
            event(slack, news, ann, "!exomars search <!channel> <!subteam^S1|@x> <!everyone>")
            await answer(slack, news, 4)
            await slack.types(news, "!exomars <!channel>", ann)
            await whispered(slack, news, ann)
            await (await slack.slash(news, "@bea @eds <!channel>", ann)).answered()
            said = [*slack.from_bot(news), *slack.ephemerals(news, ann)]
            assert len(said) == 6
            for message in said:
                assert message.pings == []
                kinds = set(re.findall(r'"type": "(\w+)"', json.dumps(message.blocks)))
                assert not kinds & {"user", "usergroup", "broadcast", "channel"}
        assert slack.violations == []


async def test_hostile_words_are_shown_as_they_are(tmp_path: Path) -> None:
    """Markup, links, control characters and very long texts do not act in the reply."""
    async with SlackDouble() as slack:
        news, ann = slack.add_channel("news"), slack.add_user("ann")
        async with running(tmp_path, None, slack=slack) as bot:
            await slack.connected(timeout=20)
            await slack.types(news, "!exomars search *b* _i_ `c` ~d~ & <x|y> \u202eabc \x1b[31m " + "y" * 300)
            reply = await answer(slack, news)
            shown = json.dumps([reply.text, reply.blocks], ensure_ascii=False)
            assert "\u202e" not in shown
            assert "\x1b" not in shown
            assert "*b* _i_" in reply.said
            event(slack, news, ann, "!exomars search <https://evil.example|the ESA>")
            assert "https://evil.example|" not in json.dumps((await answer(slack, news, 2)).blocks)
            await slack.types(news, "!exomars " + "x" * 10_000, ann)
            assert "10,00" in (await whispered(slack, news, ann)).said
            await slack.types(news, "!exomars " + "<@!&|" * 1_000, ann)
            await whispered(slack, news, ann, 2)
            await (await slack.slash(news, "\u202e\x00 &&& <", ann)).answered()
            assert "Traceback" not in bot.log
        assert slack.violations == []


async def test_it_falls_silent_where_it_may_not_speak(tmp_path: Path) -> None:
    """After a refusal a channel is left alone for a while, with one line in the log; others are not."""
    async with SlackDouble() as slack:
        ann = slack.add_user("ann")
        news, quiet = slack.add_channel("news"), slack.add_channel("quiet")
        for method in ("chat.postMessage", "chat.postEphemeral"):
            slack.fail(method, Fault.error("restricted_action"), 100, quiet)
        async with running(tmp_path, None, slack=slack) as bot:
            await slack.connected(timeout=20)
            await slack.types(quiet, "!exomars status", ann)
            await bot.says("may not send")
            for words in ("!exomars status", "!exomars nothing such"):
                await slack.types(quiet, words, ann)
            await slack.types(news, "!exomars about", ann)
            await answer(slack, news)
            assert len(slack.requested("chat.postMessage")) == 2
            assert slack.requested("chat.postEphemeral") == []
            assert bot.log.count("may not send") == 1
            assert "Traceback" not in bot.log
            called = await (await slack.slash(quiet, "status", ann)).answered()  # that is no post of its own
            assert "ExoMars" in called.said
        assert slack.violations == []


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [
        (Fault.status(503), 0),
        (Fault.garbage(), 0),
        (Fault.dropped(), 0),
        (Fault.lost(), 1),
        (Fault.error("internal_error"), 0),
        (Fault.too_many(1), 1),
    ],
    ids=lambda one: one.name if isinstance(one, Fault) else "",
)
async def test_an_answer_that_is_not_sent_is_one_line_and_never_comes_twice(
    tmp_path: Path, fault: Fault, arrives: int
) -> None:
    """A failure costs at most the one answer; only what Slack asks to wait for is sent again."""
    async with SlackDouble() as slack:
        news, ann = slack.add_channel("news"), slack.add_user("ann")
        async with running(tmp_path, None, slack=slack) as bot:
            await slack.connected(timeout=20)
            slack.fail("chat.postMessage", fault, 1, news)
            await slack.types(news, "!exomars status", ann)
            if fault.name == "429":
                await answer(slack, news)
            else:
                await bot.says("was not sent")
            await slack.types(news, "!exomars about", ann)
            assert "briefing bot" in (await answer(slack, news, arrives + 1)).said
            await asyncio.sleep(0.5)
            assert len(slack.from_bot(news)) == arrives + 1
            assert "Traceback" not in bot.log
        assert slack.violations == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
async def test_it_finishes_what_is_in_progress(tmp_path: Path, number: signal.Signals) -> None:
    """An answer that is being sent when the bot is told to end still arrives, and the exit code is 0."""
    async with SlackDouble() as slack:
        news, ann = slack.add_channel("news"), slack.add_user("ann")
        async with running(tmp_path, None, slack=slack) as bot:
            await slack.connected(timeout=20)
            slack.fail("chat.postMessage", Fault.too_many(1), 1, news)
            await slack.types(news, "!exomars status", ann)
            await slack.until(lambda: slack.requested("chat.postMessage"))
            assert await bot.end(number) == 0
            assert len(slack.from_bot(news)) == 1
            assert "Traceback" not in bot.log
        assert slack.violations == []


async def test_without_history_it_serves_mentions_direct_messages_and_slash_commands(tmp_path: Path) -> None:
    """Where it may not read channels, it says /exomars instead of !exomars, and goes on with the rest."""
    async with SlackDouble() as slack:
        slack.scopes.difference_update({"channels:history", "groups:history", "mpim:history"})
        ann = slack.add_user("ann")
        news = slack.add_channel("news")
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            await slack.types(news, "!exomars status", ann)
            await slack.types(news, "nothing such", ann, mention=True)
            wrong = await whispered(slack, news, ann)
            assert "/exomars" in wrong.said
            assert "!exomars" not in wrong.said
            assert "ExoMars" in (await (await slack.slash(news, "status", ann)).answered()).said
            assert len(slack.from_bot(news)) == 1
        assert slack.violations == []


async def test_what_to_type_next_works_where_it_was_asked(tmp_path: Path) -> None:
    """With a slash where that was called or a button pressed, with ! where it was typed, and in threads."""
    async with SlackDouble() as slack:
        ann, news = slack.add_user("ann"), slack.add_channel("news")
        direct = slack.dm(ann)
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)

            def slash(text: str) -> bool:
                assert ("/exomars help" in text) != ("!exomars help" in text), text
                return "/exomars help" in text

            for _ in range(2):  # made, then kept
                for channel in (news, direct):
                    assert slash((await (await slack.slash(channel, "about", ann)).answered()).said)
                before = len(slack.from_bot(news))
                await slack.types(news, "!exomars about", ann)
                typed = await answer(slack, news, before + 1)
                assert not slash(typed.said)
                before = len(slack.from_bot(direct))
                await slack.types(direct, "about", ann)
                assert not slash((await answer(slack, direct, before + 1)).said)
            parent = await slack.types(news, "So?", ann)
            await slack.types(news, "!exomars status", ann, thread=parent)
            await slack.until(lambda: slack.from_bot(news)[-1].thread_ts == parent.ts)
            label = "What was known when"
            below = await (await slack.presses(slack.from_bot(news)[-1], label, ann)).answered()
            assert "!exomars" in below.said
            await slack.types(news, "!exomars status", ann)
            await slack.until(lambda: not slack.from_bot(news)[-1].thread_ts)
            beside = await (await slack.presses(slack.from_bot(news)[-1], label, ann)).answered()
            assert "!exomars" not in beside.said
            assert "/exomars" in beside.said
        assert slack.violations == []


async def test_where_no_picture_can_be_all_is_said_once_in_words(tmp_path: Path) -> None:
    """The bot is not in the channel, or may send no files: said before, and not below, the answer."""
    async with SlackDouble() as slack:
        ann, news, other = (
            slack.add_user("ann"),
            slack.add_channel("news"),
            slack.add_channel("other", bot=False),
        )
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            said = await (await slack.slash(other, "timeline chart", ann)).answered()
            assert f"/invite @{slack.bot.name}" in said.said
            slack.fail("files.completeUploadExternal", Fault.error("not_in_channel"))  # left meanwhile
            await slack.slash(news, "timeline chart", ann)
            assert "cannot be shown" in (await answer(slack, news, 2)).said
            assert slack.from_bot(other) == [said]
        await slack.disconnected()
        slack.scopes.discard("files:write")
        async with running(tmp_path, None, slack=slack):
            await slack.connected(timeout=20)
            await slack.types(news, "!exomars timeline chart", ann)
            told = await answer(slack, news, 3)
            assert "the app lacks files:write" in told.said
            called = await (await slack.slash(news, "timeline chart", ann)).answered()
            assert "the app lacks files:write" in called.said
            assert len(slack.from_bot(news)) == 4
            assert slack.requested("files.getUploadURLExternal")[1:] == []
        assert slack.violations == []


async def test_a_picture_stands_below_its_answer(tmp_path: Path) -> None:
    """Typed, in the channel or the thread; by slash, in the channel; by a button, in direct messages."""
    async with SlackDouble() as slack:
        news, ann = slack.add_channel("news"), slack.add_user("ann")
        async with running(tmp_path, None, slack=slack) as bot:
            await slack.connected(timeout=20)
            await slack.types(news, "!exomars timeline", ann)
            listed = await answer(slack, news)
            parent = await slack.types(news, "And drawn?", ann)
            await slack.types(news, "!exomars timeline chart", ann, thread=parent)
            drawn = await answer(slack, news, 3)
            words = slack.from_bot(news)[1]
            assert (words.thread_ts, drawn.thread_ts) == (parent.ts, parent.ts)
            assert drawn.files[0].content.startswith(b"\x89PNG")
            await (await slack.slash(news, "timeline chart", ann)).answered()
            assert (await answer(slack, news, 5)).files
            note = await (await slack.presses(listed, "Picture", ann)).answered()
            assert note.ephemeral == ann.id
            assert "in your direct messages" in note.said
            assert (await answer(slack, slack.dm(ann))).files
            begun = slack.requested("files.getUploadURLExternal")
            assert all(len(str(one.args["alt_txt"])) > 40 for one in begun)
            slack.scopes.discard("files:write")
            await slack.types(news, "!exomars timeline chart", ann)
            told = await answer(slack, news, 7)
            assert "cannot be shown" in told.said
            assert told.files == []
            assert len(told.said) > len(words.said)  # all that the picture would have shown
            assert "Traceback" not in bot.log
        assert slack.violations == []
