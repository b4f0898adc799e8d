"""What one audience is told now: the condition for it, as the newer modules of reads put it."""

STANDS = "{of}.story = ?1 AND {of}.audience IN ('', ?2) AND {of}.retracted = '~'"
"""Of a fact, a source or a briefing: of the story ?1, for the audience ?2, and not retracted."""


def phrases(texts: tuple[str, ...]) -> str:
    """Any of these texts, word by word, in the language of the search index."""
    return " OR ".join('"' + text.replace('"', '""') + '"' for text in texts)
