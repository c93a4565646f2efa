"""What can be counted over all samples of a run, and the document that says it.

Each module counts one thing: it is given rows one by one, sorted by sample, and keeps what it needs of them, never the rows.
"""

from .summary import Failure, Summary, page, summarise

__all__ = ["Failure", "Summary", "page", "summarise"]
