"""How hard a run is: for each platform the long one of `make chaos`, and a short one for the tests."""

from collections.abc import Mapping
from datetime import date

from bench.chaos.discord_stage import DiscordStage
from bench.chaos.drive import Plan
from bench.chaos.slack_stage import SlackStage

# In the first stretch the clocks go back in Europe (25 October 2026) and America (1 November), in the
# second they go forward there (14 March 2027) and in Europe (28 March).
LONG = Plan(
    "long",
    DiscordStage,
    places=270,
    stretches=((date(2026, 10, 19), 19), (date(2027, 3, 10), 21)),
    kills=44,
    editions=10_000,
    hangs=4,
    corrections=12,
    away=36.0,
    leap=(1.5, 6.0),
    seconds=1200.0,
)
# Both times that the clocks go back, in Europe and in America.
SHORT = Plan(
    "short",
    DiscordStage,
    places=130,
    stretches=((date(2026, 10, 24), 2), (date(2026, 11, 1), 1)),
    kills=6,
    editions=225,
    hangs=0,
    corrections=4,
    away=3.0,
    leap=(3.5, 8.0),
    seconds=90.0,
)

# The same days in half as many places.
SLACK_LONG = LONG._replace(stage=SlackStage, places=140, kills=36, editions=5_000)
SLACK_SHORT = SHORT._replace(
    stage=SlackStage,
    places=80,
    stretches=((date(2026, 10, 24), 2),),
    kills=5,
    editions=80,
    corrections=2,
)

PLANS: Mapping[str, tuple[Plan, Plan]] = {"discord": (LONG, SHORT), "slack": (SLACK_LONG, SLACK_SHORT)}
"""The long and the short one, by platform."""
