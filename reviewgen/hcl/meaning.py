"""The second reader: python-hcl2, asked about the values that differ between two trees.

python-hcl2 loses a whole file to one bad line, gives no positions and reads about 6,000 lines a second, so it never sees files. It is asked
about single arguments, which is where a document makes statements, and confirms what the first reader understood. This module is the only
one that imports it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from reviewgen.model.hcl import Binary, Directive, Expression, Invalid, Template, Unary

from .canonical import canonical, text_of
from .evaluate import UNKNOWN, evaluate, known
from .expressions import children

# Past this length the grammar of python-hcl2 costs more than the whole review; such texts are compared by the first reader alone.
LONGEST = 2_000
# Operators that look like a part of a word.
_WORDLIKE = ("-", "*")


def certain(expr: Expression) -> bool:
    """Whether ``agrees`` need not be asked: what it compares, constants and words, stands in an expression as it is written.

    Not so in heredocs, whose indentation and JSON have a meaning of their own, in directives, and beside operators that look like a part of
    a word.
    """
    if isinstance(expr, Directive | Invalid) or (isinstance(expr, Template) and expr.heredoc):
        return False
    if isinstance(expr, Binary | Unary) and expr.op in _WORDLIKE:
        return False
    return all(map(certain, children(expr)))


def agrees(expr: Expression, text: str) -> bool | None:
    """Whether python-hcl2 gives an argument the same meaning as ``expr``.

    Args:
        expr: What the first reader made of the text.
        text: The argument's source text, the part behind ``=``.

    Returns:
        True or False; None when python-hcl2 cannot read the text or it is too long to ask.
    """
    if len(text) > LONGEST:
        return None
    theirs = value(text)
    if theirs is UNKNOWN:
        return None
    ours = evaluate(expr)
    if known(ours) and not (isinstance(theirs, str) and theirs.startswith("${")):
        return _same(ours, theirs)
    return _squeezed(text_of(canonical(expr, convert=False))) == _squeezed(_source(theirs))


@lru_cache(maxsize=4096)
def value(text: str) -> Any:
    """Return python-hcl2's value of an expression's text: constants as Python values, all else as text with ``${}`` around it."""
    import hcl2
    from hcl2.utils import SerializationOptions
    from lark.exceptions import LarkError

    options = SerializationOptions(with_comments=False, strip_string_quotes=True, preserve_heredocs=False)
    try:
        return hcl2.loads(f"x = {text}\n", serialization_options=options)["x"]
    except (LarkError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return UNKNOWN


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and len(ours) == len(theirs) and all(_same(v, theirs.get(k)) for k, v in ours.items())
    if isinstance(ours, list):
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(_same, ours, theirs))
    if isinstance(theirs, str) and isinstance(ours, str):
        return _squeezed(ours) == _squeezed(theirs)
    return bool(ours == theirs)


def _source(theirs: Any) -> str:
    if isinstance(theirs, dict):
        return "{" + ",".join(f"{k}={_source(v)}" for k, v in theirs.items()) + "}"
    if isinstance(theirs, list):
        return "[" + ",".join(map(_source, theirs)) + "]"
    if isinstance(theirs, bool):
        return "true" if theirs else "false"
    return "null" if theirs is None else str(theirs)


def _squeezed(text: str) -> str:
    """Words of a text without spacing, quotes, dots and brackets (``x["k"]`` is ``x.k``); order of object keys does not count."""
    return "".join(sorted(re.findall(r"[\w*-]+", text.replace("\\n", " ").replace("\\t", " "))))
