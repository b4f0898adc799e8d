"""The bot of a run on Slack, by a shifted clock: `python -m bench.chaos.slack_bot ARGS…`.

It is the bot as it is, but for three numbers. One is that of the bot on Discord; the others since a run has
many messages in doubt. The double stores at once what it stores at all: the bot looks for it after half a
second, not twenty. And it reads more pages a minute.
"""

from bench.chaos.discord_bot import WATCH_SECONDS
from bot.edge import timer
from bot.edge.slack.posting import pace, posting
from tests import shifted_bot

SETTLES = 0.5  # seconds
READS_PER_MINUTE = 1700

if __name__ == "__main__":
    timer.WATCH_SECONDS = WATCH_SECONDS
    posting.SETTLES = SETTLES
    pace.Paces.__init__.__defaults__ = (READS_PER_MINUTE,)  # the module's own number was read by then
    shifted_bot.main()
