"""The handlers and the forms of the newsroom's commands, by name; see `table.py`."""

from collections.abc import Callable

from bot.command.entry import Ask
from bot.command.form import Form
from bot.curate.commands.adding import add, add_form, source_add, source_form_of
from bot.curate.commands.changing import change_form, correct, edit, restore, retract, retract_form, undo
from bot.curate.commands.drafting import draft_edit, draft_edit_form, draft_fact, draft_fact_form
from bot.curate.commands.history import cite, history
from bot.curate.commands.publishing import draft_discard, draft_publish, draft_show, drafts
from bot.curate.commands.reports import close_form, report, report_close, report_form, reports
from bot.reply import Reply

HANDLERS: dict[str, Callable[[Ask], Reply]] = {
    "add": add,
    "source add": source_add,
    "edit": edit,
    "correct": correct,
    "retract": retract,
    "restore": restore,
    "undo": undo,
    "history": history,
    "cite": cite,
    "drafts": drafts,
    "draft show": draft_show,
    "draft edit": draft_edit,
    "draft fact": draft_fact,
    "draft publish": draft_publish,
    "draft discard": draft_discard,
    "report": report,
    "reports": reports,
    "report close": report_close,
}

FORMS: dict[str, Callable[[Ask], Form | Reply]] = {
    "add": add_form,
    "source add": source_form_of,
    "edit": lambda ask: change_form(ask, "edit"),
    "correct": lambda ask: change_form(ask, "correct"),
    "retract": retract_form,
    "draft edit": draft_edit_form,
    "draft fact": draft_fact_form,
    "report": report_form,
    "report close": close_form,
}
