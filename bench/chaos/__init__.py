"""Chaos: the real bot against a double of Discord or Slack, killed again and again, and then counted."""
