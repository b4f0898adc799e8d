"""What is private on Slack stays so: the names of channels, and what is said of another one."""

import pytest

from bot.desk.desk import Desk
from bot.store.store import Store
from tests.doubles.slack import SlackDouble
from tests.edge.slack_edges import answer, connected, whispered
from tests.stories import STORY

pytestmark = pytest.mark.asyncio


async def test_a_private_channel_is_named_to_nobody_else(store: Store) -> None:
    """Neither in what its admin is told elsewhere, nor in the list that another admin sees."""
    async with SlackDouble() as slack:
        boss, other = slack.add_user("boss", admin=True), slack.add_user("other", admin=True)
        news, secret = slack.add_channel("news"), slack.add_channel("layoffs", private=True, members=[boss])
        async with connected(slack, Desk(store, STORY)):
            await slack.types(news, f"!bridge digest subscribe {secret.mention} at 9", boss)
            said = (await whispered(slack, news, boss)).said
            assert "comes to a private channel at 09:00 (Europe/Berlin)" in said
            await slack.types(secret, "!bridge digest subscribe weekly", boss)
            assert "comes to a private channel" in (await answer(slack, secret)).said
            await slack.types(news, "!bridge digest list", other)
            listed = await whispered(slack, news, other)
            assert "news in a private channel" in listed.said
            await slack.types(news, "!bridge digest unsubscribe 1", boss)
            ended = await whispered(slack, news, boss, 2)
            assert "Subscribe again" in ended.labels
            for message in (*slack.from_bot(news), *slack.ephemerals(news, boss), listed, ended):
                assert "layoffs" not in message.said
                assert secret.id not in message.said
        assert slack.from_bot(news) == []
        assert slack.violations == []


async def test_where_the_bot_is_not_it_says_how_to_let_it_in(store: Store) -> None:
    """Of a private one it cannot tell whether it is there; what was asked can be asked again by a button."""
    async with SlackDouble() as slack:
        boss = slack.add_user("boss", admin=True)
        news, quiet = slack.add_channel("news"), slack.add_channel("quiet", bot=False)
        hidden = slack.add_channel("hidden", private=True, members=[boss], bot=False)
        invite = f"/invite @{slack.bot.name}"
        async with connected(slack, Desk(store, STORY)):
            told = []
            for number, channel in enumerate((quiet, hidden), 1):
                await slack.types(news, f"!bridge digest subscribe {channel.mention} at 9", boss)
                told.append(await whispered(slack, news, boss, number))
            assert f"The bot is not in #quiet. Type {invite} in it, then say this again." in told[0].said
            there = f"The bot is not in that channel, or there is none: type {invite} there,"
            assert there in told[1].said
            assert [one.labels for one in told] == [["Try again"], ["Try again"]]
            assert hidden.id not in told[1].said
            for channel, shown in ((quiet, "#quiet"), (hidden, "a private channel")):
                slack.join(channel, slack.bot)
                again = await slack.presses(told.pop(0), "Try again", boss)
                assert f"comes to {shown} at 09:00" in (await again.answered()).said
        assert slack.violations == []
