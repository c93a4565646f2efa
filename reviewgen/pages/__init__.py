"""Pages to look at: one self-contained HTML page for a review, and a folder of pages for a run."""

from .review import review_page

__all__ = ["review_page"]
