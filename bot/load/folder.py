"""Which files a story is made of, and what is in them. The only part of `load` that does I/O."""

import os
from collections.abc import Iterable
from typing import NamedTuple
from zlib import adler32, crc32

from bot.model import Problem

MAX_BYTES = 1 << 20
VOCABULARY = "vocabulary.yaml"
"""What the words of a story are called: one file, among its sources."""


class Folder(NamedTuple):
    """A folder of notes: what people call it, and where it is."""

    name: str
    place: str
    kind: str  # "source" or "briefing"


class Seen(NamedTuple):
    """One file of a story as the folder lists it, not yet read."""

    path: str  # as it is named to people: folder/name
    kind: str  # "source", "briefing" or "vocabulary"
    stat: str  # changes whenever the file may have changed
    place: str  # where to open it
    roof: str  # the folder which it may not lead out of


class Listing(NamedTuple):
    """All files of a story, and what is wrong with the folders themselves."""

    files: tuple[Seen, ...]
    problems: tuple[Problem, ...]
    missing: tuple[str, ...]  # the kinds whose folder could not be listed

    @property
    def signature(self) -> str:
        """Changes whenever any file was added, removed or may have changed."""
        lines = [f"{seen.path}\0{seen.kind}\0{seen.stat}" for seen in self.files]
        lines += [str(problem) for problem in self.problems]
        text = "\n".join(lines).encode("utf-8", "surrogateescape")
        # Checksums suffice where nobody is to be deceived, and need no import of OpenSSL.
        return f"{len(lines)}-{len(text)}-{crc32(text):08x}-{adler32(text):08x}"


def listing(folders: Iterable[Folder]) -> Listing:
    """Lists the notes in a story's folders, sorted by name; whatever else is there is a problem.

    A note is what is called `.md`, a README too; among the sources there may be one vocabulary. Only
    hidden entries are passed over, which editors and systems leave.
    """
    files: list[Seen] = []
    problems: list[Problem] = []
    missing: list[str] = []
    for folder in folders:
        try:
            with os.scandir(folder.place) as found:
                entries = [entry for entry in found if not entry.name.startswith(".")]
        except OSError as error:
            missing.append(folder.kind)
            what = f"the folder cannot be listed ({error.strerror})"
            problems.append(Problem(folder.name, 1, what, "make it, or name the right one in config.toml"))
            continue
        notes = sorted(_seen(entry, folder) for entry in entries if entry.name.endswith(".md"))
        if not notes:
            problems.append(Problem(folder.name, 1, "holds no notes", "put .md files there"))
        files += notes
        for entry in entries:
            if _is_vocabulary(entry.name, folder):
                files.append(_seen(entry, folder)._replace(kind="vocabulary"))
        problems += sorted(
            _stray(entry, folder)
            for entry in entries
            if not entry.name.endswith(".md") and not _is_vocabulary(entry.name, folder)
        )
    return Listing(tuple(files), tuple(problems), tuple(missing))


def read(seen: Seen) -> tuple[str, str] | Problem:
    """The text of a file and the hash of its bytes, or why it cannot be had."""
    try:
        real = os.path.realpath(seen.place, strict=True)
        roof = os.path.realpath(seen.roof)
        if os.path.commonpath([real, roof]) != roof:
            return Problem(seen.path, 1, "is a link that leads out of its folder", "put the file itself here")
        if not os.path.isfile(real):
            return Problem(seen.path, 1, "is not a file", f"put a {_form(seen)} file here")
        size = os.path.getsize(real)
        if size > MAX_BYTES:
            return Problem(
                seen.path,
                1,
                f"is {size:,} bytes long, more than {MAX_BYTES:,}",
                "shorten it" if seen.kind == "vocabulary" else "split it into several notes",
            )
        with open(real, "rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or str(error)
        return Problem(seen.path, 1, f"cannot be read ({why})", "check the link or its permissions")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Problem(seen.path, line, "is not UTF-8 text", "save it in UTF-8")
    from hashlib import sha256

    return text, sha256(raw).hexdigest()


def _seen(entry: "os.DirEntry[str]", folder: Folder) -> Seen:
    place = os.path.join(folder.place, entry.name)
    try:
        found = entry.stat()
        stat = f"{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_ino}"
    except OSError as error:  # a link that leads nowhere
        stat = f"error {error.errno}"
    return Seen(_named(entry, folder), folder.kind, stat, place, folder.place)


def _is_vocabulary(name: str, folder: Folder) -> bool:
    return name == VOCABULARY and folder.kind == "source"


def _form(seen: Seen) -> str:
    return "YAML" if seen.kind == "vocabulary" else "Markdown"


def _stray(entry: "os.DirEntry[str]", folder: Folder) -> Problem:
    """What is no note and would be passed over without a word."""
    if os.path.isdir(entry.path):
        what, mend = "is a folder, and what is in it is not read", f"put its notes into {folder.name} itself"
    elif folder.kind == "source" and entry.name.lower() in {VOCABULARY, "vocabulary.yml"}:
        what, mend = f"is not read: a vocabulary is called {VOCABULARY}", "rename it"
    else:
        what, mend = "is not read: its name does not end in .md", "rename it, or put it elsewhere"
    return Problem(_named(entry, folder), 1, what, mend)


def _named(entry: "os.DirEntry[str]", folder: Folder) -> str:
    name = entry.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return f"{folder.name}/{name}"
