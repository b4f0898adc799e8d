"""The bot of a run on Discord, by a shifted clock: `python -m bench.chaos.discord_bot ARGS…`.

It is the bot as it is, but for one number: in a run the clock is put forward every few seconds, and the bot
looks for that five times a second, not once.
"""

from bot.edge import timer
from tests import shifted_bot

WATCH_SECONDS = 0.2

if __name__ == "__main__":
    timer.WATCH_SECONDS = WATCH_SECONDS
    shifted_bot.main()
