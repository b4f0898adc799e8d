"""The one place that builds the concrete parts and joins them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.config import Config
from bot.curate.files.sync import Step, Synced, folders, sync
from bot.desk.desk import Desk
from bot.edge import clock
from bot.edge.parts import Parts
from bot.store.damage import check_empty
from bot.store.store import Store

if TYPE_CHECKING:
    from bot.deliver.order import Poster
    from bot.edge.timer import Timer


def build(config: Config) -> Parts:
    """A bot with this configuration; nothing is opened before it is used."""
    check_empty(config.database, config.backups)
    store = Store(config.database)

    def refresh(step: Step | None = None) -> list[Synced]:
        done = (sync(store, story, folders(config, story), clock.now(), step) for story in config.stories)
        return [synced for synced in done if synced]

    def timer(posters: "Sequence[Poster]") -> "Timer":
        # Imported here: whoever asks one question in the shell does without.
        from bot.edge.timer import Timer

        return Timer(store, {story.word: story.name for story in config.stories}, posters)

    return Parts(
        config,
        store,
        {
            story.word: Desk(
                store,
                story,
                admin_roles={
                    "discord": config.discord.admin_roles,
                    "slack": config.slack.admin_groups,
                },
                owners=config.owners,
                limits=config.limits,
            )
            for story in config.stories
        },
        refresh,
        store.recall,
        store.remember,
        timer,
        store.close,
    )
