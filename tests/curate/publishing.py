"""A newsroom in a process of its own, to be killed: `python -m tests.curate.publishing DATABASE`.

It adds, corrects, retracts and undoes without a pause, and prints a line for each command that has ended.
For each number that it reads it starts a newsroom that counts from there, by a fork, which spares the
imports; says by what id it can be killed, and says when it has ended.
"""

import os
import sys
from datetime import timedelta

import bot.curate.commands.handlers
import bot.curate.copies.amending  # noqa: F401  (the desk would import both late, in each newsroom anew)
from bot.command.asker import Asker
from bot.command.entry import Upload
from bot.desk.desk import Desk
from bot.store.store import Store
from tests.curate.newsroom import EDITOR, number_of
from tests.stories import NOW, PLAN, STORY, briefing, fact, source

ENDED = "ended"


def main(database: str) -> None:
    """Starts one after the other."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            publish(database, int(line))
            os._exit(0)
        # Nothing that was printed is left in a buffer: the child would print it again.
        print(f"started {child}", flush=True)
        os.waitpid(child, 0)
        print(ENDED, flush=True)


def publish(database: str, start: int) -> None:
    """Publishes until it is killed."""
    # An editor each: what one leaves open when it is killed does not keep the next from drafting.
    editor = EDITOR._replace(user=str(start + 1))
    desk = Desk(Store(database), STORY, owners=[f"discord/{editor.user}"])
    for number in range(start, start + 1000):
        name = f"2022-06-01-n{number}"
        note = source(name, fact("one", f"Fact {number}.", tags=["bridge"]), published="2022-06-01")
        text = briefing(name, f"It is so [@{name}#one; @{PLAN}#two-towns].", state=f"State {number}.")
        say(desk, editor, "add", note, text)
        say(desk, editor, f"correct briefings/{name} was it said so", text.replace("It is so", "It was so"))
        if number % 3 == 0:
            say(desk, editor, f"retract briefings/{name} because it is too much")
        if number % 4 == 0:
            print(desk.answer("undo", "!bridge", NOW + timedelta(hours=number), editor).title, flush=True)


def say(desk: Desk, editor: Asker, typed: str, *files: str) -> None:
    """A command, and the draft published."""
    now = NOW + timedelta(hours=int(typed.rpartition("-n")[2].split()[0]) if "-n" in typed else 0)
    uploads = tuple(Upload("x.md", one) for one in files)
    draft = number_of(desk.answer(typed, "!bridge", now, editor, uploads))
    print(desk.answer(f"draft publish {draft}", "!bridge", now, editor).title, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
