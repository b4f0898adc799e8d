"""Where a request is met: words in, reply out, on one consistent view of the story."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar

from bot.command.asker import OPERATOR, Asker
from bot.command.entry import Ask, Choices, Command, Memory, Param, Upload
from bot.command.mistake import mistake
from bot.command.request import Known, Misread, Request, read_request, read_values
from bot.command.terms import Terms, terms_of
from bot.config import NO_LIMITS, Limits, Story
from bot.desk.access import Standing, may, refusal, standing
from bot.desk.table import COMMANDS
from bot.errors import ConfigError, StoreError
from bot.model import EVERYONE
from bot.reply import Reply, numbered
from bot.store.shelf import Shelf
from bot.store.store import Store
from bot.wording import references

if TYPE_CHECKING:
    from concurrent.futures import Future

    from sqlite_utils import Database

    from bot.command.form import Form
    from bot.desk.flood import Flood

T = TypeVar("T")

MOST_KEPT = 512
NO_ROLES: Mapping[str, Sequence[str]] = {}
NO_MOMENT = datetime.min.replace(tzinfo=UTC)  # a completion is for no moment
REMEMBERED_SECONDS = 0.5  # for which an answer waits for what the same person asked just before
NOT_KEPT = -1  # the version of a reply that is for one asker or one moment


class Desk:
    """Answers for one story. Any thread may ask; `kept` and `keep` belong to one thread.

    `admin_roles` are the names and ids of roles that have an admin's rights on every server, by platform;
    `owners` those who may do everything, as "platform/user".
    """

    def __init__(
        self,
        store: Store,
        story: Story,
        commands: Sequence[Command] = COMMANDS,
        *,
        admin_roles: Mapping[str, Sequence[str]] = NO_ROLES,
        owners: Sequence[str] = (),
        limits: Limits = NO_LIMITS,
    ) -> None:
        check_word(story.word, commands)
        self.story = story
        self.commands = commands
        self._admin_roles = admin_roles
        self._owners = owners
        self._limits = limits
        self._flood: Flood | None = None
        self._completing: Flood | None = None
        self._store = store
        self._kept: dict[tuple[object, ...], Reply] = {}
        self._remembering: dict[tuple[str, str], Future[None]] = {}  # by person: what is not yet written
        self._audiences: frozenset[str] = frozenset()  # that have anything of their own
        self._seen: tuple[int, int] = (-1, -1)  # the database's version, and the story's

    def answer(
        self,
        typed: str,
        call: str,
        now: datetime,
        asker: Asker = OPERATOR,
        files: tuple[Upload, ...] = (),
    ) -> Reply:
        """Answers a line as it was typed, without the word that calls the bot, and the files with it."""
        return self._answer(lambda known: read_request(typed, self.commands, known), call, now, asker, files)

    def answer_values(  # noqa: PLR0917  (as above, with the command)
        self,
        command: Command,
        values: Mapping[str, str],
        call: str,
        now: datetime,
        asker: Asker = OPERATOR,
        files: tuple[Upload, ...] = (),
    ) -> Reply:
        """Answers a command whose arguments came by name."""
        return self._answer(lambda known: read_values(command, values, known), call, now, asker, files)

    def allows(self, command: Command, asker: Asker) -> bool:
        """Whether somebody may use a command; nothing is written down, as it is where they try to."""
        with self._reading(asker) as shelf:
            ask = Ask(shelf, self.story.name, "", {}, NO_MOMENT.date(), self.commands, NO_MOMENT, asker)
            return self._may(command, self._ranked(ask))

    def admit(self, asker: Asker, seconds: float) -> Reply | None:
        """What somebody hears who asks too much: how long to wait, then `flood.SILENCE`; else None.

        Seconds are of any steady clock. Belongs to one thread.
        """
        if asker.operator:
            return None
        if self._flood is None:
            from bot.desk.flood import Flood  # the shell does without

            self._flood = Flood(self._limits.person_per_minute, self._limits.server_per_minute)
        from bot.desk.flood import reply_to

        server = f"{asker.platform}/{asker.server}" if asker.server else ""
        verdict = self._flood.admit(f"{asker.platform}/{asker.user}", server, seconds)
        return reply_to(verdict, self.story.name, terms_of(asker.platform).server)

    def completes(self, asker: Asker, seconds: float) -> bool:
        """Whether what somebody types is completed now: it is, unless a program asks and no person.

        Seconds and threads as for `admit`.
        """
        if asker.operator:
            return True
        if self._completing is None:
            from bot.desk.flood import COMPLETIONS, Flood  # the shell does without

            self._completing = Flood(*COMPLETIONS)
        server = f"{asker.platform}/{asker.server}" if asker.server else ""
        return self._completing.admit(f"{asker.platform}/{asker.user}", server, seconds).admitted

    def form(
        self, command: Command, values: Mapping[str, str], call: str, now: datetime, asker: Asker = OPERATOR
    ) -> "Form | Reply":
        """What a command with a form asks for, or why it cannot be asked for."""
        with self._reading(asker) as shelf:
            request = read_values(command, values, _known(shelf, now.date(), asker.terms))
            return self._form(shelf, request, call, now, asker)

    def form_of(self, typed: str, call: str, now: datetime, asker: Asker = OPERATOR) -> "Form | Reply | None":
        """The same for a line; None where its command opens no form for it."""
        with self._reading(asker) as shelf:
            request = read_request(typed, self.commands, _known(shelf, now.date(), asker.terms))
            if isinstance(request, Misread) or not request.command.opens_form(request.args):
                return None
            return self._form(shelf, request, call, now, asker)

    def _answer(
        self,
        read: "Callable[[Known], Request | Misread]",
        call: str,
        now: datetime,
        asker: Asker,
        files: tuple[Upload, ...],
    ) -> Reply:
        self._wait_for_memory(asker)
        with self._reading(asker) as shelf:
            request = read(_known(shelf, now.date(), asker.terms))
            if isinstance(request, Misread):
                return mistake(call, "help", request.what, request.try_instead)._replace(
                    version=self._seen[1]
                )
            ask = self._ask(shelf, request, call, now, asker, files)
            if request.command.changes:
                allowed, audience = self._may(request.command, ask), shelf.audience
                prepares = request.command.prepares if allowed else None
                prepared = prepares(ask) if prepares else None
            else:
                reply = self._reply(ask, request)
                memory = request.command.remembers(ask, reply) if request.command.remembers else None
        if not request.command.changes:
            self._remember(asker, memory)
            return reply
        asker = _looked_up(request, asker) if allowed else asker
        traces: list[str] = []

        def work(db: "Database") -> Reply:
            here = Shelf(db.conn, self.story.word, audience)
            ask = self._ask(here, request, call, now, asker, files)
            return self._reply(ask._replace(traces=traces, prepared=prepared), request)

        reply = self._store.write(work)
        if traces:
            from bot.store.forgetting import sweep  # most commands do without

            sweep(self._store.path, traces)
        return reply

    def _remember(self, asker: Asker, memory: Memory | None) -> None:
        """Has written down what an answer leaves of whoever asked: they do not wait for it.

        It may be lost, as where a disk is full: they are asked anew, or told more than is new.
        """
        if memory is None:
            return
        written = self._store.write_soon(lambda db: memory(db.conn))
        pending = {whose: one for whose, one in self._remembering.copy().items() if not one.done()}
        self._remembering = {**pending, (asker.platform, asker.user): written}

    def _wait_for_memory(self, asker: Asker) -> None:
        """Waits a moment for what somebody left just before: what they ask now may go on from that."""
        written = self._remembering.get((asker.platform, asker.user))
        if written is not None and not written.done():
            from concurrent.futures import wait  # loaded by then

            wait([written], REMEMBERED_SECONDS)

    def _ask(  # noqa: PLR0917  (all that a handler may know)
        self,
        shelf: Shelf,
        request: Request,
        call: str,
        now: datetime,
        asker: Asker,
        files: tuple[Upload, ...] = (),
    ) -> Ask:
        ask = Ask(
            shelf,
            self.story.name,
            call,
            request.args,
            now.date(),
            self.commands,
            now,
            asker,
            files,
            understands=lambda line: read_request(
                line, self.commands, _known(shelf, now.date(), asker.terms)
            ),
        )
        free = request.command.access == "everyone" and not request.command.changes
        return ask if free else self._ranked(ask)

    def _ranked(self, ask: Ask) -> Ask:
        """The same, with who asks: what was named in chat is read for that."""
        who = standing(
            ask.asker, self._owners, self._admin_roles.get(ask.asker.platform, ()), ask.register, ask.newsroom
        )
        return ask._replace(rank=who.rank, admin=who.admin)

    def _form(
        self, shelf: Shelf, request: Request | Misread, call: str, now: datetime, asker: Asker
    ) -> "Form | Reply":
        if isinstance(request, Misread):
            return mistake(call, "help", request.what, request.try_instead)
        ask, audience = self._ask(shelf, request, call, now, asker), shelf.audience
        found = self._opened(ask._replace(only_form=True), request.command)
        if not isinstance(found, Reply) or not request.command.changes:
            return found
        asker = _looked_up(request, asker)

        def work(db: "Database") -> "Form | Reply":
            here = Shelf(db.conn, self.story.word, audience)
            return self._opened(self._ask(here, request, call, now, asker), request.command)

        # A refusal is written down, as that of the command itself is. It is told also where that fails.
        with suppress(StoreError):
            return self._store.write(work)
        return found

    def _opened(self, ask: Ask, command: Command) -> "Form | Reply":
        """The form of a command, or why it is refused."""
        if not self._may(command, ask):
            return self._refused(ask, command)
        assert command.form is not None
        return command.form(ask)

    def _reply(self, ask: Ask, request: Request) -> Reply:
        command = request.command
        if not self._may(command, ask):
            return self._refused(ask, command)
        reply = command.handler(ask)
        words = reply.words or ("" if reply.abstained and reply.private else request.words)
        notes = (*request.understood, *reply.notes)
        everyones = command.access == "everyone" and not command.changes and command.remembers is None
        version = ask.shelf.version() if everyones else NOT_KEPT
        reply = reply._replace(words=words, notes=notes, version=version)
        if reply.references:
            return reply
        return numbered(reply, references(ask.shelf.sources(ids=reply.sources), reply.sources))

    def _refused(self, ask: Ask, command: Command) -> Reply:
        """That a command is not theirs to use; the audit has it where it is the newsroom's or an owner's."""
        if command.changes and command.access in {"curators", "owners"}:
            from bot.command.record import record  # it brings along the log

            record(ask, command.name, outcome="refused", audience=ask.asker.audience)
        return refusal(ask, command)._replace(version=NOT_KEPT)

    def _reading(self, asker: Asker) -> AbstractContextManager[Shelf]:
        """What this person sees of the story."""
        return self._store.reading(self.story.word, asker.audience)

    def _may(self, command: Command, ask: Ask) -> bool:
        return may(command, Standing(ask.rank, ask.admin), ask.asker)

    def kept(self, *key: object) -> Reply | None:
        """An answer given before, where the story has not changed since."""
        self._refresh()
        return self._kept.get(key)

    def own(self, asker: Asker) -> str:
        """The audience that an answer is for: everyone's, unless their server has anything of its own.

        To be part of the key of what is kept. Belongs to one thread.
        """
        self._refresh()
        return asker.audience if asker.audience in self._audiences else EVERYONE

    def _refresh(self) -> None:
        """Forgets what was kept where the story has changed."""
        seen = self._store.data_version()
        if seen != self._seen[0]:
            with self._store.reading(self.story.word) as shelf:
                version, self._audiences = shelf.version(), shelf.audiences()
            if version != self._seen[1]:
                self._kept.clear()
            self._seen = (seen, version)

    def keep(self, reply: Reply, *key: object) -> None:
        """Keeps an answer ready, unless the story has moved on while it was made."""
        if reply.version != self._seen[1]:
            return
        if len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = reply

    def complete(
        self, command: Command, param: Param, typed: str, today: date, asker: Asker = OPERATOR
    ) -> Choices:
        """What may be meant by the beginning of a value: what to show and what to send, at most 25."""
        with self._reading(asker) as shelf:
            # Imported here: only a platform that completes needs it.
            from bot.desk.completing import MOST_CHOICES, complete

            ask = Ask(shelf, self.story.name, "", {}, today, self.commands, NO_MOMENT, asker)
            if command.access != "everyone" and not self._may(command, self._ranked(ask)):
                return []
            return complete(shelf, ask.register, self.commands, param, typed, today, asker)[:MOST_CHOICES]


def check_word(word: str, commands: Sequence[Command]) -> None:
    """Raises ConfigError where the word of a story is one of a command.

    Where the word before a command may be left out, nobody could tell which of them is meant.
    """
    if any(word == one.name.partition(" ")[0] for one in commands):
        raise ConfigError(
            f"{word!r} cannot be the word of a story: there is a command {word}; choose another"
        )


def _looked_up(request: Request, asker: Asker) -> Asker:
    """The asker, with the places of a request looked up: that may take a while, and would hold the writer."""
    given = {str(request.args[param.name]) for param in request.command.params if param.kind == "place"
             and param.name in request.args}  # fmt: skip
    found = {text: asker.find(text) for text in given}
    return asker._replace(find=lambda text: found[text] if text in found else asker.find(text))


class _Tags:
    """The tags of a story, asked for one at a time: there may be very many."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __contains__(self, tag: object) -> bool:
        return isinstance(tag, str) and self._shelf.has_tag(tag)


class _Names:
    """The names of a story, looked up only where a line may name somebody."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __contains__(self, name: object) -> bool:
        from bot.answer.naming import figure_of, figures  # most requests name nobody

        shelf = self._shelf
        return isinstance(name, str) and figure_of(name, figures(shelf, shelf.vocabulary())) is not None


def _known(shelf: Shelf, today: date, terms: Terms) -> Known:
    span = shelf.span()
    return Known(today, span[1] if span else None, _Tags(shelf), terms, _Names(shelf))
