"""A place that remembers what it got, as a platform does."""

import asyncio
from collections import Counter

from bot.deliver.order import Absent, Failed, Order, Outcome, Sent
from bot.store.outbox import DeliveryRow


class Place:
    """A platform's side: what has arrived, by mark, and what it answers to the next tries."""

    platform = "discord"
    account = "bot-1"
    ready = True

    def __init__(self, *answers: Outcome) -> None:
        self.answers = [*answers]
        self.arrived: dict[str, Order] = {}
        self.tries: list[str] = []
        self.looks: list[str] = []
        self.stores = True  # whether what is answered with a failure has arrived nonetheless
        self.most = self.now = 0
        self.now_in: Counter[str] = Counter()  # by place
        self.most_corrections_in = 0  # one and the same place, at one time

    def window(self, row: DeliveryRow) -> float:
        """As Discord's."""
        return 0.0 if row.task == "edit" else 60.0

    def settle(self, _: DeliveryRow) -> float:
        """It is there at once."""
        return 0.0

    async def turn(self, row: DeliveryRow) -> None:
        """Nobody else sends."""

    async def carry_out(self, order: Order) -> Outcome:
        """Takes it, once for each mark, and answers as it was told to."""
        self.now += 1
        self.most = max(self.most, self.now)
        place, corrects = order.row.place, order.row.task in {"edit", "answer"}
        self.now_in[place] += corrects
        self.most_corrections_in = max(self.most_corrections_in, self.now_in[place])
        await asyncio.sleep(0)
        self.now -= 1
        self.now_in[place] -= corrects
        self.tries.append(order.row.id)
        answer = self.answers.pop(0) if self.answers else _sent(order)
        if isinstance(answer, Sent) or (isinstance(answer, Failed) and not answer.sure and self.stores):
            self.arrived.setdefault(order.row.id, order)
        return answer

    async def look(self, order: Order) -> Outcome:
        """Whether it has arrived."""
        self.looks.append(order.row.id)
        return _sent(order) if order.row.id in self.arrived else Absent()


def _sent(order: Order) -> Sent:
    """With the id of the message: of an edit, that of the post."""
    return Sent(order.post if order.row.task == "edit" else f"m-{order.row.id}")
