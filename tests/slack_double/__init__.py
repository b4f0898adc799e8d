"""The Slack double behaves like Slack, as far as the real slack_sdk and slack_bolt can tell."""
