"""Defects and unmet needs, joined to drafts of issues: one root cause is one draft."""

from .fusion import drafts

__all__ = ["drafts"]
