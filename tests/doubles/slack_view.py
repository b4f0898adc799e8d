"""One view, a modal or a home tab, as the double keeps it, and as a test reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.doubles import slack_reading
from tests.doubles.slack_things import User

Json = dict[str, Any]


@dataclass(eq=False)
class View:
    """A view; it lives: an update changes it, and keeps what it was before in `versions`."""

    id: str
    given: Json  # as the bot sent it
    user: User  # who sees it
    names: Mapping[str, str]  # by id, for reading mentions
    hash: str
    root: "View | None" = None  # the first of the stack; None: itself
    previous: "View | None" = None  # the one below it
    response_url: str = ""  # of what opened it: not Slack's, the double's own memory
    shown: list[Json] = field(default_factory=list)  # the blocks as Slack gives them back
    open: bool = True
    versions: list[Json] = field(default_factory=list)  # earlier `given`, oldest first
    errors: dict[str, str] = field(default_factory=dict)  # what is said at its fields, by name

    def __post_init__(self) -> None:
        self.shown = slack_reading.filled(self.given["blocks"])

    @property
    def type(self) -> str:
        """`modal` or `home`."""
        return str(self.given["type"])

    @property
    def callback_id(self) -> str:
        """The name that the bot gave it."""
        return str(self.given.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        """What the bot keeps in it for itself."""
        return str(self.given.get("private_metadata", ""))

    @property
    def blocks(self) -> list[Json]:
        """The blocks, as they were sent."""
        return list(self.given["blocks"])

    @property
    def title(self) -> str:
        """What stands above it; a home tab has nothing."""
        return str((self.given.get("title") or {}).get("text", ""))

    @property
    def said(self) -> str:
        """Everything a reader reads: title, texts, and the labels and hints of fields."""
        return "\n".join(filter(None, [self.title, slack_reading.seen(self.blocks, self.names)]))

    @property
    def labels(self) -> list[str]:
        """The texts of its buttons, in reading order."""
        return slack_reading.labels(self.shown)

    @property
    def fields(self) -> dict[str, Any]:
        """The fields by name (block_id), each with what stands in it before anybody fills it in."""
        return {
            str(block["block_id"]): slack_reading.initial(element)
            for block, element in slack_reading.fields(self.shown)
        }

    def change(self, given: Json, new_hash: str) -> None:
        """Replace what it is."""
        self.versions.append(self.given)
        self.given, self.hash = given, new_hash
        self.shown = slack_reading.filled(given["blocks"])

    def payload(self, team: str, bot: User, app: str, state: Json | None = None) -> Json:
        """The view as Slack sends it; `state` is what stands in its fields."""
        given = self.given
        return {
            "id": self.id,
            "team_id": team,
            "type": self.type,
            "blocks": self.shown,
            "private_metadata": self.private_metadata,
            "callback_id": self.callback_id,
            "state": {"values": state or {}},
            "hash": self.hash,
            "title": given.get("title"),
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
            "close": given.get("close"),
            "submit": given.get("submit"),
            "previous_view_id": self.previous.id if self.previous else None,
            "root_view_id": (self.root or self).id,
            "app_id": app,
            "external_id": given.get("external_id", ""),
            "app_installed_team_id": team,
            "bot_id": bot.bot_id,
        }

    def state(self, values: Mapping[str, Any]) -> Json:
        """The state once a person has filled in these fields, by name; the others stay as they were.

        What no client would take is an AssertionError.
        """
        known = self.fields
        unknown = set(values) - set(known)
        assert not unknown, f"the form has no {sorted(unknown)}; it has {sorted(known)}"
        state: Json = {}
        for block, element in slack_reading.fields(self.shown):
            name = str(block["block_id"])
            value = values.get(name, known[name])
            assert value or block.get("optional"), f"the form requires {name!r}"
            if isinstance(value, str) and value and element["type"] == "plain_text_input":
                low, high = element.get("min_length") or 0, element.get("max_length") or 3000
                assert low <= len(value) <= high, f"{name!r} takes {low} to {high} characters"
            state[name] = {element["action_id"]: slack_reading.state_of(element, value)}
        return state
