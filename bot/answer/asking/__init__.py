"""How a question is understood, held against facts, and answered or declined: pure functions of plain values.

language ─┬─ wording ─ reading ─┐
          └─────────────────────┴─ holding ─ answers
"""
