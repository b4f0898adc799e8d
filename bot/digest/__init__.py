"""Which editions are due, and for whom. Decides; never sends, and reads no clock."""
