"""The terminal chat with a terminal: a real pseudo-terminal, typed into."""

from pathlib import Path

from tests.terminals import terminal


def test_it_greets_answers_and_leaves(tmp_path: Path) -> None:
    """One line says what to type and one how to connect Discord; Ctrl-D leaves with 0."""
    with terminal(tmp_path, "chat") as chat:
        chat.shows("Type !exomars status")
        chat.shows("DISCORD_TOKEN")
        chat.types("!exomars about\r")
        chat.shows("briefing bot")
        chat.types("\x03")
        chat.types("sources\r")
        chat.shows("5 sources")
        assert chat.leaves() == 0


def test_a_word_leaves_as_well(tmp_path: Path) -> None:
    """Who types quit is let go, as in other programs."""
    with terminal(tmp_path, "run") as chat:
        chat.shows("Type !exomars status")
        chat.types("quit\r")
        assert chat.process.wait(15) == 0
