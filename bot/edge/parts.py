"""What the edges are given to work with; `wiring.py` builds it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.config import Config
from bot.curate.files.sync import Synced
from bot.desk.desk import Desk
from bot.store.store import Store

if TYPE_CHECKING:
    from bot.deliver.order import Poster
    from bot.edge.timer import Timer


class Parts(NamedTuple):
    """The parts of a bot, joined."""

    config: Config
    store: Store
    desks: Mapping[str, Desk]  # by the command word of their story
    # Takes over what changed in the files of every story; may be given a `curate.files.sync.Step`.
    refresh: Callable[..., list[Synced]]
    recall: Callable[[str], str]  # a setting that the bot made itself; empty where there is none
    remember: Callable[[str, str], None]
    timer: "Callable[[Sequence[Poster]], Timer]"  # makes and delivers the digests of these platforms
    close: Callable[[], None]  # lets go of the database

    def desk(self, word: str = "") -> Desk:
        """The desk of a story; of the first one where no word is given."""
        if not word:
            return next(iter(self.desks.values()))
        return self.desks[self.config.story(word).word]

    def called(self, word: str = "") -> str:
        """What is typed in a shell before a command that is for this story."""
        return f"exomars --story {word}" if word and word != self.desk().story.word else "exomars"
