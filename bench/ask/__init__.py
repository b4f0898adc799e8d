"""Questions of readers, asked and judged: what `ask` is worth."""

from bench.ask.measuring import run

__all__ = ["run"]
