"""From an example document to a template: its style recognised, and written down as Jinja without the example's own content."""

from .derive import Derived, derive, likeness
from .parts import Unmapped

__all__ = ["Derived", "Unmapped", "derive", "likeness"]
