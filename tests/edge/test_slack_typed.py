"""What Slack makes of typed text, turned back into what the desk reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.edge.slack.listening.typed import canonical
from tests.doubles.slack_text import typed

NAMES = {"@ann": "U0ANN", "#news": "C0NEWS", "@eds": "S0EDS"}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("status", "status"),
        ("<@U0BOT> status", "<@U0BOT> status"),
        ("<@U0BOT|briefing-bot> status", "<@U0BOT> status"),
        ("<@W0GRID>", "<@W0GRID>"),
        ("digest subscribe <#C0NEWS|news> at 9", "digest subscribe <#C0NEWS> at 9"),
        ("<#C0NEWS|>", "<#C0NEWS>"),
        ("admins add <!subteam^S0EDS|@eds>", "admins add <@&S0EDS>"),
        ("admins add <!subteam^S0EDS>", "admins add <@&S0EDS>"),
        ("<!channel> <!here|here> <!everyone>", "@channel @here @everyone"),
        ("<!date^1657584000^{date}|12 July 2022>", "12 July 2022"),
        ("url: <https://www.esa.int/a?b=1&amp;c=2>", "url: https://www.esa.int/a?b=1&c=2"),
        ("<https://www.esa.int|the ESA>", "https://www.esa.int"),
        ("<http://esa.int|esa.int> and <http://esa.int/x|esa.int/x>", "esa.int and esa.int/x"),
        ("<mailto:a@esa.int|a@esa.int>", "a@esa.int"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;@U0ANN&amp;gt;", "&lt;@U0ANN&gt;"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("<", "<"),
        ("", ""),
    ],
)
def test_what_slack_sends_is_read_as_it_was_meant(sent: str, read: str) -> None:
    """Mentions are those of every platform, links are addresses, and nothing is escaped."""
    assert canonical(sent) == read


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_typed_comes_back(text: str) -> None:
    """But for mentions, which are named by their ids, all arrives as it was typed."""
    assert canonical(typed(text, {})) == text


@pytest.mark.parametrize("labelled", [False, True], ids=["message", "slash command"])
def test_mentions_are_the_same_in_messages_and_commands(*, labelled: bool) -> None:
    """Slack labels people in commands alone."""
    words = "look at #news with @ann and @eds, not @nobody"
    sent = typed(words, NAMES, labelled=labelled)
    assert canonical(sent) == "look at <#C0NEWS> with <@U0ANN> and <@&S0EDS>, not @nobody"
