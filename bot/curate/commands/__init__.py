"""The commands of the newsroom: their entries in the table, and their handlers."""
