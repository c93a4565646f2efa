"""The semantic difference of two trees: what was added, removed, renamed, moved and changed, blind to how it is written."""

from .compare import compare

__all__ = ["compare"]
