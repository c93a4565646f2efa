"""The semantic difference of two trees: what was added, removed, renamed, moved and changed, blind to how it is written."""

from .compare import compare
from .overlay import overlay, stands_apart
from .pair import likeness

__all__ = ["compare", "likeness", "overlay", "stands_apart"]
