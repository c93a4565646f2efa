"""Reviews to text: Jinja documents, review.json, Markdown hygiene."""

from .engine import DEFAULT, SUFFIX, check, errors, markdown, page, template_names
from .report_json import FORMAT_VERSION, difference, document, dumps, schema, score, validation
from .review_json import read
from .viewmodel import VERSION as VIEW_VERSION

__all__ = [
    "DEFAULT",
    "FORMAT_VERSION",
    "SUFFIX",
    "VIEW_VERSION",
    "check",
    "difference",
    "document",
    "dumps",
    "errors",
    "markdown",
    "page",
    "read",
    "schema",
    "score",
    "template_names",
    "validation",
]
