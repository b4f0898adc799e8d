"""What the edges are given to work with; `wiring.py` builds it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bot.answer.desk import Desk
from bot.config import Config
from bot.curate.sync import Synced
from bot.errors import UnknownStoryError


class Parts(NamedTuple):
    """The parts of a bot, joined."""

    config: Config
    desks: Mapping[str, Desk]  # by the command word of their story
    refresh: Callable[[], list[Synced]]  # takes over what changed in the files of every story
    recall: Callable[[str], str]  # a setting that the bot made itself; empty where there is none
    remember: Callable[[str, str], None]
    close: Callable[[], None]  # lets go of the database

    def desk(self, word: str = "") -> Desk:
        """The desk of a story; of the first one where no word is given."""
        if not word:
            return next(iter(self.desks.values()))
        if word not in self.desks:
            raise UnknownStoryError(f"there is no story {word!r}; config.toml has {', '.join(self.desks)}")
        return self.desks[word]
