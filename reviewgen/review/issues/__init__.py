"""Drafts to issues: their words, assertions and order, what the curator decided of them."""
