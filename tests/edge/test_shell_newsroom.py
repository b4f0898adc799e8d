"""The newsroom in the shell and in the terminal chat: files, standard input, an editor, questions."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.store.store import Store
from tests import ferry
from tests.bots import exomars
from tests.curate.chat import AFTER, written
from tests.terminals import Terminal, terminal

NEW = """---
id: 2019-07-01-quiet
title: All is quiet
as_of: 2019-07-01
state: Nothing sails.
phase: ended
tags: []
---
Alton has left [@2019-06-20-end#left].
"""
BROKEN = NEW.replace(" [@2019-06-20-end#left]", "")
SOURCE = """---
title: A new ship
outlet: unknown
url: unknown
published: 2019-08-01
language: en
facts:
  - {id: ship, date: 2019-08-01, says: A ship was bought., kind: event, tags: []}
---
"""
OVER = "2019-06-20-over"


@pytest.fixture(name="story")
def _story(tmp_path: Path) -> Path:
    """A folder with the small story and a config.toml; returns that file."""
    ferry.write(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text('[[story]]\nword = "ferry"\nname = "The ferry"\n', encoding="utf-8")
    return config


class Shell:
    """A shell in which one command is typed after another."""

    def __init__(self, story: Path) -> None:
        self.story = story
        self.root = story.parent

    def __call__(self, *words: str, typed: str = "", code: int = 0) -> str:
        """All that a command prints; it ends with this code."""
        done = exomars(self.root, *words, typed=typed, config=self.story)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def file(self, name: str, text: str) -> str:
        """The path of a new file."""
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def text(self, path: str) -> str:
        """What a file of the story says."""
        return (self.root / path).read_text(encoding="utf-8")


@pytest.fixture(name="shell")
def _shell(story: Path) -> Shell:
    return Shell(story)


def draft_of(shown: str) -> str:
    """The number of the draft that was shown."""
    return shown.partition("draft publish ")[2].split(",")[0]


# ── files and standard input ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["a file", "a pipe", "a pipe by name"])
def test_a_briefing_is_added_and_published(shell: Shell, how: str) -> None:
    """What comes in a file or on standard input is a draft, shown as readers will see it; then all see it."""
    path = shell.file("new.md", NEW)
    words = {"a file": [path], "a pipe": [], "a pipe by name": ["-"]}[how]
    shown = shell("add", *words, typed="" if how == "a file" else NEW)
    assert "Draft 1, for everyone: this is what readers will see." in shown
    assert "Alton has left. [1]" in shown
    assert "Nothing sails." not in shell("status")
    shell("draft", "publish", "1")
    assert "Nothing sails." in shell("status")


def test_a_source_and_its_briefing_come_together(shell: Shell) -> None:
    """`source add` is a command beside `source`; two files are one draft."""
    one = shell.file("source.md", SOURCE)
    other = shell.file("briefing.md", NEW.replace("2019-06-20-end#left", "2019-08-01-a-new-ship#ship")
                       .replace("as_of: 2019-07-01", "as_of: 2019-08-01"))  # fmt: skip
    assert "With it comes 2019-08-01-a-new-ship." in shell("source", "add", one, other)
    shell("draft", "publish", "1")
    assert "A ship was bought." in shell("source", "2019-08-01-a-new-ship")
    assert "A ship was bought." in shell("source", "2019-08-01-a-new-ship", "--json")
    assert "source add" in shell("source", "--help")
    assert "2 problems" not in shell("source", "adds", code=2)


def test_a_text_with_problems_is_kept_as_a_draft(shell: Shell) -> None:
    """They are told with their lines, the exit code is 1, and a new file for the draft mends them."""
    shown = shell("add", shell.file("new.md", BROKEN), code=1)
    assert "line 9 (text, line 1) — a sentence without a citation" in shown
    assert "draft 1" in shell("drafts")
    assert "this is what readers will see" in shell("draft", "edit", "1", shell.file("new.md", NEW))
    shell("draft", "discard", "1")
    assert "There are no drafts." in shell("drafts")


UNREADABLE: Mapping[str, tuple[bytes | None, str]] = {
    "that is not there": (None, "cannot be read (No such file or directory)"),
    "that is no UTF-8": (b"---\nid: \xff\n---\n", "is not in UTF-8 (line 2)"),
    "of 10 MB": (b"x" * 10_000_000, "is more than 131,072 bytes long; shorten it"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_file_that_cannot_be_read_is_told(shell: Shell, what: str) -> None:
    """It is named, with what to do, and nothing is kept."""
    content, told = UNREADABLE[what]
    if content is not None:
        (shell.root / "new.md").write_bytes(content)
    assert told in shell("add", str(shell.root / "new.md"), code=2)
    assert "There are no drafts." in shell("drafts")


def test_without_a_file_and_without_a_person_it_says_what_it_needs(shell: Shell) -> None:
    """Nobody is asked where nobody sits."""
    assert "add needs a briefing in the format of the files" in shell("add", code=2)
    assert "says why, in a sentence" in shell("retract", OVER, code=2)
    assert "needs ID" in shell("edit", code=2)


# ── changing, by words and by options ───────────────────────────────────────────────────


def test_fields_are_given_by_options(shell: Shell) -> None:
    """What a form has is an option of its name; what is left out stays as it was."""
    shown = shell("correct", OVER, "--was", 'It said "left" too soon.', "--state", "Alton is leaving.")
    assert "Alton is leaving." in shown
    assert 'What was wrong: It said "left" too soon.' in shown
    shell("draft", "publish", "1")
    assert "Alton is leaving." in shell("status")
    shown = shell("edit", OVER, "--title=Alton goes")
    assert "Alton goes" in shown
    assert "Quietly" in shell("correct", OVER, "--quiet", "--title", "Alton leaves.")
    shell("draft", "discard", "3")
    assert "Quietly" in shell("correct", OVER, "quiet", "--title", "Alton leaves.")


@pytest.mark.parametrize(
    "words",
    [
        ["because", "It", "was", "a", "rumour."],
        ["because", "It was a rumour."],
        ["--because", "It was a rumour."],
    ],
    ids=["in words", "in quotation marks", "by an option"],
)
def test_a_reason_is_given_in_words(shell: Shell, words: list[str]) -> None:
    """All that stands behind `because` is the reason, whatever it is like."""
    assert "Why: It was a rumour." in shell("retract", OVER, *words)


def test_a_file_may_stand_before_what_was_wrong(shell: Shell) -> None:
    """The id comes first, then in any order the file and what has a word before it."""
    text = ferry.BRIEFINGS[OVER].replace("Alton left the ferry", "Alton leaves the ferry")
    path = shell.file("over.md", text)
    both = ([path, "was", "It", "had not left."], ["--was", "It had not left.", path])
    for number, words in enumerate(both, 1):
        shown = shell("correct", OVER, *words)
        assert "Alton leaves the ferry" in shown
        assert "What was wrong: It had not left." in shown
        assert f"it is draft {number}; nothing was changed" in shell("correct", OVER, *words, code=2)
        shell("draft", "discard", str(number))


def test_the_log_is_exported_whole(shell: Shell) -> None:
    """One JSON object in a line, oldest first: at, who, what, where, before, after and outcome."""
    shell("add", shell.file("new.md", NEW))
    shell("draft", "publish", "1")
    rows = [json.loads(line) for line in shell("log", "--json").splitlines()]
    assert [row["what"]["item"] for row in rows] == ["2019-07-01-quiet"] * 2
    assert rows[0]["what"]["act"].startswith("add")
    assert rows[1]["who"] == {"platform": "terminal", "user": "operator", "name": "the operator"}
    assert rows[1]["where"]["platform"] == "terminal"
    assert (rows[1]["before"], rows[1]["after"], rows[1]["outcome"]) == ("not there", "version 1", "done")
    assert rows[1]["at"].endswith("Z")
    assert len(shell("log", "2019-07-01-quiet", "--json").splitlines()) == 2
    assert shell("log", "2019-06-20-over", "--json") == ""


# ── files against chat ──────────────────────────────────────────────────────────────────


def test_what_was_written_in_chat_is_exported(shell: Shell) -> None:
    """`check` tells of it without calling it wrong; then the files say it, and there is nothing to tell."""
    shell("add", shell.file("new.md", NEW))
    shell("draft", "publish", "1")
    told = shell("check")
    assert "briefings/2019-07-01-quiet.md: is not exported: version 1, " in told
    assert "3 sources and 4 briefings read: no problems; 1 note on what was changed in chat." in told
    told = shell("export")
    assert told.splitlines() == ["briefings/2019-07-01-quiet.md", "exomars: 1 file written"]
    assert shell.text("briefings/2019-07-01-quiet.md") == NEW
    assert shell("check") == "3 sources and 5 briefings read: no problems.\n"
    assert shell("export") == "exomars: the files say what stands; nothing was written\n"
    shell("undo")
    assert "stands no longer: it was taken away in chat" in shell("check")
    assert shell("export").splitlines() == [
        "briefings/2019-07-01-quiet.md: removed",
        "exomars: 1 file removed",
    ]


def test_a_conflict_is_told_by_check_as_long_as_it_lasts(shell: Shell) -> None:
    """Both versions are kept; with an export the files agree again."""
    shell("status")
    store = Store(str(shell.root / "exomars.db"))
    text = ferry.BRIEFINGS[OVER]
    written(store, "briefing", text.replace("left the ferry", "gave up"), at=AFTER.replace(year=2999),
            story=ferry.STORY)  # fmt: skip
    path = shell.root / "briefings" / f"{OVER}.md"
    path.write_text(text.replace("left the ferry", "went"), encoding="utf-8")
    line = f"briefings/{OVER}.md: was changed here and in chat (version 2, 2 September 2999); the newer one,"
    assert line in shell("status")
    assert "gave up" in shell("status")
    for words in (["check"], ["check", str(path)], ["check", str(shell.root)]):
        assert f"{OVER}.md: was changed here and in chat" in shell(*words)
    assert shell("check", str(shell.root / "corpus")).endswith("no problems.\n")
    assert "kept, but another version was newer" in shell("history", OVER)
    shell("export")
    assert "changed here and in chat" not in shell("check")
    assert "gave up" in path.read_text(encoding="utf-8")
    store.close()


def test_a_whole_story_is_exported_into_another_folder(shell: Shell) -> None:
    """From there, with a new database, it gives the same answers."""
    shell("add", shell.file("new.md", NEW))
    shell("draft", "publish", "1")
    copy = shell.root / "copy"
    told = shell("export", "--to", str(copy))
    assert told.endswith("exomars: 8 files written\n")
    assert not (shell.root / "briefings" / "2019-07-01-quiet.md").exists()
    (copy / "config.toml").write_bytes(shell.story.read_bytes())
    other = Shell(copy / "config.toml")
    for words in (["status"], ["timeline"], ["briefings"], ["status", "2019-03-05"], ["search", "ferry"]):
        assert other(*words, "--json") == shell(*words, "--json")


def test_a_file_that_was_left_is_told_with_exit_code_1(shell: Shell) -> None:
    """Nothing that somebody wrote is overwritten, and a program notices."""
    shell("edit", OVER, "--title", "Alton goes")
    shell("draft", "publish", "1")
    (shell.root / "briefings" / f"{OVER}.md").write_text("mine", encoding="utf-8")
    told = shell("export", code=1)
    assert f"briefings/{OVER}.md: was not taken over as it is now" in told
    assert shell.text(f"briefings/{OVER}.md") == "mine"


def test_check_needs_no_database_that_works(shell: Shell) -> None:
    """The files are checked all the same, and none is made."""
    assert shell("check") == "3 sources and 4 briefings read: no problems.\n"
    assert not (shell.root / "exomars.db").exists()
    shell.file("exomars.db", "no database" * 200)
    assert "3 sources and 4 briefings read: no problems." in shell("check")


# ── an editor, and questions ────────────────────────────────────────────────────────────


def writes(shell: Shell, text: str) -> dict[str, str]:
    """An editor which has somebody write a text, and keeps what it was opened with in `seen`."""
    path = shell.file("typed.md", text)
    return {"EDITOR": f'sh -c \'cat "$0" >> {shell.root}/seen; cp {path} "$0"\''}


def seen(shell: Shell) -> str:
    """What the editor was opened with."""
    return shell.text("seen")


def ended(chat: Terminal, code: int) -> str:
    """What was on the screen of a command that has ended."""
    assert chat.process.wait(20) == code
    while chat.reads():
        pass
    return chat.text


def test_an_editor_opens_on_a_template(shell: Shell) -> None:
    """It says what goes where; what was written is shown, and published on a key."""
    with terminal(shell.root, "add", config=shell.story, more=writes(shell, "#> mine alone\n" + NEW)) as chat:
        chat.shows("Publish, edit or discard it?")
        assert "this is what readers will see" in " ".join(chat.text.split())
        assert "mine alone" not in chat.text
        chat.types("p\n")
        ended(chat, 0)
    template = seen(shell)
    assert "#> Lines that begin with #> are for you alone" in template
    for field in ("id:", "title:", "as_of:", "state:", "phase:", "tags:"):
        assert f"\n{field}" in template
    assert "Nothing sails." in shell("status")
    shell("export")
    assert shell.text("briefings/2019-07-01-quiet.md") == NEW


GIVEN_UP = {"left as it is": "true", "emptied": "truncate -s 0", "only commented": "sed -i 1i#>-mine"}


@pytest.mark.parametrize("how", GIVEN_UP)
@pytest.mark.parametrize("words", ["add", "source add", f"edit {OVER}", f"correct {OVER} quiet"])
def test_a_text_that_is_left_as_it_is_or_emptied_is_given_up(shell: Shell, words: str, how: str) -> None:
    """Nothing is kept, nothing is wrong, and the exit code says that nothing came of it."""
    with terminal(shell.root, *words.split(), config=shell.story, more={"EDITOR": GIVEN_UP[how]}) as chat:
        assert ended(chat, 1).splitlines() == ["exomars: nothing was changed"]
    assert "There are no drafts." in shell("drafts")


def test_problems_stand_on_top_when_a_text_is_opened_again(shell: Shell) -> None:
    """With the lines on which they are in the editor; what is not mended is kept as a draft."""
    with terminal(shell.root, "add", config=shell.story, more=writes(shell, BROKEN)) as chat:
        chat.shows("Open it again?")
        (shell.root / "seen").unlink()
        chat.types("\n")
        assert "exomars: nothing was changed" in ended(chat, 1)
    opened = seen(shell).splitlines()
    problem = next(line for line in opened if "a sentence without a citation" in line)
    assert opened.index("Alton has left.") + 1 == int(problem.split("line ")[1].split()[0])
    assert "draft 1" in shell("drafts")


def test_an_editor_opens_what_stands_and_what_was_wrong_is_asked_for(shell: Shell) -> None:
    """VISUAL goes before EDITOR."""
    text = ferry.BRIEFINGS[OVER].replace("Alton left the ferry", "Alton leaves the ferry")
    more = {**writes(shell, text), "EDITOR": "false"} | {"VISUAL": writes(shell, text)["EDITOR"]}
    with terminal(shell.root, "correct", OVER, config=shell.story, more=more) as chat:
        chat.shows("What was wrong, in a sentence: ")
        chat.types("It had not left.\n")
        chat.shows("Publish, edit or discard it?")
        chat.types("\n")
        ended(chat, 0)
    assert ferry.BRIEFINGS[OVER] in seen(shell)
    assert "correct 2019-06-20-over" in shell("drafts")


def test_what_a_form_asks_is_asked_line_by_line(shell: Shell) -> None:
    """The reason of a retraction where it was left out; Ctrl-D gives it up."""
    with terminal(shell.root, "retract", OVER, config=shell.story) as chat:
        chat.shows("Why it is retracted")
        chat.types("A rumour.\n")
        chat.shows("Publish, edit or discard it?")
        chat.types("d\n")
        ended(chat, 0)
    with terminal(shell.root, "retract", OVER, config=shell.story) as chat:
        chat.shows("Why it is retracted")
        chat.types("\x04")
        assert "nothing was changed" in ended(chat, 1)
    assert "There are no drafts." in shell("drafts")


@pytest.mark.parametrize(
    ("editor", "told"),
    [
        ("false", "ended with 1, so nothing was changed; the text is kept in"),
        ("no-such-editor", "the editor no-such-editor cannot be run"),
        ("'", "which is no command; set it right, or name a file"),
    ],
)
def test_an_editor_that_fails_is_told(shell: Shell, editor: str, told: str) -> None:
    """With what to do; nothing is changed."""
    with terminal(
        shell.root, "edit", OVER, config=shell.story, more={"EDITOR": editor, "VISUAL": ""}
    ) as chat:
        assert told in " ".join(ended(chat, 2).split())


def test_what_was_written_and_is_no_draft_is_not_lost(shell: Shell) -> None:
    """A text with the id of another is refused, and kept in a file that is named."""
    with terminal(shell.root, "edit", OVER, config=shell.story, more=writes(shell, NEW)) as chat:
        shown = "".join(ended(chat, 2).splitlines())
    path = shown.partition("what you have written is kept in ")[2].partition(".md")[0] + ".md"
    assert Path(path).read_text(encoding="utf-8") == NEW
    os.unlink(path)


# ── the terminal chat ───────────────────────────────────────────────────────────────────


def test_the_chat_takes_the_same_words(shell: Shell) -> None:
    """A path behind a command is read; what was published is answered at once."""
    path = shell.file("new.md", NEW)
    said = shell(
        "chat", typed=f"!ferry add '{path}'\ndraft publish 1\nstatus\nadd\nedit x {path}\nadd ~/no.md\n"
    )
    assert "this is what readers will see" in said
    assert "Nothing sails." in said
    assert "add needs a briefing" in said
    assert "There is no briefing and no source “x”." in said
    assert "~/no.md cannot be read" in said


def test_the_chat_opens_an_editor_and_asks(shell: Shell) -> None:
    """Where somebody sits there; afterwards the prompt is back."""
    with terminal(shell.root, "chat", config=shell.story, more=writes(shell, NEW)) as chat:
        chat.shows("Type !ferry status")
        chat.types("add\r")
        chat.shows("draft publish 1")
        chat.types("draft publish 1\r")
        chat.shows("!ferry undo")
        chat.types("retract 2019-07-01-quiet\r")
        chat.shows("Why it is retracted")
        chat.types("A rumour.\r")
        chat.shows("Why: A rumour.")
        assert chat.leaves() == 0


def test_a_story_elsewhere_is_not_held_against_the_database(shell: Shell) -> None:
    """What was written in chat belongs to the story's own folders."""
    shell("add", shell.file("new.md", NEW))
    shell("draft", "publish", "1")
    other = shell.root / "copy"
    other.mkdir()
    ferry.write(other)
    assert "not exported" not in shell("check", str(other))
