"""What a template asks of the view model, held against its types: on all branches, whether they run or not."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from jinja2 import Environment, TemplateNotFound, nodes

from reviewgen.errors import DataError
from reviewgen.records import dataclass

from .missing import GLOBALS, meant, no_field, no_name
from .viewmodel import View

Scope = dict[str, Any]
_SAME = frozenset(["list", "sort", "reverse", "unique", "select", "reject", "selectattr", "rejectattr"])
_ONE = frozenset(["first", "last", "min", "max"])
_OF_LOOPS = ("loop", "caller", "varargs", "kwargs")
_OF_TEMPLATES = ("self", "super")


@dataclass(frozen=True)
class _Source:
    """One template: its place for messages, its tree."""

    path: str
    tree: nodes.Template


def mistakes(environment: Environment, name: str) -> tuple[DataError, ...]:
    """Return what a template names that the view model does not have, in the order of the text.

    Args:
        environment: Where the template is; it must be able to parse it.
        name: Its name there.
    """
    checker = _Checker(environment)
    checker.template(name, dict.fromkeys((*GLOBALS, *_OF_TEMPLATES)) | {"view": View})
    return tuple(checker.found.values())


class _Checker:
    """Goes through a template and all that it extends and includes, with the types of what is named."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.found: dict[tuple[str, str], DataError] = {}
        self.blocks: dict[str, list[tuple[_Source, nodes.Block]]] = {}
        self.open: list[str] = []
        self.source = _Source("", nodes.Template([]))

    def template(self, name: str, scope: Scope) -> None:
        """Check one template in a scope; of one that extends another, the other with these blocks."""
        if name in self.open:
            return
        before, read = self.source, self._read(name)
        self.open.append(name)
        self.source = read
        for block in self.source.tree.find_all(nodes.Block):
            self.blocks.setdefault(block.name, []).append((self.source, block))
        extended = self.source.tree.find(nodes.Extends)
        scope = scope | dict.fromkeys(_assigned(self.source.tree))
        if extended is None:
            self._all(self.source.tree.body, scope)
        else:
            self._all(
                [child for child in self.source.tree.body if isinstance(child, (nodes.Assign, nodes.FromImport, nodes.Import))], scope
            )
            for named in _names(extended.template):
                self._other(named, extended.lineno, scope)
        self.source = before
        self.open.pop()

    def _other(self, name: str, line: int, scope: Scope) -> None:
        """Check a template that this one names on a line."""
        try:
            self.template(name, scope)
        except TemplateNotFound:
            known = [known for known in self.environment.list_templates() if ("/" in known) == ("/" in name)]
            self._say(line, f"there is no template {name!r}{meant(name, known)}")

    def _read(self, name: str) -> _Source:
        loader = self.environment.loader
        assert loader is not None
        text, path, _ = loader.get_source(self.environment, name)
        # The environment's own parser adds what counts work; here the text is read as it stands.
        return _Source(path or name, Environment.parse(Environment(trim_blocks=True), text, name, path))

    def _say(self, line: int, message: str) -> None:
        key = (self.source.path, message)
        self.found.setdefault(key, DataError(message, path=self.source.path, line=line))

    def _all(self, body: list[nodes.Node], scope: Scope) -> None:
        for node in body:
            self._statement(node, scope)

    def _statement(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.For):
            inner = scope | dict.fromkeys(_OF_LOOPS) | _bound(node.target, _item(self._kind(node.iter, scope)))
            if node.test is not None:
                self._kind(node.test, inner)
            self._all(node.body, inner)
            self._all(node.else_, scope)
        elif isinstance(node, nodes.Assign):
            scope.update(_bound(node.target, self._kind(node.node, scope)))
        elif isinstance(node, nodes.Block):
            before = self.source
            for source, block in self.blocks.get(node.name, [(before, node)]):
                self.source = source
                self._all(block.body, dict(scope))
            self.source = before
        elif isinstance(node, nodes.Include):
            for named in () if node.ignore_missing else _names(node.template):
                self._other(named, node.lineno, dict(scope))
        elif isinstance(node, (nodes.Macro, nodes.CallBlock)):
            arguments = {argument.name: None for argument in node.args}
            self._all(node.body, scope | dict.fromkeys(_OF_LOOPS) | arguments)
        elif isinstance(node, nodes.Expr):
            self._kind(node, scope)
        else:
            for child in node.iter_child_nodes():
                self._statement(child, scope)

    def _kind(self, node: nodes.Node, scope: Scope) -> Any:
        """Return the type of an expression, None where it is not known, and note what it names wrongly."""
        if isinstance(node, nodes.Name):
            if node.ctx == "load" and node.name not in scope:
                self._say(node.lineno, no_name(node.name, [name for name in scope if name not in (*_OF_LOOPS, *_OF_TEMPLATES)]))
            return scope.get(node.name)
        if isinstance(node, nodes.Getattr):
            return self._field(node, self._kind(node.node, scope))
        if isinstance(node, nodes.Test) and node.name in ("defined", "undefined"):
            return bool
        kinds = [self._kind(child, scope) for child in node.iter_child_nodes()]
        if isinstance(node, nodes.Filter) and kinds:
            return kinds[0] if node.name in _SAME else _item(kinds[0]) if node.name in _ONE else None
        if isinstance(node, nodes.Getitem):
            return kinds[0] if isinstance(node.arg, nodes.Slice) else _item(kinds[0])
        return kinds[0] if isinstance(node, (nodes.Or, nodes.And)) and len(set(kinds)) == 1 else None

    def _field(self, node: nodes.Getattr, kind: Any) -> Any:
        if not is_dataclass(kind):
            return None
        if node.attr not in {field.name for field in fields(kind)}:
            self._say(node.lineno, no_field(node.attr, kind))
            return None
        return _plain(get_type_hints(kind)[node.attr])


def _names(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, (nodes.List, nodes.Tuple)):
        for item in node.items:
            yield from _names(item)


def _assigned(tree: nodes.Template) -> Iterator[str]:
    """Yield the names that a template gives to something of its own at its top."""
    for node in tree.find_all((nodes.Macro, nodes.Import, nodes.FromImport, nodes.AssignBlock)):
        if isinstance(node, nodes.Macro):
            yield node.name
        elif isinstance(node, nodes.Import):
            yield node.target
        elif isinstance(node, nodes.FromImport):
            yield from (name if isinstance(name, str) else name[1] for name in node.names)
        elif isinstance(node, nodes.AssignBlock):
            yield from _bound(node.target, None)


def _bound(target: nodes.Node, kind: Any) -> Scope:
    """Return the names that a target binds, with their types; of several names none is known."""
    if isinstance(target, nodes.Name):
        return {target.name: kind}
    return {name.name: None for name in target.find_all(nodes.Name)}


def _plain(kind: Any) -> Any:
    """Return a type without None."""
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def _item(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is tuple else None
