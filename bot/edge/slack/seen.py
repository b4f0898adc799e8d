"""What was seen before: Slack delivers at least once, and each thing is to be answered once."""

from collections import OrderedDict

ARRIVED = "arrived"
"""What a listener's context calls the moment at which an envelope came, by the clock of the event loop."""

MOST = 20_000  # keys: more than an hour of the busiest workspace's traffic that is for a bot


class Seen:
    """Keys in the order in which they came; of more than `most`, the oldest are forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._keys: OrderedDict[str, None] = OrderedDict()

    def first(self, key: str) -> bool:
        """Whether a key is new; from now on it is not."""
        if key in self._keys:
            return False
        self._keys[key] = None
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)
        return True
