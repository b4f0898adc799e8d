"""A double that says at once when a message of the bot has been stored, before it answers.

There is no later moment at which the bot has surely not been answered yet.
"""

from typing import Any


def watch(double: Any) -> None:  # noqa: ANN401  (the double of any platform)
    """Has `on_stored` of a double called with each message of the bot, whatever that is by then."""
    write = double._posts.write  # noqa: SLF001  (a double may be looked into)

    def watched(channel: Any, author: Any, draft: Any) -> Any:  # noqa: ANN401  (as above)
        message = write(channel, author, draft)
        if author is double.bot:
            double.on_stored(message)
        return message

    double._posts.write = watched  # noqa: SLF001  (as above)
