"""Reply → the JSON that `--json` prints."""

import json

from bot.render.terminal import text
from bot.reply import Reply


def as_json(reply: Reply) -> str:
    """One object in one line: command, title, text, as_of, sources, facts, abstained."""
    return json.dumps(
        {
            "command": reply.command,
            "title": reply.title,
            "text": text(reply),
            "as_of": reply.as_of.isoformat() if reply.as_of else None,
            "sources": list(reply.sources),
            "facts": list(reply.facts),
            "abstained": reply.abstained,
        },
        ensure_ascii=False,
    )
