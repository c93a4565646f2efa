"""A run as tables: samples, issues, whole reviews; one row at a time, so that no run is too large.

``schema`` says what the columns are, ``rows`` fills them, ``own`` keeps the columns that datasets have of their own, ``formats`` writes.
"""

from .own import Own
from .rows import write
from .targets import Target, targets

__all__ = ["Own", "Target", "targets", "write"]
