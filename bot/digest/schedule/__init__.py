"""When editions are due: a wish, its local time, and what one look at it brings. Pure."""
