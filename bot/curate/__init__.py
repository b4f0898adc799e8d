"""What may be done to a story. Now: taking over what changed in its files."""
