"""What an edition says: what is new to a channel, laid out by the kind of digest."""
