"""One table of commands: a request in, a reply out. Knows no platform and reads no clock."""
