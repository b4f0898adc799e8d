"""What was decided, day by day, and the making of what is due: one transaction with its promise."""
