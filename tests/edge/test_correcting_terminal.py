"""Corrections in the terminal, which cannot be edited: printed once, below what they correct."""

from pathlib import Path

import pytest

from bot.config import read_config
from bot.edge.terminal.poster import MAYBE_SHOWN, TerminalPoster
from bot.reply import Reply, parse_reply, reply_text
from bot.store.marks import new_mark
from bot.store.moments import moment, stamp
from bot.store.outbox import Outbox
from bot.wiring import build
from tests.bots import CONFIG, exomars
from tests.deliver.places import Place
from tests.deliver.scene import Scene


class Terminal:
    """A pump for a terminal, and what was printed there."""

    def __init__(self, folder: Path) -> None:
        self.printed: list[Reply] = []
        self.broken = False
        self.scene = Scene(folder, Place(), TerminalPoster(self._show))

    def _show(self, reply: Reply, _: str) -> None:
        self.printed.append(reply)
        if self.broken:
            raise OSError(5, "the terminal is gone")

    async def post(self) -> str:
        """A digest that was printed; its mark."""
        (post,) = await self.scene.posted(
            platform="terminal", server="", place="terminal", place_kind="terminal"
        )
        assert [reply.title for reply in self.printed] == ["News"]
        self.printed.clear()
        return post


@pytest.mark.asyncio
async def test_a_correction_is_printed_once_and_says_what_it_is(tmp_path: Path) -> None:
    """With the words that are right, and both marks."""
    terminal = Terminal(tmp_path)
    post = await terminal.post()
    edit = terminal.scene.correct(post)
    await terminal.scene.until(lambda: terminal.scene.row(edit).state == "done")
    (reply,) = terminal.printed
    assert reply.title == "Corrected: News"
    assert reply.sections[0].lines[0].text == "It did not happen."
    assert reply.notes == (f"[{post}] [{edit}]",)
    assert terminal.scene.row(edit).outcome == ""


@pytest.mark.asyncio
async def test_several_come_one_after_the_other(tmp_path: Path) -> None:
    """Each below the one before."""
    terminal = Terminal(tmp_path)
    posts = [await terminal.post() for _ in range(3)]
    edits = [terminal.scene.correct(post) for post in posts]
    await terminal.scene.until(
        lambda: all(terminal.scene.row(edit).state == "done" for edit in edits), advance=0.2
    )
    assert len(terminal.printed) == 3


@pytest.mark.asyncio
async def test_what_may_have_been_printed_says_so(tmp_path: Path) -> None:
    """After a kill nobody knows; as with digests, a word about that is better than silence."""
    terminal = Terminal(tmp_path)
    edit = terminal.scene.correct(await terminal.post())
    terminal.scene.store.write(lambda db: Outbox(db.conn).take_corrections("terminal", terminal.scene.now, 9))
    await terminal.scene.until(lambda: terminal.scene.row(edit).state == "done")
    (reply,) = terminal.printed
    assert (reply.title, reply.notes[-1]) == ("Corrected: News", MAYBE_SHOWN)


@pytest.mark.asyncio
async def test_a_terminal_that_is_gone_gets_it_later(tmp_path: Path) -> None:
    """It is not answered, and not lost."""
    terminal = Terminal(tmp_path)
    post = await terminal.post()
    terminal.broken = True
    edit = terminal.scene.correct(post)
    await terminal.scene.until(lambda: terminal.scene.row(edit).tries > 0)
    terminal.broken, terminal.scene.pump = False, terminal.scene.a_pump()
    await terminal.scene.until(lambda: terminal.scene.row(edit).state == "done", advance=0.2)
    assert len(terminal.scene.corrections(post)) == 1
    assert terminal.printed[-1].notes[-1] == MAYBE_SHOWN


def _mend(state: Path, title: str) -> str:
    """Promises an edit of the only digest there is, as a correction does; returns its mark."""
    parts = build(read_config(str(CONFIG), {"EXOMARS_DB": str(state / "exomars.db")}))
    try:
        with parts.store.reading("") as shelf:
            found = shelf.connection.execute("SELECT id FROM delivery WHERE task = 'post'").fetchall()
            revision = shelf.connection.execute("SELECT max(id) FROM revision").fetchone()[0]
            outbox = Outbox(shelf.connection)
            ((post,),) = found
            row = outbox.get(str(post))
            assert row is not None
            assert row.body is not None
            reply = parse_reply(outbox.body(row.body))
        edit = row._replace(
            id=new_mark(), task="edit", heading="", state="due", tries=0, done=None, until=None,
            made=stamp(moment(row.made)), target=row.id, revision=revision,
        )  # fmt: skip

        def promise(db: object) -> None:
            kept = Outbox(db.conn)  # type: ignore[attr-defined]
            kept.promise(edit._replace(body=kept.put_body(reply_text(reply._replace(title=title)))))

        parts.store.write(promise)
        return edit.id
    finally:
        parts.close()


def test_in_the_chat_it_comes_with_the_next_start_and_never_again(tmp_path: Path) -> None:
    """By the real program, in a pipe."""
    typed = "!exomars digest subscribe kind replay at 09:00\n!exomars digest now\n"
    first = exomars(tmp_path, "run", typed=typed)
    assert "Replay no. 1" in first.stdout
    edit = _mend(tmp_path, "What was wrong is mended")
    second = exomars(tmp_path, "run", typed="!exomars digest list\n")
    assert second.stdout.count("Corrected: What was wrong is mended") == 1
    assert second.stdout.count(f"[{edit}]") == 1
    assert "Late by" not in second.stdout
    third = exomars(tmp_path, "run", typed="!exomars digest list\n")
    assert "Corrected" not in third.stdout
