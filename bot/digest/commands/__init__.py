"""The commands of digests: their entries in the table, and their handlers."""
