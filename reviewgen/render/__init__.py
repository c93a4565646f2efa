"""Reviews to text: Jinja documents, review.json, Markdown hygiene."""

from .engine import check, markdown, page, template_names
from .report_json import FORMAT_VERSION, difference, document, dumps, schema, score, validation
from .review_json import read

__all__ = [
    "FORMAT_VERSION",
    "check",
    "difference",
    "document",
    "dumps",
    "markdown",
    "page",
    "read",
    "schema",
    "score",
    "template_names",
    "validation",
]
