"""What answers a question, by its kind, and how that is said."""
