"""How a question is understood, held against facts, and answered or declined: pure functions of plain values.

words ─ lexicon ─┬─ question ─┐
                 └─ statement ┴─ matching ─ answering ─ telling
"""
