"""How a question is worded: put into the usual words, or cut in two, before it is read."""
