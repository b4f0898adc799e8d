"""The button under an answer by which a reader says that something in it is wrong."""

from bot.reply import Action

ON = "on "
"""What stands before the request whose answer is meant: `report on fact ID`."""

# A platform carries so much in a button and in its form; what is longer is reported without its request.
_MOST_CARRIED = 80


def report_action(words: str) -> Action:
    """The button under the answer to a request, in the words that are always understood the same way."""
    carried = f"report {ON}{words}"
    return Action("Report a mistake", carried if len(carried) <= _MOST_CARRIED else "report")


def opens_report(given: str) -> bool:
    """Whether `report` opens its form: nothing was said yet of what is wrong."""
    return not given or given.lower().startswith(ON)
