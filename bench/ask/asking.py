"""Asks the real desk, with the real story in a database of its own."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bench.ask.questions import Question
from bench.ask.score import Judged, Said, judge
from bench.folder import story_folder
from bot.command.asker import Asker, Place
from bot.config import read_config
from bot.desk.desk import Desk
from bot.render.terminal import text
from bot.reply import Reply
from bot.wiring import build

COMMAND = "ask"
# Long after the story: most will ask about it when it is over, and their today is not to matter.
NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)
_CALL = "!exomars"
_PLACE = Place("discord", "1", "2", "#talk", "text")


class NoCommandError(LookupError):
    """The desk cannot be asked."""


@contextmanager
def the_desk() -> Iterator[Desk]:
    """The desk of the first story of this checkout."""
    with story_folder() as folder:
        parts = build(read_config(str(folder / "config.toml"), {"EXOMARS_DB": str(folder / "ask.db")}))
        try:
            parts.refresh()
            yield parts.desk()
        finally:
            parts.close()


def ask_all(desk: Desk, questions: Iterable[Question]) -> list[Judged]:
    """Asks each question as a person of its own, who has asked nothing before but what belongs to it."""
    if COMMAND not in {command.name for command in desk.commands}:
        raise NoCommandError(f"the bot has no command `{COMMAND}` yet, so that there is nothing to measure")
    return [judge(one, _ask(desk, one, f"reader-{number}")) for number, one in enumerate(questions)]


def said(reply: Reply) -> Said:
    """What of a reply is the answer: not its title and small print, nor the titles of its sources."""
    alone = reply._replace(title="", references=(), notes=(), actions=())
    lines = [line.text for section in reply.sections for line in section.lines]
    # A line that was not understood is answered by the guide, which is no answer and declines nothing.
    declined = reply.abstained and reply.command == COMMAND
    return Said(text(alone).replace("*", ""), lines[0] if lines else "", reply.facts, declined)


def _ask(desk: Desk, question: Question, user: str) -> Said:
    asker = Asker("discord", _PLACE.server, user, _PLACE)
    if question.after:
        desk.answer(f"{COMMAND} {question.after}", _CALL, NOW - timedelta(minutes=1), asker)
    return said(desk.answer(f"{COMMAND} {question.ask}", _CALL, NOW, asker))
