"""The semantic difference of two trees: what was added, removed, renamed, moved and changed, blind to how it is written."""

from .compare import compare
from .overlay import overlay, stands_apart

__all__ = ["compare", "overlay", "stands_apart"]
