"""The bot of a run on Slack, by a shifted clock: `python -m bench.chaos.slack_bot ARGS…`.

It is the bot as it is, but for two numbers, since a run has many messages in doubt. The double stores at once
what it stores at all: the bot looks for it after two seconds, not twenty. And it reads more pages a minute.
"""

from bot.edge.slack.posting import pace, posting
from tests import shifted_bot

SETTLES = 2.0  # seconds
READS_PER_MINUTE = 1700

if __name__ == "__main__":
    posting.SETTLES = SETTLES
    pace.READS_PER_MINUTE = READS_PER_MINUTE
    shifted_bot.main()
