"""How hard a run is: the long one of `make chaos`, and a short one of the same for the tests."""

from datetime import date

from bench.chaos.drive import Plan

# In the first stretch the clocks go back in Europe (25 October 2026) and America (1 November), in the
# second they go forward there (14 March 2027) and in Europe (28 March).
LONG = Plan(
    "long",
    places=270,
    stretches=((date(2026, 10, 19), 19), (date(2027, 3, 10), 21)),
    kills=44,
    editions=10_000,
    hangs=4,
    away=36.0,
    leap=(1.5, 6.0),
    seconds=1200.0,
)
# Both times that the clocks go back, in Europe and in America.
SHORT = Plan(
    "short",
    places=130,
    stretches=((date(2026, 10, 24), 2), (date(2026, 11, 1), 1)),
    kills=6,
    editions=250,
    hangs=0,
    away=3.0,
    leap=(2.5, 6.5),
    seconds=90.0,
)
