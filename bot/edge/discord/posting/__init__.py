"""Deliveries: sent, looked for, corrected, and what came of them."""
