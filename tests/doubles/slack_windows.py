"""How long things hold in the double."""

from dataclasses import dataclass


@dataclass
class Windows:
    """Seconds of the event loop; a test may shorten them."""

    ack: float = 3.0  # an acknowledgement later than this: the person was told that it failed
    redeliver: float = 3.0  # an envelope without acknowledgement comes again
    trigger: float = 3.0  # a view opened later than this: expired_trigger_id
    response_url: float = 1800.0  # an answer later than this: expired_url
    answers: int = 5  # so many posts to one response_url
