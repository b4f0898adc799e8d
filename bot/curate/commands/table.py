"""The commands of the newsroom. A new one is one entry here, one handler in `handlers.py`, one test.

What answers them is imported when it is first used: most requests are no editor's.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.command.entry import Ask, Command, Param
from bot.command.reporting import opens_report
from bot.reply import Reply

if TYPE_CHECKING:
    from bot.command.form import Form


def _handled(name: str) -> Callable[[Ask], Reply]:
    """The handler of this name."""

    def handle(ask: Ask) -> Reply:
        from bot.curate.commands.handlers import HANDLERS

        return HANDLERS[name](ask)

    return handle


def _reported(ask: Ask) -> object:
    """What a report is about."""
    from bot.curate.commands.reports import prepare

    return prepare(ask)


def _looked_at(ask: Ask) -> object:
    """What is suggested for a draft."""
    from bot.curate.commands.publishing import prepare_show

    return prepare_show(ask)


def _form(name: str) -> "Callable[[Ask], Form | Reply]":
    """The form of the command of this name."""

    def make(ask: Ask) -> "Form | Reply":
        from bot.curate.commands.handlers import FORMS

        return FORMS[name](ask)

    return make


def _only(*words: str) -> Callable[[str], str]:
    """Reads one of these words."""

    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"“{text[:40]}” is not {' or '.join(words)}")
        return text.lower()

    return read


def _number(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(f"“{text[:40]}” is not a number")
    return text


def _slug(text: str) -> str:
    if not re.fullmatch(r"#?[a-z0-9][a-z0-9-]{0,59}", text):
        raise ValueError(f"“{text[:40]}” is no id of a fact")
    return text


def _mark(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{8}", text):
        raise ValueError(f"“{text[:40]}” is no mark of a preview")
    return text


def _texts(**helps: str) -> tuple[Param, ...]:
    """What only forms have."""
    return tuple(Param(name, "text", text) for name, text in helps.items())


_ID = Param("id", "item", "the id of a briefing or a source, or source#fact", required=True)
_PART = Param("id", "item", "of several documents the one with this id")
_DRAFT = Param("draft", "draft", "the number of a draft", required=True)
_TO = Param("to", "draft", "a draft that it is to be published with", cues=("to",), cued=True, shown="DRAFT")
_FOR = Param(
    "for",
    "value",
    "here: it is for this server alone",
    cues=("for",),
    cued=True,
    read=_only("here"),
    shown="here",
    offer=lambda: [("here: for this server alone", "here")],
)
_QUIET = Param(
    "quiet",
    "value",
    "quiet: only typing was wrong, no copy is changed",
    read=_only("quiet"),
    shown="quiet",
    offer=lambda: [("quiet: only typing was wrong, no copy is changed", "quiet")],
)
_REPORT = Param("number", "value", "the number of a report", read=_number, shown="N")
_WAS = Param("was", "words", "what was wrong, in a sentence", cues=("was",))
_BECAUSE = Param("because", "words", "why, in a sentence", cues=("because",))

_BRIEFING = _texts(
    title="its title",
    as_of="the day of which it tells",
    state="the story in one line",
    text="its text, each sentence with its citations",
    tags="its tags",
)
_SOURCE = _texts(
    outlet="who published it, or unknown",
    url="where it is, or unknown",
    published="when it was published",
    language="as en, de, ru",
)
_FACT = _texts(date="when it happened", says="what it states", speaker="who said it", kind="what kind it is")


def _entry(
    name: str,
    help_text: str,
    params: tuple[Param, ...],
    examples: tuple[str, ...] = (),
    *,
    fields: tuple[Param, ...] = (),
    files: bool = False,
    form: bool = False,
) -> Command:
    """One entry: everything in the newsroom is a curator's, and writes, if only to the audit."""
    return Command(
        name,
        help_text,
        params,
        _handled(name),
        examples,
        "curators",
        changes=True,
        fields=fields,
        form=_form(name) if form else None,
        files=files,
    )


NEWSROOM: tuple[Command, ...] = (
    _entry("add", "Write a new briefing, as a draft first", (_TO, _FOR), ("add",), fields=_BRIEFING,
           files=True, form=True),
    _entry("source add", "Write a new source note, as a draft first", (_TO, _FOR), ("source add",),
           fields=(_BRIEFING[0], *_SOURCE), files=True, form=True),
    _entry("edit", "A new version of a briefing or a source", (_ID,), (),
           fields=(*_BRIEFING, *_SOURCE, *_FACT), files=True, form=True),
    _entry("correct", "Mend a mistake, in every posted copy as well", (_ID, _QUIET, _WAS), (),
           fields=(*_BRIEFING, *_SOURCE, *_FACT), files=True, form=True),
    _entry("retract", "Take a briefing or a source back, with the reason in its place", (_ID, _BECAUSE), (),
           form=True),
    _entry("restore", "Have what was retracted count again", (_ID,)),
    _entry("undo", "Take back what you published last, within ten minutes",
           (Param("draft", "value", "nothing but what this draft published", read=_number),), ("undo",)),
    _entry("history", "The versions of a briefing or a source, and copies reached",
           (_ID, Param("version", "value", "one version alone, with all that it changed", cues=("version",),
                       cued=True, read=_number, shown="N"))),
    _entry("cite", "Facts that fit some words, as citations to copy",
           (Param("words", "words", "what is to be cited for", required=True),), ("cite launch in 2022",)),
    _entry("drafts", "Your drafts, and those that wait for you", (), ("drafts",)),
    _entry("draft show", "A draft: its problems, or what readers will see", (_DRAFT, _PART))._replace(
        prepares=_looked_at),
    _entry("draft edit", "Go on with a draft", (_DRAFT, _PART), (),
           fields=(*_BRIEFING, *_SOURCE, *_texts(was="what was wrong", because="why it is retracted")),
           files=True, form=True),
    _entry("draft fact", "Add a fact to a drafted source note, or change one",
           (_DRAFT, Param("slug", "value", "the id of a fact to change", read=_slug)), (),
           fields=(*_FACT, _BRIEFING[4]), form=True),
    _entry("draft publish", "Publish a draft, or approve that of another",
           (_DRAFT, Param("seen", "value", "of another's, the mark that its preview shows", read=_mark))),
    _entry("draft discard", "Give a draft up, or send that of another back", (_DRAFT,)),
    _entry("reports", "What readers say is wrong: the open reports, or one in full", (_REPORT,),
           ("reports",)),
    _entry("report close", "Close a report, with a word on what came of it",
           (_REPORT._replace(required=True), Param("outcome", "words", "what came of it, in a sentence")),
           form=True)._replace(form_where=str.isdigit),
)  # fmt: skip

# What every reader may do for the newsroom.
REPORTING: tuple[Command, ...] = (
    Command(
        "report",
        "Say what is wrong with an answer; the editors of the story see it",
        (Param("text", "words", "what is wrong, in a sentence; or mine: what came of your reports"),),
        _handled("report"),
        ("report The launch was in March, not in May",),
        changes=True,
        prepares=_reported,
        fields=_texts(says="what is wrong"),
        form=_form("report"),
        form_where=opens_report,
    ),
)
