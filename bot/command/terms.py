"""What a platform calls things, so that an answer has the words that its reader knows."""

from typing import NamedTuple


class Terms(NamedTuple):
    """Words of one platform; what has a default has Slack's."""

    server: str  # what its people are members of
    managing: str  # what it takes to manage that
    role: str  # what several people have there, and what can be pinged
    needs: str = "you need"  # "… the permission Manage Server"
    named: str = "to be in a user group that an admin has named"  # "you need …"
    manager: str = "is an admin or owner of the workspace"  # "whoever …"
    holder: str = "is in the user group"  # "whoever … NAME"
    holding: str = "in the user group"  # "everybody … NAME"
    within: str = "in"  # "what is drafted … this server"
    everybody: str = ""  # the role that all have, where there is one
    naming: str = "name one as @editors"  # how a role is typed

    @property
    def needed(self) -> str:
        """What it takes to have an admin's rights, in a sentence."""
        return f"{self.needs} {self.managing}, or {self.named}."

    @property
    def not_everybody(self) -> str:
        """What is said behind “name a role”, where one of them is no choice."""
        return f", and not {self.everybody}" if self.everybody else ""

    def worded(self, text: str) -> str:
        """A text of the table of commands, which has Discord's words."""
        text = text.replace("on this server", f"{self.within} this {self.server}")
        text = text.replace("server", self.server).replace("role", self.role)
        return text.replace("ROLE", self.role.rpartition(" ")[2].upper())


TERMS = Terms(
    "server",
    "the permission Manage Server",
    "role",
    "it needs",
    "a role that an admin has named",
    "has the permission Manage Server",
    "has the role",
    "with the role",
    "on",
    "@everyone",
    "mention one, as @editors, or write it as <@&ID>",
)
"""Discord's, and those of whoever types in a terminal."""

WORKSPACE_TERMS = Terms("workspace", "to be an admin or owner of the workspace", "user group")
"""Slack's."""


def terms_of(platform: str) -> Terms:
    """What a platform calls things, for what is about another than where it is asked."""
    return WORKSPACE_TERMS if platform == "slack" else TERMS
