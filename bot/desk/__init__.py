"""Where requests are met: the one table of commands, joined from its stages, and who may use what."""
