"""What stands as it was written in chat and is not in the files yet, and where both were changed."""

from collections.abc import Iterable

from bot.curate.files.following import conflicts
from bot.edtf import spoken_day
from bot.load.folder import Folder
from bot.load.story import Loaded
from bot.store import meaning
from bot.store.moments import moment
from bot.store.newsroom import Newsroom, RevisionRow
from bot.store.shelf import Shelf


def unexported(
    shelf: Shelf, own: Iterable[Folder], places: Iterable[Folder], loaded: Iterable[Loaded]
) -> dict[str, str]:
    """A line for each file that says something else than what stands, by its path: for the operator alone.

    `own` are the story's folders as its configuration calls them, `places` the same as they are to be
    called, and `loaded` all files in them.
    """
    newsroom = Newsroom(shelf.connection, shelf.story)
    names = {place.kind: place.name for place in places}
    files = {one.seen.path: one for one in loaded}
    found = (one._replace(path=f"{names[one.kind]}/{one.item}.md") for one in conflicts(newsroom, own))
    both = {one.path: one for one in found if one.path in files}
    lines = {path: str(one) for path, one in both.items() if one.stands.startswith("file")}
    for row in newsroom.written_in_chat():
        path = f"{names[row.kind]}/{row.item}.md"
        file = files.get(path)
        if (row.text or file) and not (file and _says(file, row)):
            if file and file.note.shape.audience != row.audience:
                if row.text:
                    lines[path] = _apart(path, row)
                continue
            lines[path] = str(both[path]) if path in both else _line(path, row)
    return dict(sorted(lines.items()))


def _says(file: Loaded, row: RevisionRow) -> bool:
    """Whether a file says what a version says, whatever its form."""
    return file.text == row.text or (file.note.item is not None and meaning.of(file.note.item) == row.meaning)


def _apart(path: str, row: RevisionRow) -> str:
    """That a file has the id of a document for others."""
    chat = f"version {row.version}, {spoken_day(moment(row.made).date())}"
    return (
        f"{path}: has the id of what was written in chat for {row.audience or 'everyone'} ({chat}), and is"
        " for others; one of them has to get another id"
    )


def _line(path: str, row: RevisionRow) -> str:
    chat = f"version {row.version}, {spoken_day(moment(row.made).date())}"
    if not row.text:
        return f"{path}: stands no longer: it was taken away in chat ({chat}); `exomars export` removes it"
    return f"{path}: is not exported: {chat}, was written in chat; `exomars export` writes it"
