"""The methods that tell who is who: auth.test, team.info, users.*, usergroups.*."""

from collections.abc import Callable
from typing import Any

from tests.doubles.slack_http import Call, Refused, page
from tests.doubles.slack_world import World

Json = dict[str, Any]


class People:
    """auth.test, team.info, users.* and usergroups.* of the Web API."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Json]]:
        """The methods, by name."""
        return {
            "auth.test": self._auth,
            "team.info": self._team,
            "users.info": self._user,
            "users.list": self._users,
            "usergroups.list": self._groups,
            "usergroups.users.list": self._group,
        }

    def _auth(self, _: Call) -> Json:
        team, bot = self._world.team, self._world.bot
        return {
            "url": f"https://{team.domain}.slack.com/",
            "team": team.name,
            "user": bot.name,
            "team_id": team.id,
            "user_id": bot.id,
            "bot_id": bot.bot_id,
            "is_enterprise_install": False,
        }

    def _team(self, call: Call) -> Json:
        self._world.need("team:read")
        team = self._world.team
        if call.text("team", team.id) != team.id:
            raise Refused("team_not_found")
        return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}}

    def _user(self, call: Call) -> Json:
        self._world.need("users:read")
        user = self._world.users.get(call.needed("user"))
        if user is None:
            raise Refused("user_not_found")
        return {"user": user.payload(self._world.team.id)}

    def _users(self, call: Call) -> Json:
        self._world.need("users:read")
        everyone = [user.payload(self._world.team.id) for user in self._world.users.values()]
        found, cursor = page(everyone, call, 100, 1000)
        return {"members": found, "response_metadata": {"next_cursor": cursor}}

    def _groups(self, call: Call) -> Json:
        self._world.need("usergroups:read")
        groups = [
            one for one in self._world.groups.values() if not one.disabled or call.flag("include_disabled")
        ]
        team, whole = self._world.team.id, call.flag("include_users")
        return {"usergroups": [group.payload(team, with_users=whole) for group in groups]}

    def _group(self, call: Call) -> Json:
        self._world.need("usergroups:read")
        group = self._world.groups.get(call.needed("usergroup"))
        if group is None:
            raise Refused("no_such_subteam")
        return {"users": [user.id for user in group.users]}
