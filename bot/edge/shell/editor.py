"""A text in somebody's own editor, and the comments around it that are for them alone."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from bot.errors import EXIT_USAGE, BotError

COMMENT = "#>"
EDITORS = ("sensible-editor", "editor", "nano", "vi")  # where none is set, the first that is there


class EditorError(BotError):
    """There is no editor, or it did not end well."""

    exit_code = EXIT_USAGE


def commented(text: str, comments: Iterable[str]) -> str:
    """The text with comments above it."""
    return "".join(f"{COMMENT} {line}".rstrip() + "\n" for line in comments) + text


def uncommented(text: str) -> str:
    """The text without the comments, wherever they stand."""
    lines = (line for line in text.splitlines(keepends=True) if not line.startswith(COMMENT))
    return "".join(lines).strip("\n") + "\n"


def edited(text: str, environment: Mapping[str, str]) -> str | None:
    """What somebody makes of a text; None where it is as it was, or empty. Raises EditorError."""
    command = _editor(environment)
    path = kept(text)
    try:
        with _undisturbed():
            done = subprocess.run([*command, path], check=False)  # noqa: S603  (their own editor)
    except OSError as error:
        os.unlink(path)
        raise EditorError(
            f"the editor {command[0]} cannot be run ({error.strerror}); set EDITOR, or name a file"
        ) from error
    if done.returncode:
        raise EditorError(
            f"the editor {command[0]} ended with {done.returncode}, so nothing was changed; the text is kept"
            f" in {path}"
        )
    try:
        with open(path, encoding="utf-8") as file:
            after = uncommented(file.read())
    except (OSError, UnicodeDecodeError) as error:
        raise EditorError(
            f"what the editor has written cannot be read; it is in {path}, in UTF-8?"
        ) from error
    os.unlink(path)
    return after if after.strip() and after != uncommented(text) else None


def kept(text: str) -> str:
    """Keeps a text in a file that is nobody else's to read; returns its path. Raises EditorError."""
    try:
        number, path = tempfile.mkstemp(prefix="exomars-", suffix=".md")
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise EditorError(
            f"a text cannot be kept for the editor ({error.strerror}); set TMPDIR to a folder that can be"
            " written to, or name a file"
        ) from error
    return path


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Leaves Ctrl-C to the editor: it is pressed there, and must not end what waits for it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _editor(environment: Mapping[str, str]) -> list[str]:
    """The editor as it is to be called."""
    wish = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        if command := shlex.split(wish):
            return command
    except ValueError as error:
        raise EditorError(f"EDITOR is {wish!r}, which is no command; set it right, or name a file") from error
    found = next((path for name in EDITORS if (path := shutil.which(name))), None)
    if found is None:
        raise EditorError("there is no editor; set EDITOR, or name a file")
    return [found]
