"""Replies as text for a terminal and for a pipe."""

from bot.render.terminal import text
from bot.reply import Action, Line, Reference, Reply, Section

REPLY = Reply(
    "status",
    "The ferry",
    (
        Section("", (Line("Alton left.", ("a#b",), (1,)),)),
        Section(
            "What led there",
            (Line("a word " * 30, ("a#c",), (1, 2), when="in 2019", note="Since overturned."),),
        ),
    ),
    (
        Reference(1, "a", "Title", "The Post", "20 June 2019", "https://a.example"),
        Reference(2, "b", "Other", "outlet not named", "in 2019", ""),
    ),
    ("Last updated today.",),
    (Action("Timeline", "timeline"),),
)


def test_a_pipe_gets_one_line_for_each_line() -> None:
    """Without a width nothing is folded and nothing coloured, so that other programs can read it."""
    shown = text(REPLY)
    assert "\x1b" not in shown
    assert "Alton left. [1]" in shown.splitlines()
    assert "  [1] The Post, 20 June 2019: Title https://a.example" in shown.splitlines()
    assert "  [2] outlet not named, in 2019: Other" in shown.splitlines()


def test_a_terminal_gets_folded_lines() -> None:
    """With a width no line is longer, and continuation lines are indented under their text."""
    shown = text(REPLY, width=50)
    assert max(map(len, shown.splitlines())) <= 60
    assert "\n    a word" in shown


def test_colour_changes_no_word() -> None:
    """Without its escapes the coloured text is the plain one."""
    import re

    coloured = text(REPLY, width=70, colour=True)
    assert coloured != text(REPLY, width=70)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == text(REPLY, width=70)


def test_it_ends_in_what_may_be_asked_next() -> None:
    """With the word before commands, the actions of the reply are offered to be typed."""
    assert text(REPLY, call="!ferry").endswith("Ask next: !ferry timeline")
    assert "Ask next" not in text(REPLY)


def test_found_words_are_marked_with_and_without_colour() -> None:
    """A search shows where the words are, also in a pipe."""
    reply = Reply("search", "T", (Section("", (Line("a strike began", marks=((2, 8),)),)),))
    assert "a *strike* began" in text(reply)
    assert "a \x1b[1;4mstrike\x1b[0m began" in text(reply, colour=True)


def test_no_character_steers_the_screen() -> None:
    """Escapes and turned writing in a text are blanked."""
    reply = REPLY._replace(title="a\x1b[31mb\u202ec", notes=("d\x07e",))
    shown = text(reply)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\x07" not in shown
