"""SQLite: what the bot remembers. Schema, writes, reads, search. Knows no platform."""
