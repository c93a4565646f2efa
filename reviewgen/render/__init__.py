"""Reviews to text: Jinja documents, review.json, Markdown hygiene."""

from .engine import check, markdown, template_names
from .report_json import difference, document, dumps, schema, score, validation

__all__ = [
    "check",
    "difference",
    "document",
    "dumps",
    "markdown",
    "schema",
    "score",
    "template_names",
    "validation",
]
