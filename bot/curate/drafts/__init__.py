"""Drafts, and publishing them: one transaction with all that belongs to it."""
