"""`exomars new-story`: begins another story, and says what is to be done next."""

import os

from bot.config import KEYS, Config
from bot.curate.files.founding import FoundingError, found, planned
from bot.desk.desk import check_word
from bot.desk.table import COMMANDS
from bot.edge import clock
from bot.edge.terminal.screen import Screen
from bot.errors import EXIT_OK


def run(config: Config, path: str, word: str, name: str | None) -> int:
    """Begins a story; prints the files that were made, and beside them what comes next."""
    typed, word = word, word.lower().removeprefix("!")
    rule = KEYS["story"]["word"]
    if not rule.fits(word):
        raise FoundingError(f"{typed!r} cannot be the word of a story: it must be {rule.allowed}")
    check_word(word, COMMANDS)
    if name is not None and not name.strip():
        raise FoundingError("the name of a story cannot be empty; leave --name out, or give it one")
    story = planned(word, " ".join((name or "").split()))
    made = found(config, path, story, clock.today(), os.environ)
    screen = Screen()
    screen.write("".join(f"{one}\n" for one in made))
    next_steps = [
        f"{story.name} is begun: replace the templates in {config.place(story.corpus)} and beside it",
        f"what is wrong in them: exomars check; how it answers: exomars --story {word} status",
        "a bot that runs knows it once it is started again",
    ]
    if "slack" in config.platforms:
        next_steps.append(f"on Slack, add /{word} to the slash commands of the app; !{word} works without")
    screen.warn(next_steps)
    return EXIT_OK
