"""Chaos: the real bot against the double of Discord, killed again and again, and then counted."""
