"""The short run of `python -m bench.slack_fanout`: the real bot delivers to many channels of a double."""

import pytest

from bench.slack_fanout import BETWEEN_ASKS, PER_MINUTE, measured, result

CHANNELS, MINUTE = 400, 3.0


@pytest.mark.asyncio
async def test_many_channels_get_one_edition_at_the_pace_that_slack_allows() -> None:
    """Each gets it once, Slack never has to refuse a request, and who asks meanwhile is answered."""
    # In so short a minute a machine that stalls brings more of them closer together than in a real one.
    found = await measured(CHANNELS, MINUTE, idle_asks=1, allowed=PER_MINUTE * 11 // 10)
    assert found.copies == [1] * CHANNELS
    assert found.too_many == 0
    assert found.busy
    assert found.closest > min(1.0, BETWEEN_ASKS)
    assert found.seconds > 0.9 * CHANNELS / PER_MINUTE * MINUTE
    together = next(row for row in result(found, MINUTE).rows if str(row["what"]).startswith("copies and"))
    assert float(together["figure"] or 0) > PER_MINUTE / 2
