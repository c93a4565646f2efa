"""What a block with ``count``, ``for_each`` or ``dynamic`` stands for, where its collection is a constant."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from functools import partial
from typing import Any

from reviewgen.hcl import UNKNOWN, evaluate, read
from reviewgen.hcl.evaluate import follow, known, text
from reviewgen.model.hcl import Attr, Block, Conditional, Expression, Literal, Traversal
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass

from .graph import Graph, once

# More copies than this are not worth spelling out.
_MOST = 64
# A file that is one comment, but for lines of comment before it.
_COMMENTED = re.compile(r"(?:\s*#[^\n]*\n)*\s*/\*(.*?)\*/\s*", re.DOTALL)
# The name of the file of values that Terraform would read last.
_LAST = "~.auto.tfvars"
# The arguments that say how many of a block there are.
_NUMBERS = ("count", "for_each")
# Local values that lead to each other are followed no further.
_DEEPEST = 6


@dataclass(frozen=True)
class Scope:
    """The names that a copy of a block knows beside those of its module.

    Attributes:
        graph: The tree.
        module: Directory of the module.
        names: ``count``, ``each`` or the iterator of a ``dynamic`` block, with their values.
        certain: False when the number of copies is unknown; ``names`` then lacks their values.
    """

    graph: Graph
    module: str
    names: Mapping[str, Any] = field(default_factory=dict)
    certain: bool = True

    def value(self, expr: Expression | None) -> Any:
        """Return what an expression is worth in this copy, or ``UNKNOWN``."""
        return UNKNOWN if expr is None else evaluate(expr, self._lookup)

    def _lookup(self, traversal: Traversal) -> Any:
        if traversal.root in self.names:
            return follow(self.names[traversal.root], traversal.steps, self._lookup)
        return self.graph.constant(traversal, self.module)


def delivers_values(graph: Graph) -> bool:
    """Whether a tree has files of variable values, of whatever environment."""
    return any(path.endswith((".tfvars", ".tfvars.json")) for path in graph.files)


def wrapped(graph: Graph) -> bool:
    """Whether a tree is run by Terragrunt, which writes provider and backend into it: https://terragrunt.gruntwork.io/docs/."""
    return any(posixpath.basename(path) == "terragrunt.hcl" for path in graph.files)


def absent_by_default(graph: Graph, declaration: Declaration) -> bool:
    """Whether nothing of a resource comes into being with the default values of the variables: its ``count`` is 0, or its ``for_each`` empty.

    It is as good as that when all calls of its module are such. Where the tree delivers values, it must be so with each file of them as well.
    """
    if declaration.kind not in ("resource", "data"):
        return False
    return _is_off(graph, declaration) or _is_never_called(graph, declaration.module, lambda call: _is_off(graph, call))


def _is_off(graph: Graph, declaration: Declaration) -> bool:
    """Whether the ``count`` or ``for_each`` of a resource or of a call leaves nothing of it unless somebody asks for it."""
    expr = number_of(declaration)
    # What a module is given is known of one call only.
    if expr is None or len(graph.callers(declaration.module)) > 1 or not _is_none(graph.constant(expr, declaration.module)):
        return False
    if not delivers_values(graph):
        return True
    if declaration.module != graph.tree.root or any(path.endswith(".tfvars.json") for path in graph.files):
        return False  # what a file gives a module of the tree goes through its call
    return all(_is_none(_worth(graph, expr, given)) for _, given in _given(graph))


def files_without(graph: Graph, declaration: Declaration) -> tuple[str, ...]:
    """Return the files of values with which nothing of a resource of the root module comes into being; none unless another file creates it."""
    expr = number_of(declaration) if declaration.kind in ("resource", "data") else None
    with_each = [(path, value) for path, value in worths(graph, expr, declaration.module)] if expr is not None else []
    created = any(known(value) and not _is_none(value) for _, value in with_each)
    return tuple(path for path, value in with_each if _is_none(value)) if created else ()


def number_of(declaration: Declaration) -> Expression | None:
    """Return what says how many of a block there are; None where it is one."""
    found = (declaration.block.value(name) for name in _NUMBERS)
    return next((expr for expr in found if expr is not None), None)


def _is_none(worth: Any) -> bool:
    return worth is not UNKNOWN and worth in (0, False, [], {})


def written_off(graph: Graph, declaration: Declaration) -> bool:
    """Whether a resource creates nothing with whatever values: its ``count``, or that of each call of its module, is written as 0."""
    if declaration.kind not in ("resource", "data"):
        return False
    return _is_zero(declaration) or _is_never_called(graph, declaration.module, _is_zero)


def _is_zero(declaration: Declaration) -> bool:
    count = declaration.block.value("count")
    return isinstance(count, Literal) and count.value == 0


def _is_never_called(graph: Graph, module: str, off: Callable[[Declaration], bool], depth: int = _DEEPEST) -> bool:
    """Whether a module is called, and each call of it, or of a module around it, is off."""
    calls = graph.callers(module) if depth else []
    return bool(calls) and all(off(call) or _is_never_called(graph, call.module, off, depth - 1) for call in calls)


def left_out(graph: Graph, declaration: Declaration, kind: str) -> bool:
    """Whether no nested block of a type comes into being with the default values of the variables: each is a ``dynamic`` one of nothing."""
    found = [b for b in declaration.block.blocks if b.type == kind or (b.type == "dynamic" and b.labels[:1] == (kind,))]
    loops = [graph.constant(b.value("for_each"), declaration.module) if b.type == "dynamic" else None for b in found]
    return bool(found) and not delivers_values(graph) and all(worth in ([], {}) for worth in loops)


def asked_for_together(graph: Graph, declaration: Declaration, *others: Declaration) -> bool:
    """Whether somebody who gives the empty inputs that a resource of the root module hangs on a value gets it, and others with it.

    Args:
        graph: The tree.
        declaration: What the default values do not create.
        others: What is to be there as well, with the defaults of all other inputs.
    """
    root = graph.tree.root
    defaults = {d.name: value for d in graph.of_kind("variable") if d.module == root and (value := d.block.value("default")) is not None}
    asked = {name: value for name in _switches(graph, declaration.address) if (value := _given_one(defaults.get(name))) is not None}
    every = (declaration, *others)
    if not any(_is_off(graph, d) for d in every) and len({d.module for d in every}) == 1:
        return True  # who gets the module gets all of them
    own = bool(asked) and all(d.module == root for d in every)
    return own and all(_is_some(_worth(graph, expr, defaults | asked)) for d in every if (expr := number_of(d)) is not None)


def _is_some(worth: Any) -> bool:
    """Whether a ``count`` is 1, or a ``for_each`` has something."""
    return worth in (1, True) if not isinstance(worth, (dict, list)) else bool(worth)


def _given_one(default: Expression | None) -> Literal | None:
    """Return a value that somebody may give in the place of an empty default; a switch that is off is a decision, and no input."""
    return Literal(0, 0, "given") if isinstance(default, Literal) and default.value in ("", None) else None


def _switches(graph: Graph, address: str, paths: tuple[str, ...] = _NUMBERS, depth: int = _DEEPEST) -> set[str]:
    """Return the names of the variables that some arguments, or a local value, hang on."""
    found: set[str] = set()
    for reference in graph.outgoing.get(address, ()):
        kind, _, name = reference.target.partition(".")
        if reference.path in paths and kind == "var":
            found.add(name)
        elif reference.path in paths and kind == "local" and depth:
            found |= _switches(graph, reference.target, ("value",), depth - 1)
    return found


def certain(graph: Graph, declaration: Declaration) -> bool:
    """Whether a declaration comes into being whatever workspace or value is chosen: neither it nor a module around it hangs on what nobody knows."""
    return all(_has_copies(graph, found, name) for found in (declaration, *_around(graph, declaration)) for name in _NUMBERS)


def choice(graph: Graph, declaration: Declaration) -> tuple[str, str, Expression] | None:
    """Return what decides whether a declaration comes into being, where nobody knows how: (address, argument, condition), of it or a module around it."""
    for found in (declaration, *_around(graph, declaration)):
        for name in _NUMBERS:
            expr = found.block.value(name)
            if isinstance(expr, Conditional) and not _is_told(graph.constant(expr, found.module)):
                either = [graph.constant(part, found.module) for part in (expr.yes, expr.no)]
                if any(worth in (0, False, [], {}) for worth in either):
                    return found.address, name, expr
    return None


def repeated(graph: Graph, declaration: Declaration) -> bool:
    """Whether a declaration may stand for several copies: it or a module around it has ``count`` or ``for_each``."""
    return any(name in found.block.attributes for found in (declaration, *_around(graph, declaration)) for name in _NUMBERS)


def _around(graph: Graph, declaration: Declaration) -> list[Declaration]:
    return [found for call in _calls(declaration.address) if (found := graph.get(call)) is not None]


def _calls(address: str) -> Iterator[str]:
    """Yield the addresses of the module calls that an address stands in."""
    steps = address.split(".")
    for position in range(0, len(steps) - 2, 2):
        if steps[position] == "module":
            yield ".".join(steps[: position + 2])


def _has_copies(graph: Graph, declaration: Declaration, name: str) -> bool:
    expr = declaration.block.value(name)
    worth = graph.constant(expr, declaration.module)
    return expr is None or not (worth in (0, False, [], {}) if _is_told(worth) else isinstance(expr, Conditional))


def _is_told(worth: Any) -> bool:
    """Whether it is known how many copies a value makes: of objects whose values nobody knows, there are as many as there are keys."""
    return known(worth) or isinstance(worth, (dict, list))


def given_names(graph: Graph) -> set[str]:
    """Return the variables of the root module to which a file of values of the tree may give one; what is JSON gives any."""
    if any(path.endswith(".tfvars.json") for path in graph.files):
        return {d.name for d in graph.of_kind("variable") if d.module == graph.tree.root}
    return {name for _, values in _given(graph) for name in values}


def given_worths(graph: Graph, name: str) -> list[Any]:
    """Return what the files of values of a tree give a variable of the root module, of each that gives it a constant."""
    worths = (evaluate(values[name], lambda _: UNKNOWN) for _, values in _given(graph) if name in values)
    return [worth for worth in worths if known(worth)]


def _given(graph: Graph) -> Iterator[tuple[str, Mapping[str, Expression]]]:
    """Yield each file of values that a tree delivers, with them."""
    for path, file in graph.tree.files.items():
        if path.endswith(".tfvars"):
            example = _COMMENTED.fullmatch(file.text)  # as it stands at the end of a configuration that holds all in one file
            values = read(replace(file, text=example[1]) if example else file)
            yield path, {name: attribute.expr for name, attribute in values.attributes.items()}


@once
def chosen(graph: Graph) -> tuple[tuple[str, Graph], ...]:
    """Return (file, the tree as it is with its values) for each file of values that a tree delivers for ``-var-file``."""
    return _with_each(graph, (".tfvars",))


@once
def exemplified(graph: Graph) -> tuple[tuple[str, Graph], ...]:
    """Return the same for each example of such a file, which a reader copies."""
    return _with_each(graph, (".tfvars.example", ".tfvars.sample"))


def _with_each(graph: Graph, endings: tuple[str, ...]) -> tuple[tuple[str, Graph], ...]:
    """A file that lies beside another module is not meant for the root."""
    tree = graph.tree
    last = posixpath.join(tree.root, _LAST)
    files = {
        path: file for path, file in tree.files.items()
        if path.endswith(endings) and (posixpath.dirname(path) == tree.root or posixpath.dirname(path) not in tree.modules)
    }  # fmt: skip
    return tuple((path, Graph(replace(tree, files={**tree.files, last: replace(file, path=last)}))) for path, file in files.items())


def worths(graph: Graph, expr: Expression, module: str) -> tuple[tuple[str, Any], ...]:
    """Return (file, worth) of an expression of the root module for each file of values that a tree delivers."""
    if module != graph.tree.root or any(path.endswith(".tfvars.json") for path in graph.files):
        return ()  # what a file gives a module of the tree goes through its call
    return tuple((path, _worth(graph, expr, given)) for path, given in _given(graph))


def _worth(graph: Graph, expr: Expression, given: Mapping[str, Expression], depth: int = _DEEPEST) -> Any:
    """Return what an expression of the root module is worth with given values of variables."""
    return evaluate(expr, partial(_looked_up, graph, given, depth))


def _looked_up(graph: Graph, given: Mapping[str, Expression], depth: int, traversal: Traversal) -> Any:
    """Return what a name in such an expression stands for."""
    name = traversal.steps[0].name if traversal.steps and isinstance(traversal.steps[0], Attr) else ""
    value = UNKNOWN
    if traversal.root == "var" and name in given:
        value = evaluate(given[name], lambda _: UNKNOWN)
    elif traversal.root == "local":
        local = graph.resolve(traversal, graph.tree.root)
        if local is not None and local.attribute is not None and depth:
            value = _worth(graph, local.attribute.expr, given, depth - 1)
    else:
        return graph.constant(traversal, graph.tree.root)
    # The name's keys are looked up likewise; by no function inside this one, for one that names itself keeps the graph for the collector.
    return value if value is UNKNOWN else follow(value, traversal.steps[1:], partial(_looked_up, graph, given, depth))


def copies(graph: Graph, declaration: Declaration) -> tuple[Scope, ...]:
    """Return one scope for each instance of a resource; a single uncertain one when their number is unknown."""
    home = declaration.module
    count, each = declaration.block.value("count"), declaration.block.value("for_each")
    if count is None and each is None:
        return (Scope(graph, home),)
    if count is not None:
        number = graph.constant(count, home)
        if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _MOST:
            return tuple(Scope(graph, home, {"count": {"index": i}}) for i in range(number))
    pairs = _pairs(graph.constant(each, home))
    if pairs is not None:
        return tuple(Scope(graph, home, {"each": {"key": k, "value": v}}) for k, v in pairs)
    return (Scope(graph, home, certain=False),)


def nested(scope: Scope, block: Block, kind: str) -> Iterator[tuple[Block, Scope]]:
    """Yield the nested blocks of a type with the scope of each, ``dynamic`` ones spelled out where their collection is a constant."""
    for inner in block.blocks:
        if inner.type == kind:
            yield inner, scope
        elif inner.type == "dynamic" and inner.labels[:1] == (kind,):
            content = next((b for b in inner.blocks if b.type == "content"), None)
            if content is not None:
                for copy in _dynamic(scope, inner):
                    yield content, copy


def made(graph: Graph, declaration: Declaration, *path: str) -> Iterator[Block]:
    """Yield the nested blocks on a path of types, each once, but for ``dynamic`` ones that the values as they are make none of."""
    yield from {id(block): block for block in _made(Scope(graph, declaration.module), declaration.block, path)}.values()


def _made(scope: Scope, block: Block, path: tuple[str, ...]) -> Iterator[Block]:
    if not path:
        yield block
    for inner, copy in nested(scope, block, path[0]) if path else ():
        yield from _made(copy, inner, path[1:])


def _dynamic(scope: Scope, block: Block) -> Iterator[Scope]:
    iterator = block.value("iterator")
    name = iterator.root if isinstance(iterator, Traversal) else block.labels[0]
    pairs = _pairs(scope.value(block.value("for_each")))
    if pairs is None:
        yield Scope(scope.graph, scope.module, scope.names, certain=False)
        return
    for key, value in pairs:
        yield Scope(scope.graph, scope.module, {**scope.names, name: {"key": key, "value": value}}, scope.certain)


def _pairs(collection: Any) -> list[tuple[Any, Any]] | None:
    """Return (key, value) of a constant map or set; the keys of a list are its values, as those of a set are."""
    if isinstance(collection, dict) and len(collection) <= _MOST:
        return list(collection.items())
    if isinstance(collection, list) and len(collection) <= _MOST:
        return [(text(item), item) for item in collection]
    return None
