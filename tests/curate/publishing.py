"""A newsroom in a process of its own, to be killed: `python -m tests.curate.publishing DATABASE ROOT START`.

It adds, corrects, retracts and undoes without a pause, and prints a line for each command that has ended.
"""

import sys
from datetime import timedelta

from bot.command.entry import Upload
from bot.desk.desk import Desk
from bot.store.store import Store
from tests.curate.newsroom import EDITOR, number_of
from tests.stories import NOW, PLAN, STORY, briefing, fact, source


def main(database: str, start: str) -> None:
    """Publishes until it is killed."""
    desk = Desk(Store(database), STORY, owners=["discord/100"])
    for number in range(int(start), int(start) + 1000):
        name = f"2022-06-01-n{number}"
        note = source(name, fact("one", f"Fact {number}.", tags=["bridge"]), published="2022-06-01")
        text = briefing(name, f"It is so [@{name}#one; @{PLAN}#two-towns].", state=f"State {number}.")
        say(desk, "add", note, text)
        say(desk, f"correct briefings/{name} was it said so", text.replace("It is so", "It was so"))
        if number % 3 == 0:
            say(desk, f"retract briefings/{name} because it is too much")
        if number % 4 == 0:
            print(desk.answer("undo", "!bridge", NOW + timedelta(hours=number), EDITOR).title, flush=True)


def say(desk: Desk, typed: str, *files: str) -> None:
    """A command, and the draft published."""
    now = NOW + timedelta(hours=int(typed.rpartition("-n")[2].split()[0]) if "-n" in typed else 0)
    uploads = tuple(Upload("x.md", one) for one in files)
    draft = number_of(desk.answer(typed, "!bridge", now, EDITOR, uploads))
    print(desk.answer(f"draft publish {draft}", "!bridge", now, EDITOR).title, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
