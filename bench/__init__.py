"""Measures the bot: `python -m bench [process|chat|scale …] [--quick]`. Nothing leaves this machine."""
