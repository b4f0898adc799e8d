"""The scenery of a test: what there is."""

from collections.abc import Iterable, Sequence

from tests.doubles.slack_message import Message
from tests.doubles.slack_posts import Posts
from tests.doubles.slack_things import MULTI, PRIVATE, PUBLIC, Channel, Group, Team, User
from tests.doubles.slack_world import World


class Scenery:
    """The workspace, its people, user groups and channels."""

    def __init__(self, world: World, posts: Posts) -> None:
        self.world = world
        self._posts = posts

    @property
    def team(self) -> Team:
        """The workspace."""
        return self.world.team

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.world.bot

    @property
    def scopes(self) -> set[str]:
        """The scopes that the bot is granted; a test may take one away, or add one."""
        return self.world.scopes

    def add_user(
        self,
        name: str,
        *,
        admin: bool = False,
        owner: bool = False,
        guest: bool = False,
        tz: str = "Europe/Berlin",
    ) -> User:
        """A person; channels that are made later have them as members."""
        user = self.world.add_user(name)
        user.admin, user.owner, user.guest, user.tz = admin, owner, guest, tz
        return user

    def add_group(self, handle: str, users: Sequence[User] = ()) -> Group:
        """A user group."""
        return self.world.add_group(handle, users)

    def add_channel(
        self,
        name: str,
        *,
        private: bool = False,
        members: Iterable[User] | None = None,
        bot: bool = True,
        archived: bool = False,
    ) -> Channel:
        """A channel; by default everybody is in it, and the bot."""
        there = members if members is not None else self.world.users.values()
        ids = [user.id for user in there if user is not self.bot]
        channel = self.world.add_channel(name, PRIVATE if private else PUBLIC, ids)
        if bot:
            channel.members[self.bot.id] = None
        channel.archived = archived
        return channel

    def add_group_dm(self, *users: User) -> Channel:
        """Direct messages of several people with the bot."""
        name = "mpdm-" + "--".join(user.name for user in users) + "-1"
        return self.world.add_channel(name, MULTI, [*(user.id for user in users), self.bot.id])

    def dm(self, user: User) -> Channel:
        """The direct messages between this person and the bot."""
        return self.world.dm(user)

    def join(self, channel: Channel, *users: User) -> None:
        """People, or the bot, come into a channel."""
        channel.members |= dict.fromkeys(user.id for user in users)

    def remove_bot(self, channel: Channel) -> None:
        """Somebody takes the bot out of a channel."""
        channel.members.pop(self.bot.id, None)

    def archive(self, channel: Channel) -> None:
        """Somebody archives a channel; nobody can write there any more."""
        channel.archived = True

    def delete_message(self, message: Message) -> None:
        """An admin deletes a message; where others have replied to it, it leaves a tombstone."""
        self._posts.delete(message)

    def channel_gone(self, channel: Channel) -> None:
        """An admin deletes a channel."""
        del self.world.channels[channel.id]
