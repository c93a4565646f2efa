"""docs/view-model.md: the classes that templates print, made of their types and docstrings; ``make docs`` writes it."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from reviewgen.render import viewmodel
from reviewgen.render.bounded import FILTERS as JINJAS_FILTERS
from reviewgen.render.bounded import GLOBALS
from reviewgen.render.engine import FILTERS
from reviewgen.render.hygiene import Safe, begin, end
from tests.paths import ROOT

PAGE = ROOT / "docs" / "view-model.md"
_FIELD = re.compile(r"^ {4}(\w+): (.*)$", re.MULTILINE)
_HEAD = """# The view model

<!-- made of reviewgen/render/viewmodel.py by make docs -->

Version {version}. A template has one value, `view`, of the class `View`; [templates.md](templates.md) tells how templates are written. A field
that is added raises the second number of the version; one that goes or changes its meaning raises the first. A text is plain prose in which a
pair of backticks marks code, and is escaped where it is printed; `Safe` is Markdown that is ready.
"""


def page() -> str:
    """Return the page."""
    parts = [_HEAD.format(version=viewmodel.VERSION), _filters()]
    parts += [_class(kind) for kind in dict.fromkeys(_reached(viewmodel.View))]
    return "\n".join(parts)


def _reached(kind: Any) -> Iterator[type]:
    """Yield a class and all that its fields hold, each before what it holds itself."""
    if is_dataclass(kind) and isinstance(kind, type):
        yield kind
        for field in fields(kind):
            yield from _reached(get_type_hints(kind)[field.name])
    for part in get_args(kind):
        yield from _reached(part)


def _class(kind: type) -> str:
    text = inspect.getdoc(kind) or ""
    meanings = dict(_FIELD.findall(text.partition("Attributes:")[2]))
    hints = get_type_hints(kind)
    rows = [f"| `{field.name}` | {_type(hints[field.name])} | {_cell(meanings[field.name])} |" for field in fields(kind)]
    return "\n".join(
        [f"## {kind.__name__}", "", _prose(text).replace("``", "`"), "", "| Field | Type | Meaning |", "|---|---|---|", *rows, ""]
    )


def _type(kind: Any) -> str:
    if is_dataclass(kind) and isinstance(kind, type):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    if get_origin(kind) is tuple:
        return f"list of {_type(get_args(kind)[0])}"
    if get_origin(kind) in (Union, types.UnionType):
        return f"{_type(get_args(kind)[0])} or none"
    return {str: "text", int: "number", bool: "yes or no", Safe: "`Safe`"}[kind]


def _filters() -> str:
    own = [f"| `{name}` | {_cell(_prose(inspect.getdoc(function) or ''))} |" for name, function in sorted(FILTERS.items())]
    functions = {"begin(name)": begin, "end(name)": end}
    rows = [f"| `{name}` | {_cell(_prose(inspect.getdoc(function) or ''))} |" for name, function in functions.items()]
    return "\n".join(
        [
            "## Filters and functions",
            "",
            "| Filter | Returns |",
            "|---|---|",
            *own,
            "",
            "Of Jinja's own filters there are: " + ", ".join(f"`{name}`" for name in sorted(JINJAS_FILTERS)) + ".",
            "",
            "| Function or value | Meaning |",
            "|---|---|",
            *rows,
            "| `br` | Two spaces: a line break within a paragraph, at the end of a line. |",
            "| " + ", ".join(f"`{name}`" for name in sorted(GLOBALS)) + " | As in Jinja. |",
            "",
        ]
    )


def _prose(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())


def _cell(text: str) -> str:
    plain = text.replace("``", "`").replace("|", "\\|").removeprefix("Return ")
    return plain[:1].upper() + plain[1:]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
