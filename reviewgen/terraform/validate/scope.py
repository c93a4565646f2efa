"""What references are worth when Terraform validates: constants and what is made of them; of all else at most the type."""

from __future__ import annotations

import posixpath
import weakref
from collections.abc import Mapping
from typing import Any, TypeGuard

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Attr, Block, Expression, Literal, Traversal
from reviewgen.model.source import SourceFile
from reviewgen.model.tree import Module
from reviewgen.terraform.schema.types import DYNAMIC, NUMBER, STRING, Type
from reviewgen.terraform.tree import local_source

from .configuration import Call, Configuration
from .evaluation import ANYTHING, CONSTANTS, Evaluator, Offered, Problem, Value, plain
from .evaluation.files import Files
from .language.frame import Frame
from .language.type_constraints import Constraint

_NOWHERE = SourceFile("", "")


class Scope:
    """What references are worth inside a module when Terraform validates."""

    def __init__(self, configuration: Configuration, call: Call) -> None:
        """Values are those seen from inside the module; each local value is evaluated once."""
        self._configuration: Configuration = weakref.proxy(configuration)  # weak, for it keeps this; whoever asks holds it
        self._call = call
        self._files = Files(configuration.tree.files, configuration.tree.root)
        self._variables: dict[str, Value] = {}
        self._constants: dict[int, Any] = {}
        self._evaluated: dict[int, tuple[Value, tuple[Problem, ...]]] = {}

    @classmethod
    def of(cls, configuration: Configuration, module: Module) -> Scope:
        """Return the scope of a module by the first call that reaches it: what differs from call to call is unknown anyway."""
        call = next((call for call in configuration.calls if call.module is module), None)
        return cls(configuration, Call((), module)) if call is None else cls.of_call(configuration, call)

    @classmethod
    def of_call(cls, configuration: Configuration, call: Call) -> Scope:
        """Return the scope of a call; there is one, so that nothing is evaluated twice."""
        found = configuration.scopes.get(call.path)
        if found is None:
            found = configuration.scopes[call.path] = cls(configuration, call)
        return found

    def value(self, expr: Expression) -> Any:
        """Return the constant value of an expression, or ``UNKNOWN``; what is wrong with it is for ``evaluate`` to say."""
        if isinstance(expr, Literal):
            return expr.value
        if _foreign(expr):
            return UNKNOWN
        found = self._constants.get(id(expr), self)  # asked for by each version of a provider
        if found is self:
            evaluated = self._evaluated.get(id(expr))
            value = evaluated[0] if evaluated else Evaluator(self.start, _NOWHERE, self._files).value(expr)
            found = self._constants[id(expr)] = plain(value)
        return found

    def evaluate(self, expr: Expression, file: SourceFile, bound: Mapping[str, Value]) -> tuple[Value, tuple[Problem, ...]]:
        """Return the value of an expression, and what is wrong with it."""
        if _foreign(expr) and expr.root not in bound:
            return ANYTHING, ()
        if bound:
            return self._fresh(expr, file, bound)
        found = self._evaluated.get(id(expr))
        if found is None:
            self._evaluated[id(expr)] = ANYTHING, ()  # what depends on itself is unknown
            found = self._evaluated[id(expr)] = self._fresh(expr, file, {})
        return found

    def shown(self, expr: Expression, file: SourceFile, bound: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
        """Return what Terraform shows of the references in an expression that is wrong as a whole, those with sensitive values too."""
        return Evaluator(self.start, file, self._files, bound).shown(expr, sensitive=True)

    def _fresh(self, expr: Expression, file: SourceFile, bound: Mapping[str, Value]) -> tuple[Value, tuple[Problem, ...]]:
        evaluator = Evaluator(self.start, file, self._files, bound, self._offered)
        value = evaluator.value(expr)
        return value, tuple(dict.fromkeys(evaluator.problems))

    def _offered(self, provider: str, function: str) -> Offered:
        known, directory = self._configuration.providers, self._call.module.directory
        if not known.declares(directory, provider):
            return Offered.UNDECLARED
        functions = [bundle.functions for bundle in known.bundles(directory, provider)]
        missing = functions and all(names and function not in names for names in functions)
        return Offered.MISSING if missing else Offered.MAYBE

    def start(self, traversal: Traversal) -> tuple[Value, int]:
        """Return what a reference begins with, and how many of its steps that takes."""
        first = traversal.steps[0] if traversal.steps else None
        known = _ROOTS.get(traversal.root)
        if known is None or not isinstance(first, Attr):
            return ANYTHING, len(traversal.steps)
        return known(self, first.name), 1

    def _variable(self, name: str) -> Value:
        found = self._variables.get(name)
        if found is None:
            block = self._block(f"var.{name}")
            written = block.attributes.get("type") if block is not None else None
            frame = Frame(self._configuration, block, block) if block is not None else None
            found = Value(Constraint(frame, written).type) if frame is not None and written is not None else ANYTHING
            found = found.hidden(block is not None and is_set(block, "sensitive"))
            self._variables[name] = found
        return found

    def _local(self, name: str) -> Value:
        declaration = self._call.module.declarations.get(f"{self._call.module.prefix}local.{name}")
        if declaration is None or declaration.attribute is None:
            return ANYTHING
        file = self._configuration.file(declaration.block, declaration.attribute)
        return self.evaluate(declaration.attribute.expr, file, {})[0]

    def _module(self, name: str) -> Value:
        block = self._block(f"module.{name}")
        target = local_source(block, self._call.module.directory) if block is not None else None
        child = self._configuration.tree.modules.get(target) if target is not None else None
        if block is None or child is None or child.directory in self._configuration.unreadable:
            return ANYTHING
        instance = Type("object", attributes={d.name: DYNAMIC for d in child.declarations.values() if d.kind == "output"})
        if "count" in block.attributes:
            return Value(Type("list", instance))
        return Value(Type("map", instance) if "for_each" in block.attributes else instance)

    def _block(self, local: str) -> Block | None:
        declaration = self._call.module.declarations.get(self._call.module.prefix + local)
        return declaration.block if declaration is not None else None

    def _path(self, name: str) -> Value:
        if name == "module":
            return Value(STRING, posixpath.relpath(self._call.module.directory or ".", self._configuration.tree.root or "."))
        return Value(STRING, ".") if name == "root" else Value(STRING)

    def _terraform(self, name: str) -> Value:
        return Value(STRING, "default") if name == "workspace" else ANYTHING

    def _each(self, name: str) -> Value:
        return Value(STRING) if name == "key" else ANYTHING

    def _count(self, _name: str) -> Value:
        return Value(NUMBER)


_ROOTS = {
    "var": Scope._variable,
    "local": Scope._local,
    "module": Scope._module,
    "path": Scope._path,
    "terraform": Scope._terraform,
    "each": Scope._each,
    "count": Scope._count,
}


def _foreign(expr: Expression) -> TypeGuard[Traversal]:
    """Whether an expression refers to what nothing is known of when Terraform validates: to a resource, as most references do."""
    return isinstance(expr, Traversal) and expr.root not in _ROOTS and expr.root not in CONSTANTS


def is_set(block: Block, name: str) -> bool:
    """Whether a block says ``true`` to a switch."""
    value = block.value(name)
    return isinstance(value, Literal) and value.value in (True, "true")
