"""HCL text to blocks, expressions and comments with positions; the only room that knows HCL parsers.

Three readers with one meaning, each behind one adapter:

* ``strict`` reads what HCL accepts, straight from the bytes: nearly every file, in a quarter of the time of the next.
* ``tolerant`` (tree-sitter) reads what HCL rejects; it survives errors.
* ``meaning`` (python-hcl2) reads the expressions of what differs between two trees and confirms what the others understood.

``reader`` asks the first and, where it refuses, the second. ``syntax`` says what Terraform says of files that do not parse, ``canonical``
brings expressions into one form, ``evaluate`` folds constants.
"""

from .canonical import canonical, text_of
from .evaluate import UNKNOWN, evaluate
from .expressions import children, mapped, rewrite, traversals, walk
from .json_reader import read_json
from .limits import MOST_DIAGNOSTICS
from .reader import TEMPLATE_HEAD, HclFile, parse_expression, read, read_template

__all__ = [
    "MOST_DIAGNOSTICS",
    "TEMPLATE_HEAD",
    "UNKNOWN",
    "HclFile",
    "canonical",
    "children",
    "evaluate",
    "mapped",
    "parse_expression",
    "read",
    "read_json",
    "read_template",
    "rewrite",
    "text_of",
    "traversals",
    "walk",
]
