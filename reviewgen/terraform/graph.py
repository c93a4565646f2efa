"""What refers to what in a tree, and what expressions are worth: the questions that rules, requirements and the validator ask."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, wraps
from typing import Any, TypeVar

from reviewgen import hcl
from reviewgen.hcl import UNKNOWN
from reviewgen.hcl.evaluate import follow
from reviewgen.model.hcl import Attr, Attribute, Block, Expression, Literal, Traversal
from reviewgen.model.source import SourceFile
from reviewgen.model.tree import Declaration, Tree
from reviewgen.records import dataclass

from .policies import Policies
from .tree import local_source

_Answer = TypeVar("_Answer")

# Roots of traversals that name no declaration.
BUILT_IN = frozenset(["each", "count", "self", "path", "terraform"])
_ONE_STEP = frozenset(["var", "local", "module"])
_TWO_STEPS = frozenset(["data", "resource"])


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """One mention of a declaration in an expression.

    Attributes:
        source: Address of the declaration that contains the mention.
        path: Argument path inside it: ``vpc_id``, ``ingress.cidr_blocks``; a local's or output's ``value``.
        target: Full address that is mentioned, whether it is declared or not.
        declared: Whether the tree declares it.
        traversal: The mention.
        file: File in which it stands.
        module: Directory of the module.
        block: The innermost block around it.
    """

    source: str
    path: str
    target: str
    declared: bool
    traversal: Traversal
    file: str
    module: str
    block: Block


# Arguments in which names are provider configurations, not resources.
_PROVIDER_ARGUMENTS = ("provider", "providers")


def _provider_address(traversal: Traversal) -> str:
    return ".".join(["provider", traversal.root, *(step.name for step in traversal.steps if isinstance(step, Attr))])


def local_address(traversal: Traversal) -> str | None:
    """Return the address that a traversal names inside its module: ``var.x``, ``data.aws_ami.y``, ``aws_vpc.main``.

    None for ``each.key`` and the like, and for bare words.
    """
    root = traversal.root
    if root in BUILT_IN:
        return None
    first = traversal.steps[0] if traversal.steps else None
    if isinstance(first, Attr) and root not in _TWO_STEPS:
        return f"{root}.{first.name}"
    names = [step.name for step in traversal.steps[:2] if isinstance(step, Attr)]
    if root in _ONE_STEP:
        return f"{root}.{names[0]}" if names else None
    if root == "data":
        return f"data.{names[0]}.{names[1]}" if len(names) == 2 else None
    return f"{names[0]}.{names[1]}" if root == "resource" and len(names) == 2 else None


def arguments(block: Block, path: str = "") -> Iterator[tuple[str, Block, Attribute]]:
    """Yield (argument path, block, attribute) of a block and of all blocks inside it; ``dynamic`` and ``content`` are no steps."""
    for name, attribute in block.attributes.items():
        yield (f"{path}.{name}" if path else name), block, attribute
    for inner in block.blocks:
        if inner.type == "dynamic" and inner.labels:
            step = inner.labels[0]
        elif inner.type == "content":
            step = ""
        else:
            step = inner.type
        yield from arguments(inner, f"{path}.{step}".strip(".") if step else path)


class Graph:
    """A tree with its references resolved. Read-only; what is asked once is kept.

    What it keeps holds it weakly (``Policies``, the answers of ``once``): two that hold each other would stay until Python looks for
    garbage, which takes a batch more time and memory than their samples need.
    """

    def __init__(self, tree: Tree, delivered: bool = False) -> None:
        """Index the declarations; references are collected when they are first asked for.

        Args:
            tree: The tree.
            delivered: Take it as all that there is, whatever it seems to leave out.
        """
        self.tree = replace(tree, incomplete=False) if delivered else tree
        self.delivered = delivered
        self._by_type: dict[tuple[str, str], list[Declaration]] = defaultdict(list)
        for declaration in tree.declarations.values():
            self._by_type[declaration.kind, declaration.type].append(declaration)
        self._constants: dict[tuple[str, str], Any] = {}
        # By identity, and with the expression, so that no other takes its place.
        self._targets: dict[tuple[int, str], tuple[Expression, tuple[Declaration, ...]]] = {}
        self._worths: dict[tuple[int, str], tuple[Expression, Any]] = {}
        self._answers: dict[Callable[[Graph], Any], Any] = {}

    # ---- declarations

    @property
    def files(self) -> Mapping[str, SourceFile]:
        """The tree's files by path."""
        return self.tree.files

    def get(self, address: str) -> Declaration | None:
        """Return the declaration of a full address."""
        return self.tree.declarations.get(address)

    def owner(self, place: str) -> tuple[str, str]:
        """Return (address, path inside) of the declaration that a place belongs to; two empty strings where nothing declares it.

        ``aws_x.y.rule.port`` is the path ``rule.port`` of ``aws_x.y``.
        """
        steps = place.split(".")
        for length in self._lengths:  # broken code has names and paths of thousands of steps, but few lengths
            address = ".".join(steps[:length]) if length <= len(steps) else ""
            if address in self.tree.declarations:
                return address, ".".join(steps[length:]).rstrip(".")
        return "", ""

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        """How many steps addresses have, the longest first."""
        return tuple(sorted({address.count(".") + 1 for address in self.tree.declarations}, reverse=True))

    def of_kind(self, kind: str) -> list[Declaration]:
        """Return all declarations of a kind (``variable``, ``output``, ``module``, ``provider``, ``local``, ...)."""
        return list(self._by_kind.get(kind, ()))

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Declaration]]:
        """The declarations of each kind, those of one type together."""
        found: dict[str, list[Declaration]] = defaultdict(list)
        for (kind, _), same in self._by_type.items():
            found[kind] += same
        return found

    def of_type(self, *types: str) -> list[Declaration]:
        """Return the managed resources of some types."""
        return [d for type_ in types for d in self._by_type.get(("resource", type_), ())]

    def data_of_type(self, *types: str) -> list[Declaration]:
        """Return the data sources of some types."""
        return [d for type_ in types for d in self._by_type.get(("data", type_), ())]

    @cached_property
    def has_remote_modules(self) -> bool:
        """Whether a ``module`` block calls something whose code is not in the tree: absence then proves nothing."""
        return not self.delivered and any(self.is_remote(d) for d in self.of_kind("module"))

    def is_remote(self, declaration: Declaration) -> bool:
        """Whether a declaration is a ``module`` block that calls something whose code is not in the tree."""
        return declaration.kind == "module" and local_source(declaration.block, declaration.module) not in self.tree.modules

    # ---- references

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """All mentions, in the order of declarations and arguments; duplicates of an address included."""
        found: list[Reference] = []
        for module in self.tree.modules.values():
            for declaration in (*module.declarations.values(), *module.duplicates):
                found.extend(self._mentions(declaration, module.prefix))
        return tuple(found)

    def _mentions(self, declaration: Declaration, prefix: str) -> Iterator[Reference]:
        known = self.tree.declarations
        for path, block, attribute in _places(declaration):
            if isinstance(attribute.expr, Literal):
                continue
            for traversal in hcl.traversals(attribute.expr):
                local = local_address(traversal)
                target = prefix + local if local is not None else None
                if path in _PROVIDER_ARGUMENTS:
                    target = _provider_address(traversal)
                if target is not None:
                    file = attribute.file or block.file
                    yield Reference(declaration.address, path, target, target in known, traversal, file, declaration.module, block)

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Reference, ...]]:
        """References by the declaration that contains them."""
        return _grouped(self.references, "source")

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Reference, ...]]:
        """References by the declaration that they name."""
        return _grouped(self.references, "target")

    def resolve(self, traversal: Traversal, module: str) -> Declaration | None:
        """Return the declaration that a traversal in a module names."""
        local = local_address(traversal)
        home = self.tree.modules.get(module)
        return home.declarations.get(home.prefix + local) if local is not None and home is not None else None

    def targets(self, expr: Expression | None, module: str) -> tuple[Declaration, ...]:
        """Return the resources and data sources that an expression leads to: directly, through locals, module inputs and module outputs."""
        if expr is None or isinstance(expr, Literal):
            return ()
        key = (id(expr), module)
        if key not in self._targets:
            self._targets[key] = expr, self._led_to(expr, module)
        return self._targets[key][1]

    def _led_to(self, expr: Expression, module: str) -> tuple[Declaration, ...]:
        found: dict[str, Declaration] = {}
        seen: set[tuple[str, str]] = set()
        queue: list[tuple[Expression, str]] = [(expr, module)]
        while queue:
            expression, home = queue.pop()
            for traversal in hcl.traversals(expression):
                declaration = self.resolve(traversal, home)
                if declaration is None:
                    continue
                if declaration.kind in ("resource", "data"):
                    found.setdefault(declaration.address, declaration)
                elif (key := (declaration.address, _first(traversal, 1))) not in seen:
                    seen.add(key)
                    queue.extend(self.behind(declaration, traversal))
        return tuple(found[a] for a in sorted(found))

    def behind(self, declaration: Declaration, traversal: Traversal) -> Iterator[tuple[Expression, str]]:
        """Yield (expression, module) of what a local, an input of a module or a module's output, named by a traversal, is given."""
        if declaration.attribute is not None:
            yield declaration.attribute.expr, declaration.module
        elif declaration.kind == "module":
            target = local_source(declaration.block, declaration.module)
            child = self.tree.modules.get(target) if target is not None else None
            output = child.declarations.get(f"{child.prefix}output.{_first(traversal, 1)}") if child else None
            value = output.block.value("value") if output else None
            if value is not None and child is not None:
                yield value, child.directory
        elif declaration.kind == "variable":
            for call in self.callers(declaration.module):
                value = call.block.value(declaration.name)
                if value is not None:
                    yield value, call.module

    def callers(self, directory: str) -> tuple[Declaration, ...]:
        """Return the ``module`` blocks that call a directory; nobody calls the root."""
        return self._callers.get(directory, ()) if directory != self.tree.root else ()

    @cached_property
    def _callers(self) -> Mapping[str | None, tuple[Declaration, ...]]:
        found: dict[str | None, list[Declaration]] = {}
        for call in self.of_kind("module"):
            found.setdefault(local_source(call.block, call.module), []).append(call)
        return {directory: tuple(calls) for directory, calls in found.items()}

    @cached_property
    def policies(self) -> Policies:
        """The IAM policies of the tree."""
        return Policies(self)

    # ---- values

    @cached_property
    def given(self) -> Mapping[str, Expression]:
        """Values that Terraform reads from files by itself: ``terraform.tfvars``, then ``*.auto.tfvars`` in the order of their names."""
        root = self.tree.root
        names = {path: posixpath.basename(path) for path in self.tree.files if posixpath.dirname(path) == root and path.endswith(".tfvars")}
        read = sorted(
            (p for p, n in names.items() if n == "terraform.tfvars" or n.endswith(".auto.tfvars")),
            key=lambda p: (names[p] != "terraform.tfvars", p),
        )
        return {name: a.expr for path in read for name, a in hcl.read(self.tree.files[path]).attributes.items()}

    def constant(self, expr: Expression | None, module: str) -> Any:
        """Return what an expression is worth with variables as delivered (``.tfvars``, then defaults), or ``UNKNOWN``, as of None."""
        if expr is None:
            return UNKNOWN
        if isinstance(expr, Literal):
            return expr.value
        key = (id(expr), module)
        if key not in self._worths:
            self._worths[key] = expr, self._folded(expr, module)
        return self._worths[key][1]

    def _folded(self, expr: Expression | None, module: str) -> Any:
        """Work out what ``constant`` keeps; inside values that depend on themselves the answer would not be the whole one."""
        return UNKNOWN if expr is None else hcl.evaluate(expr, lambda traversal: self._value(traversal, module))

    def argument(self, declaration: Declaration, *path: str) -> Any:
        """Return the constant value of an argument on a path of nested blocks, of the first that sets it.

        ``UNKNOWN`` when it is absent or not constant.
        """
        for block in declaration.block.nested(*path[:-1]):
            value = block.value(path[-1])
            if value is not None:
                return self.constant(value, declaration.module)
        return UNKNOWN

    def _value(self, traversal: Traversal, module: str) -> Any:
        declaration = self.resolve(traversal, module)
        if declaration is None:
            return UNKNOWN
        if declaration.kind in ("variable", "local"):
            value = self._memo(declaration, "")
            return follow(value, traversal.steps[1:], lambda t: self._value(t, module)) if value is not UNKNOWN else UNKNOWN
        if declaration.kind == "resource" and len(traversal.steps) == 2:
            return self._memo(declaration, _first(traversal, 1))
        return UNKNOWN

    def _memo(self, declaration: Declaration, name: str) -> Any:
        key = (declaration.address, name)
        if key not in self._constants:
            self._constants[key] = UNKNOWN  # a value that depends on itself is unknown
            self._constants[key] = self._worth(declaration, name)
        return self._constants[key]

    def _worth(self, declaration: Declaration, name: str) -> Any:
        if declaration.attribute is not None:
            return self._folded(declaration.attribute.expr, declaration.module)
        if declaration.kind == "variable":
            calls = self.callers(declaration.module)
            given = calls[0].block.value(declaration.name) if calls else None
            if given is not None and calls:
                return self._folded(given, calls[0].module)
            set_ = self.given.get(declaration.name) if declaration.module == self.tree.root else None
            return self._folded(set_ or declaration.block.value("default"), declaration.module)
        return self._folded(declaration.block.value(name), declaration.module)


def once(question: Callable[[Graph], _Answer]) -> Callable[[Graph], _Answer]:
    """Return a question that is put to each graph once, for what several want to know. Nobody changes the answer, nor keeps it longer."""

    @wraps(question)
    def asked(graph: Graph) -> _Answer:
        answers = graph._answers
        if question not in answers:
            answers[question] = question(graph)
        answer: _Answer = answers[question]
        return answer

    return asked


def _places(declaration: Declaration) -> Iterator[tuple[str, Block, Attribute]]:
    """Yield the arguments of a declaration with their paths; a local value is one argument."""
    if declaration.attribute is not None:
        return iter([("value", declaration.block, declaration.attribute)])
    return arguments(declaration.block)


def _first(traversal: Traversal, position: int) -> str:
    step = traversal.steps[position] if len(traversal.steps) > position else None
    return step.name if isinstance(step, Attr) else ""


def _grouped(references: tuple[Reference, ...], key: str) -> dict[str, tuple[Reference, ...]]:
    groups: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        groups[getattr(reference, key)].append(reference)
    return {name: tuple(found) for name, found in groups.items()}
