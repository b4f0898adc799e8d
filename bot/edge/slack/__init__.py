"""Slack: what is typed, called and pressed there → the desk; its replies → messages."""
