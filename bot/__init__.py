"""A briefing bot: keeps a tangled news story straight, in Discord and in the terminal."""

__version__ = "0.1.0"
