"""Reviews to text: Jinja documents, review.json, Markdown hygiene, and reading documents back."""

from .engine import markdown, template_names
from .readback import ReadBack, ReadIssue, mismatches, read_back
from .report_json import difference, document, dumps, schema, score, validation

__all__ = [
    "ReadBack",
    "ReadIssue",
    "difference",
    "document",
    "dumps",
    "markdown",
    "mismatches",
    "read_back",
    "schema",
    "score",
    "template_names",
    "validation",
]
