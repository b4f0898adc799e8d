"""Text on its way through Slack: as people type it, as the bot is told it, as a reader sees it."""

from collections.abc import Mapping

import pytest

from tests.doubles.slack_text import kept, links, pings, plain, typed

NAMES: Mapping[str, str] = {"@ann": "U1", "@ann.b": "U2", "#news": "C1", "@eds": "S1"}
READ: Mapping[str, str] = {"U1": "ann", "C1": "news", "S1": "eds"}


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("tell @ann. Now", "tell <@U1>. Now"),
        ("@ann.b and @annie", "<@U2> and @annie"),
        ("in #news, #old", "in <#C1|news>, #old"),
        ("@eds!", "<!subteam^S1|@eds>!"),
        ("see https://a.eu/x?y=1&z=2.", "see <https://a.eu/x?y=1&amp;z=2>."),
        ("see esa.int/x now", "see <http://esa.int/x|esa.int/x> now"),
        ("me@esa.int writes", "<mailto:me@esa.int|me@esa.int> writes"),
        ("https://a.eu/@ann", "<https://a.eu/@ann>"),
        ("<!channel>", "&lt;!channel&gt;"),
    ],
)
def test_the_client_makes_mentions_and_links(text: str, sent: str) -> None:
    """Typed text is escaped, and what is known becomes a mention or a link."""
    assert typed(text, NAMES) == sent


def test_a_command_labels_people() -> None:
    """With should_escape a slash command says who is meant."""
    assert typed("@ann #news", NAMES, labelled=True) == "<@U1|ann> <#C1|news>"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("*bold* _it_ ~gone~ `code`", "bold it gone code"),
        ("*_both_*", "both"),
        ("snake_case_name 2 * 3 * 4", "snake_case_name 2 * 3 * 4"),
        ("<https://esa.int|ESA> &amp; <https://a.eu>", "ESA & https://a.eu"),
        ("<@U1> in <#C1> for <!subteam^S1>", "@ann in #news for @eds"),
        ("<!here> <!date^0^{date}|then>", "@here then"),
        ("&lt;b&gt;", "<b>"),
    ],
)
def test_a_reader_sees_no_marks(text: str, read: str) -> None:
    """Marks of mrkdwn are not read, labels stand for links."""
    assert plain(text, READ) == read


def test_mentions_and_links_are_found() -> None:
    """Who is notified, and where links lead."""
    text = "<@U1> <!channel> &lt;!here&gt; <!subteam^S1|@eds> <https://a.eu/?x&amp;y|a>"
    assert pings(text) == ["<@U1>", "<!channel>", "<!subteam^S1>"]
    assert links(text) == ["https://a.eu/?x&y"]


def test_slack_keeps_other_text_than_was_sent() -> None:
    """What comes back has its ampersands escaped and its addresses linked."""
    assert kept("R&D &amp; https://a.eu <https://b.eu|b>") == (
        "R&amp;D &amp; <https://a.eu> <https://b.eu|b>"
    )
