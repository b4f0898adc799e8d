"""The outbox: what was promised is sent, once, and what became of it is kept. Composes nothing."""
