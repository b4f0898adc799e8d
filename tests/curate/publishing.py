"""A newsroom in a process of its own, to be killed: `python -m tests.curate.publishing DATABASE`.

It adds, corrects, retracts and undoes without a pause, and prints a line for each command that has ended.
What it has added is posted to some channels at once, so that each change of it has copies to correct.
For each number that it reads it starts a newsroom that counts from there, by a fork, which spares the
imports; says by what id it can be killed, and says when it has ended.
"""

import os
import sys
from datetime import timedelta

from sqlite_utils import Database

import bot.curate.commands.handlers
import bot.curate.copies.amending  # noqa: F401  (the desk would import both late, in each newsroom anew)
from bot.command.asker import Asker
from bot.command.entry import Upload
from bot.desk.desk import Desk
from bot.reply import reply_text
from bot.store.marks import new_mark
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow, Outbox
from bot.store.register import Register, SubscriptionRow
from bot.store.store import Store
from tests.curate.newsroom import EDITOR, number_of
from tests.stories import NOW, PLAN, STORY, briefing, fact, source

ENDED = "ended"
CHANNELS = ("51", "52", "53")


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
    store = Store(database)
    desk = Desk(store, STORY, owners=[f"discord/{editor.user}"])
    for number in range(start, start + 1000):
        name = f"2022-06-01-n{number}"
        note = source(name, fact("one", f"Fact {number}.", tags=["bridge"]), published="2022-06-01")
        text = briefing(name, f"It is so [@{name}#one; @{PLAN}#two-towns].", state=f"State {number}.")
        say(desk, editor, "add", note, text)
        post(store, name, reply_text(desk.answer(f"briefing {name}", "!bridge", NOW, editor)))
        say(desk, editor, f"correct briefings/{name} was it said so", text.replace("It is so", "It was so"))
        if number % 3 == 0:
            edit(store)
            say(desk, editor, f"retract briefings/{name} because it is too much")
        if number % 4 == 0:
            edit(store)
            print(desk.answer("undo", "!bridge", NOW + timedelta(hours=number), editor).title, flush=True)


def say(desk: Desk, editor: Asker, typed: str, *files: str) -> None:
    """A command, and the draft published."""
    now = NOW + timedelta(hours=int(typed.rpartition("-n")[2].split()[0]) if "-n" in typed else 0)
    uploads = tuple(Upload("x.md", one) for one in files)
    draft = number_of(desk.answer(typed, "!bridge", now, editor, uploads))
    print(desk.answer(f"draft publish {draft}", "!bridge", now, editor).title, flush=True)


def subscribe(store: Store) -> None:
    """Has each of the channels get digests."""
    moment = stamp(NOW)
    row = SubscriptionRow(
        0, STORY.word, "discord", "1", "", "#news", "text", "900", "news", "09:00", "UTC", "daily", "none",
        "none", 6, "", "silent", 1, "beginning", 0, moment, moment, moment, "", None, 0, 0, "2022-08-01",
        None, None,
    )  # fmt: skip

    def work(db: Database) -> None:
        register = Register(db.conn)
        told = register.put_told("{}")
        for channel in CHANNELS:
            register.add(row._replace(place=channel, told=told))

    store.write(work)


def post(store: Store, name: str, reply: str) -> None:
    """Has a briefing be posted to each of the channels."""
    moment = stamp(NOW)

    def work(db: Database) -> None:
        outbox = Outbox(db.conn)
        body = outbox.put_body(reply)
        outbox.carry(body, STORY.word, (), [name])
        for number, channel in enumerate(CHANNELS, 1):
            row = DeliveryRow(
                new_mark(), "discord", "1", channel, "text", STORY.word, "post", number, None, body, "", "",
                0, moment, moment, None, "done", message=f"m-{name}-{number}", done=moment,
            )  # fmt: skip
            outbox.promise(row)

    store.write(work)


def edit(store: Store) -> None:
    """Has all corrections arrive that are promised, so that the next ones do not take their places."""
    due = "UPDATE delivery SET state = 'done', done = ? WHERE task = 'edit' AND state = 'due'"
    store.write(lambda db: db.execute(due, (stamp(NOW),)))


if __name__ == "__main__":
    main(*sys.argv[1:])
