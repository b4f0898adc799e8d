"""What answers the commands of the desk itself, and reads their values: imported when first used."""

from collections.abc import Callable, Mapping

from bot.command.entry import Ask
from bot.desk import admins, approval, editors, forgetting, records, whom
from bot.reply import Reply

HANDLERS: Mapping[str, Callable[[Ask], Reply]] = {
    "admins list": admins.admins,
    "admins add": admins.add,
    "admins remove": admins.remove,
    "editors list": editors.editors,
    "editors add": editors.add,
    "editors remove": editors.remove,
    "approval": approval.approval,
    "log": records.log,
    "forget": forgetting.forget,
}
"""By the name of the command."""

READERS: Mapping[str, Callable[[str], object]] = {
    "whom": whom.read_whom,
    "person": whom.read_person,
    "switch": approval.read_switch,
    "what": records.read_what,
    "newest": records.read_newest,
    "sure": forgetting.read_sure,
}
"""By what they read. Each raises ValueError with a line for whoever typed it."""
