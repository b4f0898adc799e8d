"""A small table of commands that take forms, files, people and items, without a newsroom behind it."""

from bot.command.entry import Ask, Command, Param
from bot.command.form import Field, Form
from bot.reply import Line, Reply, Section


def only_quiet(text: str) -> str:
    """Reads the one word "quiet"."""
    if text.lower() != "quiet":
        raise ValueError(f"“{text}” is not quiet")
    return text


def said(ask: Ask) -> Reply:
    """Tells what arrived."""
    lines = [Line(f"{name}={value}") for name, value in ask.args.items()]
    lines += [Line(f"{file.name}: {file.problem or len(file.text)}") for file in ask.files]
    return Reply("said", "Arrived", (Section("", tuple(lines) or (Line("nothing"),)),), private=True)


def form(ask: Ask) -> Form | Reply:
    """Asks for everything that `write` and `mend` have."""
    words = " ".join(filter(None, ("mend", ask.text("id"), ask.text("quiet"))))
    return Form(words, "Mend", (Field("title", "Title"), Field("body", "Text", long=True)))


TITLE, BODY = Param("title", "text", "its title"), Param("body", "text", "its text")
DRAFT = Param("to", "draft", "a draft", cues=("to",), cued=True)
ITEM = Param("id", "item", "what is to be mended", required=True)
QUIET = Param("quiet", "value", "only typing", read=only_quiet)
WHY = Param("why", "words", "why, in a sentence", cues=("because",))
WHO = Param("who", "person", "a person or a role", required=True)

WRITE = Command("write", "Write", (DRAFT,), said, fields=(TITLE, BODY), form=form, files=True)
MEND = Command("mend", "Mend", (ITEM, QUIET, WHY), said, fields=(TITLE, BODY), form=form)
NAME = Command("name", "Name somebody", (WHO,), said)
LOOK = Command("look", "Look", (Param("words", "words", "anything"),), said)

TABLE = (LOOK, WRITE, MEND, NAME)
