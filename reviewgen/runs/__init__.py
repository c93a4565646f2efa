"""Runs of ``batch`` read back: what stands in their reviews, how two runs differ, which samples of a run fit what is asked."""

from .comparing import Change, Comparison, Movement, compare
from .reading import MEASURES, IssueRow, SampleRow, read, review, row, rows
from .selecting import Wish, select

__all__ = [
    "MEASURES", "Change", "Comparison", "IssueRow", "Movement", "SampleRow", "Wish", "compare", "read", "review", "row", "rows", "select",
]  # fmt: skip
