"""How a question is read: what kind of answer it wants, about what, of which time, and by whom."""
