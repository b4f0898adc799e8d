"""Words → a request for a command: what a command is, and how people's words become one."""
