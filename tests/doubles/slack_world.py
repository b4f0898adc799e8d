"""What there is: the workspace, people, groups, channels, what the bot is granted, the clock and the ids.

Plain state and rules; no sockets.
"""

import time
from collections.abc import Callable, Iterable, Sequence

from tests.doubles.slack_http import Refused
from tests.doubles.slack_message import File, Message
from tests.doubles.slack_things import DIRECT, MULTI, PRIVATE, PUBLIC, Channel, Group, Team, User

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STEP = 7_919_771  # between the numbers of ids, so that they look as unlike as Slack's

GRANTED = (
    *("app_mentions:read", "chat:write", "commands", "files:read", "files:write", "im:write"),
    *("channels:history", "groups:history", "im:history", "mpim:history"),
    *("channels:read", "groups:read", "im:read", "mpim:read"),
    *("usergroups:read", "users:read"),
)
"""The scopes that the bot has, as in slack-manifest.yaml, unless a test takes one away or adds one."""


class World:
    """Everything there is, and the clock that times come from."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.violations: list[str] = []
        self.scopes = set(GRANTED)
        self.names: dict[str, str] = {}  # what a mention of an id reads like, without its sign
        self.typed: dict[str, str] = {}  # ids by what one types: "@ann", "#news"
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self._directs: dict[str, Channel] = {}  # by the user's id
        self._count = 0
        self.app_id = self.new_id("A")
        self.team = Team(self.new_id("T"), "Rover Watch", "rover-watch")
        self.bot = self.add_user("briefing-bot", bot=True)

    def new_id(self, kind: str) -> str:
        """An id that nobody has yet."""
        self._count += 1
        number, digits = self._count * STEP, ""
        while number:
            number, last = divmod(number, len(DIGITS))
            digits = DIGITS[last] + digits
        return f"{kind}0{digits:0>8}"

    def new_ts(self, channel: Channel) -> str:
        """A message's ts of this moment, greater than every earlier one of its channel."""
        channel.last = max(int(self.clock() * 1_000_000), channel.last + 1)
        seconds, micro = divmod(channel.last, 1_000_000)
        return f"{seconds}.{micro:06d}"

    def wrong(self, what: str) -> None:
        """The bot did something that Slack refuses, or that it must not do."""
        self.violations.append(what)

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """A new account."""
        assert f"@{name}" not in self.typed, f"there is a {name} already"
        user = User(self.new_id("U"), name, self.new_id("B") if bot else "")
        self.users[user.id] = user
        self._name(user.id, user.mention)
        return user

    def add_group(self, handle: str, users: Sequence[User]) -> Group:
        """A new user group."""
        group = Group(self.new_id("S"), handle, list(users))
        self.groups[group.id] = group
        self._name(group.id, group.mention)
        return group

    def add_channel(self, name: str, kind: str, members: Iterable[str]) -> Channel:
        """A new channel, which nobody has written in."""
        prefix = {DIRECT: "D", MULTI: "G"}.get(kind, "C")
        channel = Channel(self.new_id(prefix), name, kind, dict.fromkeys(members))
        channel.created = int(self.clock())
        self.channels[channel.id] = channel
        if kind in (PUBLIC, PRIVATE):
            self._name(channel.id, channel.mention)
        return channel

    def dm(self, user: User) -> Channel:
        """The direct messages between the bot and this user."""
        found = self._directs.get(user.id)
        if found is None:
            found = self.add_channel(user.name, DIRECT, [user.id, self.bot.id])
            found.user = user
            self._directs[user.id] = found
        return found

    def reads(self, channel: Channel) -> bool:
        """Whether the bot is in a channel."""
        return self.bot.id in channel.members

    def channel(self, name: str, *, inside: bool = False) -> Channel:
        """The channel with this id, for the bot.

        A private one that the bot is not in is unknown to it. `inside`: it has to be in a public one too.
        """
        found = self.channels.get(name)
        if found is None or (found.kind != PUBLIC and not self.reads(found)):
            raise Refused("channel_not_found")
        if inside and not self.reads(found):
            raise Refused("not_in_channel")
        return found

    def target(self, name: str, *, closed: str = "is_archived") -> Channel:
        """Where the bot wants to write: a channel it may write in, or a user's direct messages.

        `closed` is what is said of an archived one.
        """
        if name in self.users:
            if self.users[name].bot_id:
                raise Refused("cannot_dm_bot")
            return self.dm(self.users[name])
        found = self.channel(name)
        if found.archived:
            raise Refused(closed)
        if not self.reads(found) and "chat:write.public" not in self.scopes:
            raise Refused("not_in_channel")
        return found

    def need(self, *scopes: str) -> None:
        """Refuse what needs a scope that is not granted."""
        if not self.scopes.issuperset(scopes):
            raise self.lacks(*scopes)

    def lacks(self, *scopes: str) -> Refused:
        """The refusal of what needs these scopes."""
        provided = ",".join(sorted(self.scopes))
        return Refused("missing_scope", extra={"needed": ",".join(scopes), "provided": provided})

    def everywhere(self) -> Iterable[Message]:
        """Every message that stands anywhere, ephemeral ones excepted."""
        return (message for channel in self.channels.values() for message in channel.messages.values())

    def _name(self, thing: str, mention: str) -> None:
        self.names[thing] = mention[1:]
        self.typed[mention] = thing
