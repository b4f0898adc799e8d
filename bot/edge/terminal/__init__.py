"""The terminal: a chat, and a channel for digests."""
