"""The one place that builds the concrete parts and joins them."""

from bot.answer.desk import Desk
from bot.config import Config
from bot.curate.sync import Synced, folders, sync
from bot.edge import clock
from bot.edge.parts import Parts
from bot.store.store import Store


def build(config: Config) -> Parts:
    """A bot with this configuration; nothing is opened before it is used."""
    store = Store(config.database)

    def refresh() -> list[Synced]:
        done = (sync(store, story, folders(config, story), clock.now()) for story in config.stories)
        return [synced for synced in done if synced]

    return Parts(
        config,
        {story.word: Desk(store, story) for story in config.stories},
        refresh,
        store.recall,
        store.remember,
        store.close,
    )
