"""Taking over files, with progress where there are very many of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.curate.files.sync import Synced
from bot.edge.parts import Parts

if TYPE_CHECKING:
    from bot.edge.terminal.progress import Progress

MANY = 500  # files; fewer are read before anybody would look for a bar


def load(parts: Parts, say: Callable[[str], None] | None = None) -> list[Synced]:
    """`parts.refresh`, and meanwhile how far it has come: on standard error, or as lines to `say`."""
    loading = Loading(say)
    try:
        return parts.refresh(loading.step)
    finally:
        loading.end()


class Loading:
    """The progress of one load after another; shown only while there is much to read.

    `then`: what is done with the files once they are read.
    """

    def __init__(self, say: Callable[[str], None] | None = None, then: str = "keeping them") -> None:
        self._say = say
        self._then = then
        self._shown: Progress | None = None

    def step(self, done: int, total: int) -> None:
        """So many files of one load have been read; it begins with none."""
        if total <= MANY:
            return
        if self._shown is None or done == 0:
            self.end()
            # Imported here: nearly every command has nothing to load.
            from bot.edge.terminal.progress import Progress

            self._shown = Progress("reading files", total, say=self._say)
        self._shown.at(done)
        if done == total:
            self._shown.last(f"{total:,} files are read; {self._then}")

    def end(self) -> None:
        """Takes it off the screen."""
        if self._shown is not None:
            self._shown.hide()
            self._shown = None
