"""The sandbox of users' templates: it reads nothing but templates and ends after a bounded amount of work.

Work is counted in characters and steps, not in seconds, so that a template ends at the same place on each machine. Whatever can grow is
counted before it is made: concatenation, repetition, joining, loops, calls. Python's own tools that could get around that are left out:
of a text's methods there are those in ``_METHODS``, of Jinja's filters those in ``FILTERS``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import BaseLoader, Environment, FileSystemLoader, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

from reviewgen.errors import DataError

from .sandboxed import SandboxedTemplates
from .viewmodel import VERSION

MOST_WORK = 20_000_000
"""Characters that a template may go through and print; the documents of the largest samples need less than a twentieth."""
MOST_BYTES = 200_000
"""The largest template file: Jinja needs seconds for a larger one."""
_NEEDS = re.compile(r"\{#(?:[^#]|#(?!\}))*?view model (\d{1,4}\.\d{1,4})")
_STEP = 50
_MOST_BITS = 256
_SUFFIX = ".md.j2"
_NAMES_OF_FILTERS = (
    "abs capitalize count d default dictsort first float groupby indent int items join last length list lower map max min reject rejectattr "
    "replace reverse select selectattr sort string sum title trim truncate unique upper wordcount"
)
FILTERS = frozenset(_NAMES_OF_FILTERS.split())
"""Jinja's filters that a template may use."""
_NAMES_OF_METHODS = (
    "startswith endswith upper lower title capitalize strip lstrip rstrip split rsplit splitlines partition rpartition removeprefix "
    "removesuffix find rfind count isdigit isalpha isalnum isupper islower"
)
GLOBALS = frozenset(["range", "namespace"])
"""Jinja's functions that a template may call."""
_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset(_NAMES_OF_METHODS.split()),
    tuple: frozenset(["count", "index"]),
    list: frozenset(["count", "index"]),
    dict: frozenset(["get", "items", "keys", "values"]),
}
_OF_NAMES = ("filter", "test")
_SIZED = (str, bytes, list, tuple, dict, range, set, frozenset)
_NAMES = (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)

Body = TypeVar("Body", nodes.Template, nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block)


class TemplateLoader(BaseLoader):
    """Gives templates only, from a file of the user's own and from folders; a name cannot lead out of them."""

    def __init__(self, file: Path | None, folders: Sequence[Path]) -> None:
        """Give a file under its path, and the folders' templates under their names."""
        self.file = file
        self.folders = FileSystemLoader(folders)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return text and place of a template.

        Raises:
            TemplateNotFound: There is none of that name, or it is no template.
            DataError: It is too large.
        """
        if self.file is not None and template == str(self.file):
            path = self.file
            _within(path)
            stamp = path.stat().st_mtime_ns
            return path.read_text("utf-8"), str(path), lambda: path.is_file() and path.stat().st_mtime_ns == stamp
        if not template.endswith(_SUFFIX):
            raise TemplateNotFound(template)
        found = self.folders.get_source(environment, template)
        _within(Path(found[1]))
        return found

    def list_templates(self) -> list[str]:
        """Return the names of the folders' templates."""
        return [name for name in self.folders.list_templates() if name.endswith(_SUFFIX)]


def _within(path: Path) -> None:
    if path.stat().st_size > MOST_BYTES:
        raise DataError("the template is larger than 200 KB", path=str(path))


class BoundedEnvironment(SandboxedTemplates):
    """A sandbox that counts work."""

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])

    def __init__(self, **options: Any) -> None:
        """Take the options of ``jinja2.Environment``."""
        finalize = options.pop("finalize")
        super().__init__(**options)
        self.work = 0
        self.filters = {name: self._counted(self.filters[name]) for name in FILTERS}
        self.filters |= {"join": self._counted(self._join), "replace": self._counted(self._replace), "indent": self._counted(self._indent)}
        tests: Mapping[str, Any] = self.tests
        self.tests = {name: self._counted(test) for name, test in tests.items() if name not in _OF_NAMES}
        self.globals = {name: self.globals[name] for name in GLOBALS}

        def printed(value: object) -> object:
            shown = finalize(value)
            self.charge(len(shown) if isinstance(shown, str) else 1)
            return shown

        self.finalize = printed

    def begin(self) -> None:
        """Begin a document: nothing is done yet."""
        self.work = 0

    def charge(self, amount: int) -> str:
        """Count some work; returns nothing to print.

        Raises:
            SecurityError: It is more than a template may do.
        """
        self.work += max(amount, _STEP)
        if self.work > MOST_WORK:
            raise SecurityError("the template does too much: it loops too long, or makes too long a text")
        return ""

    def weighed(self, value: Any) -> Any:
        """Return a value as it is, after its size was counted."""
        self.charge(_size(value))
        return value

    def joined(self, *values: Any) -> str:
        """Return what ``~`` means."""
        parts = [str(value) for value in values]
        self.charge(sum(map(len, parts)))
        return "".join(parts)

    def call(self, context: Context, obj: Any, /, *arguments: Any, **named: Any) -> Any:
        """Call something for a template."""
        self.charge(_STEP)
        return self.weighed(super().call(context, obj, *arguments, **named))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return the result of an operator, whose size is counted before it is made."""
        if any(isinstance(side, (str, bytes)) for side in (left, right)) and operator == "%":
            raise SecurityError("texts are put together with ~, not with %")
        self.charge(_result_size(operator, left, right))
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> None:
        """Give no template ``str.format``: widths in it would make texts of any length."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may have an attribute: of Python's own types only the methods that cannot grow."""
        allowed = next((names for kind, names in _METHODS.items() if isinstance(obj, kind)), None)
        if allowed is not None or isinstance(obj, (int, float, bytes)):
            return attr in (allowed or ())
        return super().is_safe_attribute(obj, attr, value)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if (needs := _NEEDS.match(source)) and not _has(needs[1]):
            raise TemplateSyntaxError(f"it is written for view model {needs[1]}, and this is {VERSION}", 1, name, filename)
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(_NAMES):
            if not _is_named(node.template):  # type: ignore[attr-defined]  # each of these kinds has it
                raise TemplateSyntaxError("a template is asked for by its name, not by an expression", node.lineno, name, filename)
        return _Counting().visit(tree)  # type: ignore[no-any-return]

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a filter or test that counts the size of what it works on."""

        @wraps(function)
        def counting(*arguments: Any, **named: Any) -> Any:
            self.charge(sum(map(_size, arguments)) + sum(map(_size, named.values())))
            return function(*arguments, **named)

        return counting

    def _join(self, value: Iterable[Any], d: str = "", attribute: str | None = None) -> str:
        items = [self.getitem(item, attribute) if attribute is not None else item for item in value]
        parts = [str(item) for item in items]
        self.charge(sum(map(len, parts)) + len(d) * len(parts))
        return d.join(parts)

    def _replace(self, s: str, old: str, new: str) -> str:
        self.charge(len(s) + s.count(old) * len(new))
        return s.replace(old, new)

    def _indent(self, s: str, width: int = 4, first: bool = False, blank: bool = False) -> str:
        self.charge((s.count("\n") + 1) * abs(width) + len(s))
        lines = s.splitlines(keepends=True)
        return "".join(" " * width + line if (number or first) and (blank or line.strip()) else line for number, line in enumerate(lines))


def _has(version: str) -> bool:
    """Whether a template for a version of the view model finds all that it needs in this one."""
    (major, minor), (ours, least) = (map(int, text.split(".")) for text in (version, VERSION))
    return major == ours and minor <= least


def _size(value: Any) -> int:
    return len(value) if isinstance(value, _SIZED) else 1


def _is_named(node: nodes.Expr) -> bool:
    if isinstance(node, (nodes.List, nodes.Tuple)):
        return all(map(_is_named, node.items))
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def _result_size(operator_: str, left: Any, right: Any) -> int:
    """Return how large the result of an operator is.

    Raises:
        SecurityError: It is a number of a size that no document has.
    """
    numbers = isinstance(left, int) and isinstance(right, int)
    if operator_ == "*" and not numbers and (isinstance(left, int) or isinstance(right, int)):
        return _size(left) * right if isinstance(right, int) else left * _size(right)
    if numbers and operator_ in _GROWTH and _GROWTH[operator_](left, right) > _MOST_BITS:
        raise SecurityError("a number is too large")
    return _size(left) + _size(right)


_GROWTH: Mapping[str, Callable[[int, int], int]] = {
    "*": lambda left, right: left.bit_length() + right.bit_length(),
    "**": lambda left, right: operator.mul(max(left.bit_length(), 1), abs(right)),
}


class _Counting(NodeTransformer):
    """Makes a template count: at the begin of each body how much text it has, and the size of what is compared, cut or put together."""

    def visit_Template(self, node: Body) -> Body:
        """Count the text of a body where it begins; a body that extends another first says so."""
        text = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        spent = nodes.ExprStmt(self._call("charge", [nodes.Const(text)], node.lineno), lineno=node.lineno)
        first: list[nodes.Node] = [child for child in node.body if isinstance(child, nodes.Extends)]
        node.body = [*first, spent, *(child for child in node.body if child not in first)]
        return node

    visit_For = visit_Macro = visit_CallBlock = visit_Block = visit_Template

    def visit_Concat(self, node: nodes.Concat) -> nodes.Call:
        self.generic_visit(node)
        return self._call("joined", node.nodes, node.lineno)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:
        self.generic_visit(node)
        node.expr = self._call("weighed", [node.expr], node.lineno)
        for operand in node.ops:
            operand.expr = self._call("weighed", [operand.expr], node.lineno)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Getitem:
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = self._call("weighed", [node.node], node.lineno)
        return node

    @staticmethod
    def _call(name: str, arguments: Sequence[nodes.Node], line: int) -> nodes.Call:
        return nodes.Call(nodes.EnvironmentAttribute(name, lineno=line), list(arguments), [], None, None, lineno=line)
