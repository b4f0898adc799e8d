"""Views: modals that a trigger opens, in stacks of up to three, and one home tab for each person."""

import secrets
from collections.abc import Callable
from typing import Any

from tests.doubles.slack_http import Call, Refused
from tests.doubles.slack_interaction import Interaction
from tests.doubles.slack_limits import problems_of_view
from tests.doubles.slack_posts import judge
from tests.doubles.slack_things import User
from tests.doubles.slack_view import View
from tests.doubles.slack_world import World

Json = dict[str, Any]

DEEPEST = 3


class Views:
    """Opens, changes and closes views, and checks them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_id: dict[str, View] = {}
        self._by_name: dict[str, View] = {}  # by external_id
        self.homes: dict[str, View] = {}  # by the user's id
        self.trigger: Callable[[str], Interaction]  # exchanges a trigger_id

    def methods(self) -> dict[str, Callable[[Call], Json]]:
        """The methods, by name."""
        return {
            "views.open": self._open,
            "views.push": self._push,
            "views.update": self._update,
            "views.publish": self._publish,
        }

    def payload(self, view: View, state: Json | None = None) -> Json:
        """A view as Slack sends it."""
        return view.payload(self._world.team.id, self._world.bot, self._world.app_id, state)

    def _open(self, call: Call) -> Json:
        given = self._given(call, "modal")
        found = self.trigger(call.needed("trigger_id"))
        view = self._new(given, found.user, found)
        found.views.append(view)
        return {"view": self.payload(view)}

    def _push(self, call: Call) -> Json:
        given = self._given(call, "modal")
        found = self.trigger(call.needed("trigger_id"))
        view = self.push(found, given)
        found.views.append(view)
        return {"view": self.payload(view)}

    def push(self, found: Interaction, given: Json) -> View:
        """One more view on top of the one in which something was done."""
        below = found.source
        if below is None or below.type != "modal":
            raise Refused("invalid_trigger_id", wrong="a view is pushed where none is open")
        self._check(given, "modal")
        depth, one = 1, below
        while one.previous is not None:
            depth, one = depth + 1, one.previous
        if depth >= DEEPEST:
            raise Refused("push_limit_reached", wrong=f"more than {DEEPEST} views on each other")
        view = self._new(given, found.user, found)
        view.previous, view.root = below, below.root or below
        view.response_url = below.response_url
        return view

    def _update(self, call: Call) -> Json:
        view = self._by_id.get(call.text("view_id")) or self._by_name.get(call.text("external_id"))
        if view is None or not view.open:
            raise Refused("not_found")
        if call.text("hash") not in ("", view.hash):
            raise Refused("hash_conflict")
        self.change(view, self._given(call, view.type))
        return {"view": self.payload(view)}

    def change(self, view: View, given: Json) -> None:
        """A view is replaced by another, and keeps its id."""
        self._check(given, view.type)
        view.change(given, self._hash())

    def _publish(self, call: Call) -> Json:
        given = self._given(call, "home")
        user = self._world.users.get(call.needed("user_id"))
        if user is None or user.bot_id:
            raise Refused("user_not_found")
        view = self.homes.get(user.id)
        if view is None:
            view = self.homes[user.id] = self._new(given, user, None)
        elif call.text("hash") not in ("", view.hash):
            raise Refused("hash_conflict")
        else:
            view.change(given, self._hash())
        return {"view": self.payload(view)}

    def close(self, view: View, *, everything: bool) -> None:
        """A view was submitted: it goes, and the one below is seen again, unless all of them go."""
        view.open = False
        if everything:
            for one in self._by_id.values():
                if (one.root or one) is (view.root or view):
                    one.open = False

    def _new(self, given: Json, user: User, found: Interaction | None) -> View:
        view = View(self._world.new_id("V"), given, user, self._world.names, self._hash())
        if found is not None:
            view.response_url = found.response_url or (found.source.response_url if found.source else "")
        if name := given.get("external_id"):
            if name in self._by_name:
                raise Refused("duplicate_external_id", wrong=f"external_id {name!r} is taken")
            self._by_name[name] = view
        self._by_id[view.id] = view
        return view

    def _given(self, call: Call, kind: str) -> Json:
        given = call.value("view")
        self._check(given, kind)
        assert isinstance(given, dict)
        return given

    def _check(self, given: object, kind: str) -> None:
        if not isinstance(given, dict):
            raise Refused("invalid_arguments", wrong="views: the view is no object")
        problems = problems_of_view(given)
        if given.get("type") != kind:
            problems.append(f"invalid_arguments: the view has to be a {kind} [json-pointer:/view/type]")
        judge(problems, "views", self._world)

    def _hash(self) -> str:
        return f"{int(self._world.clock())}.{secrets.token_hex(4)}"
