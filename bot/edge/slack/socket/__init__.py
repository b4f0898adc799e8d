"""The connection to Slack: sockets, and what comes over them."""
