"""The picture of an answer as a file, for `exomars timeline --chart`."""

import os
import sys
from tempfile import NamedTemporaryFile

from bot.chart import Chart
from bot.errors import EXIT_USAGE, BotError
from bot.render.picture import is_ours, png

STANDARD_OUTPUT = "-"


class PictureError(BotError):
    """The picture cannot go where it should."""

    exit_code = EXIT_USAGE


def write(chart: Chart, to: str, name: str, *, dark: bool = False) -> str:
    """Writes the picture and returns where it is, in words; empty for standard output.

    `to` is a file, a folder, `-` for standard output, or empty for a file of this `name` in the folder
    where one is. An earlier picture of ours is replaced, anything else is left as it is. Raises PictureError.
    """
    if to == STANDARD_OUTPUT:
        if sys.stdout.isatty():
            raise PictureError("a picture is not for a screen; send it on with a pipe, or name a file")
        sys.stdout.buffer.write(png(chart, dark=dark))
        sys.stdout.buffer.flush()
        return ""
    path = os.path.expanduser(to) or name
    if os.path.isdir(path):
        path = os.path.join(path, name)
    try:
        there = os.path.lexists(path)
        if there and not _replaceable(path):
            raise PictureError(f"{path} is there already, and is no picture of this bot; name another file")
        _put(path, png(chart, dark=dark))
    except OSError as error:
        why = error.strerror or str(error)
        raise PictureError(f"{path} cannot be written ({why}); name another file with --to") from error
    return f"{path}, in the place of an earlier one" if there else path


def _replaceable(path: str) -> bool:
    """Whether a file is a picture that was written here before; a link, a device or a folder never is."""
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return is_ours(file)


def _put(path: str, content: bytes) -> None:
    """Writes a file as a whole or not at all."""
    with NamedTemporaryFile(dir=os.path.dirname(path) or ".", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(file.name, 0o666 & ~mask)  # as any new file, and not as a temporary one
            os.replace(file.name, path)
        except OSError:
            os.unlink(file.name)
            raise
