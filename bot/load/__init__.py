"""Text on disk → sources and briefings, or problems with file and line. Never touches the store."""
