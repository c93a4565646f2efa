"""Compare a model's Terraform answer with its correction and write a truthful review of the differences."""

__version__ = "0.1.0"

KNOWLEDGE = "2026-11-24"
"""Date of the newest fact in the rules and knowledge tables; review.json names it beside the version."""
