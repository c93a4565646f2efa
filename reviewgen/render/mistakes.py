"""What is wrong with a template, in words that name the place and the nearest valid name."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from reviewgen.errors import DataError

from .bounded import FILTERS as JINJAS_FILTERS
from .missing import meant

_UNKNOWN = re.compile(r"No (filter|test) named '([^']*)'|Encountered unknown tag '([^']*)'")
_NAMES_OF_TAGS = "block call elif else endblock endcall endfilter endfor endif endmacro endset endwith extends filter for from if import include macro set with"
_TAGS = frozenset(_NAMES_OF_TAGS.split())


def mistake(error: Exception, template: str, names: Sequence[str]) -> DataError | None:
    """Return what is wrong with a template; None when the exception is of something else.

    Args:
        error: What was raised while a template was read or rendered.
        template: The template, as it was asked for.
        names: The master templates that there are.
    """
    place = _place(error, template)
    path, line = place or ("", 0)
    if isinstance(error, TemplateNotFound):
        name = str(error.name).removesuffix(".md.j2")
        return DataError(f"there is no template {name!r}{meant(name, names)}", path=path, line=line)
    if isinstance(error, TemplateSyntaxError):
        return DataError(_syntax(error), path=error.filename or error.name or "", line=error.lineno)
    if isinstance(error, UnicodeDecodeError):
        return DataError("a template is no text in UTF-8", path=template, hint="save it as UTF-8")
    if isinstance(error, RecursionError):
        return DataError("the template calls or includes itself without an end, or nests too deep", path=path or template, line=line)
    if isinstance(error, SyntaxError):  # of the Python that Jinja makes of it: more blocks in each other than Python takes
        return DataError(f"the template cannot be compiled: {error.msg}", path=template)
    if place and isinstance(error, (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)):
        return DataError(str(error).rstrip("."), path=path, line=line)
    return None


def _syntax(error: TemplateSyntaxError) -> str:
    message = (error.message or "not valid").rstrip(".")
    if not (match := _UNKNOWN.match(message)):
        return message
    kind, name = (match[1], match[2]) if match[1] else ("tag", match[3])
    if kind == "tag" and name in _TAGS:
        return f"the tag {name!r} stands where there is nothing that it belongs to"
    return f"there is no {kind} {name!r}{meant(name, _known(kind))}"


def _known(kind: str) -> Iterable[str]:
    if kind == "tag":
        return _TAGS
    if kind == "test":
        from jinja2.tests import TESTS

        return [name for name in TESTS if name.isidentifier()]
    from .engine import FILTERS

    return (*JINJAS_FILTERS, *FILTERS)


def _place(error: Exception, template: str) -> tuple[str, int] | None:
    """Return template and line of the innermost template that an exception came through; None when it came through none."""
    path = str(Path(template))
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2") or frame.filename == path]
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else None
