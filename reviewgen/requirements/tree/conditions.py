"""The small language in which the vocabulary says what a tree that has a capability declares, and its evaluation.

A condition is one or more terms joined by `` + ``, all of which must hold. A term is a type with tests in brackets, separated by
commas, that one declaration must pass together: ``aws_route53_record[failover_routing_policy]``, ``aws_db_instance[multi_az=true]``.
Types may hold ``*``; besides resources there are ``data.aws_x``, ``provider.aws``, ``terraform.backend``, ``output``, ``variable``,
``module`` and ``any`` (everything but variables and outputs). ``2 aws_x`` asks for two declarations.

A test is a path of nested blocks and arguments that must be there, alone or with ``=`` (one of several values after ``|``), ``!=`` (also
when it is absent), ``>`` (a number), or ``~`` (one of several texts in its source, letter case ignored); ``~x`` alone looks in the whole
declaration's source, and ``!~x`` wants none of the texts there.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.hcl.evaluate import known
from reviewgen.model.hcl import Block, Literal
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import once
from reviewgen.terraform.instances import wrapped

_TERM = re.compile(r"(?:(\d) )?([\w.*-]+)(?:\[([^\]]*)\])?$")
_TEST = re.compile(r"([\w.]*)\s*(?:(!=|!~|=|>|~)\s*(.*))?$")
_COMMENT = re.compile(r"(?m)^[ \t]*(?:#|//).*$")
_PLAIN_KINDS = frozenset(["output", "variable", "module", "local"])
_NOT_PARTS = ("variable", "output")
# Whoever runs Terraform with it, in a script or a pipeline, keeps the state of what is run there in a backend that stands elsewhere.
# Types under which anything may be made.
_OTHERWISE = frozenset(["aws_cloudformation_stack", "aws_cloudformation_stack_set", "aws_cloudcontrolapi_resource"])
_BACKEND, _BACKEND_GIVEN = "terraform.backend", "-backend-config"


@dataclass(frozen=True, slots=True)
class Test:
    """One test: the path, how it is compared, with what."""

    path: tuple[str, ...]
    op: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A type, the tests that one declaration passes together, and how many declarations it takes."""

    type: str
    tests: tuple[Test, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Condition:
    """Terms that must all hold."""

    text: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tree says to a condition: True, False, or None for not certain; with the addresses that say so."""

    holds: bool | None
    addresses: tuple[str, ...] = ()


NO = Answer(False)


def compile_condition(text: str) -> Condition:
    """Return a condition; ValueError says what is wrong with it."""
    return Condition(text, tuple(_term(part.strip()) for part in text.split(" + ")))


def _term(text: str) -> Term:
    match = _TERM.match(text)
    if not match:
        raise ValueError(f"not a condition: {text!r}")
    tests = tuple(_test(part.strip(), text) for part in match[3].split(",")) if match[3] else ()
    return Term(match[2], tests, int(match[1] or 1))


def _test(text: str, term: str) -> Test:
    match = _TEST.match(text)
    if not match or not (match[1] or match[2] in ("~", "!~")) or (match[2] and not match[3]):
        raise ValueError(f"not a test: {text!r} in {term!r}")
    values = tuple(v.strip().lower() for v in match[3].split("|")) if match[3] else ()
    if match[2] == ">":
        float(values[0])
    return Test(tuple(match[1].split(".")) if match[1] else (), match[2] or "", values)


class Evidence:
    """A tree as conditions see it: declarations by type, whether they come into being, and what is known to be missing."""

    def __init__(self, graph: Graph) -> None:
        """Index the declarations by type."""
        self.graph: Graph = weakref.proxy(graph)  # weak, for it keeps this; whoever asks holds it
        self.types: dict[str, list[Declaration]] = {}
        for declaration in graph.tree.declarations.values():
            self.types.setdefault(_type_of(declaration), []).append(declaration)
        self._sources: dict[str, str] = {}
        self._answers: dict[str, Answer] = {}
        self._hints: dict[str, bool] = {}

    @cached_property
    def certain(self) -> bool:
        """Whether the absence of something in the tree means that the stack lacks it."""
        return not (self.graph.tree.incomplete or not self.resources or self.foreign)

    @cached_property
    def foreign(self) -> bool:
        """Whether parts of the stack are described elsewhere, or otherwise: in modules that are not delivered, in CloudFormation, for Cloud Control."""
        other = any(type_ in _OTHERWISE or type_.startswith("awscc_") for type_ in self.types)
        return self.graph.has_remote_modules or other

    @cached_property
    def settings_certain(self) -> bool:
        """Whether the root module's settings are all there, whatever modules from elsewhere hold."""
        return not self.graph.tree.incomplete and not self.unread and bool(self.resources or self.graph.of_kind("module"))

    @cached_property
    def resources(self) -> int:
        """Number of managed resources."""
        return len(self.graph.of_kind("resource"))

    @cached_property
    def unread(self) -> str:
        """Text of the configuration files that have syntax errors; empty when all could be read."""
        tree = self.graph.tree
        if not tree.diagnostics:
            return ""
        names = {d.range.filename for d in tree.diagnostics if d.range}
        return "\n".join(file.text for path, file in tree.files.items() if path in names or not names)

    @cached_property
    def text(self) -> str:
        """The text of all files in lower case, for a quick look before a long one."""
        return "\n".join(file.text for file in self.graph.tree.files.values()).lower()

    @cached_property
    def code(self) -> str:
        """The text of the configuration files in lower case, without lines that are comments."""
        files = (file.text for path, file in self.graph.tree.files.items() if path.endswith((".tf", ".tf.json", ".tfvars")))
        return _COMMENT.sub("", "\n".join(files).lower())

    def ask(self, condition: Condition) -> Answer:
        """Return what the tree says to a condition; many capabilities have the same ones."""
        if condition.text not in self._answers:
            self._answers[condition.text] = self._answer(condition)
        return self._answers[condition.text]

    def _answer(self, condition: Condition) -> Answer:
        addresses: list[str] = []
        certain = True
        for term in condition.terms:
            answer = self._term(term)
            if answer.holds is False:
                return NO
            certain = certain and answer.holds is True
            addresses.extend(a for a in answer.addresses if a not in addresses)
        return Answer(True if certain else None, tuple(addresses))

    def _term(self, term: Term) -> Answer:
        sure: list[str] = []
        maybe: list[str] = []
        for declaration in self._of_type(term):
            verdict = self._passes(declaration, term.tests)
            if verdict is not False:
                (sure if verdict and self.exists(declaration) else maybe).append(declaration.address)
        if len(sure) >= term.count or any(self._many(a) for a in sure):
            return Answer(True, tuple(sure))
        if sure or maybe:
            return Answer(None if len(sure) + len(maybe) >= term.count else False, (*sure, *maybe))
        if term.type not in self._hints:
            self._hints[term.type] = self._hinted(term.type)
        return Answer(None) if self._hints[term.type] else NO

    def declarations(self, term: Term) -> list[Declaration]:
        """Return the declarations that certainly come into being and pass a term's tests."""
        return [d for d in self._of_type(term) if self._passes(d, term.tests) and self.exists(d)]

    def lacks(self, condition: Condition) -> bool:
        """Whether the tree has of a condition at most what refers to things that nothing declares, and no file of it that nobody can read."""
        for term in condition.terms:
            found = [d for d in self._of_type(term) if self._passes(d, term.tests) is not False]
            missed = all(any(not t.op and self._leads_nowhere(d, t) for t in term.tests) for d in found)
            if not missed or (not found and self._may_be_unread(term.type)):
                return False
        return True

    def _leads_nowhere(self, declaration: Declaration, test: Test) -> bool:
        """Whether all that an argument or block refers to is undeclared, and it refers to something."""
        path = ".".join(test.path)
        led = [r for r in self.graph.outgoing.get(declaration.address, ()) if path and f"{r.path}.".startswith(f"{path}.")]
        return bool(led) and not any(r.declared for r in led)

    def _may_be_unread(self, type_: str) -> bool:
        return bool(self.unread) and f'"{type_.removeprefix("data.")}"' in self.unread

    def _hinted(self, type_: str) -> bool:
        """Whether a declaration of a type may be missing by mistake: in a file with errors, or referred to and never declared."""
        if (type_ == _BACKEND and _BACKEND_GIVEN in self.text) or (type_.startswith((_BACKEND, "provider.")) and wrapped(self.graph)):
            return True
        return self._may_be_unread(type_) or (type_ not in self.types and f" {type_}." in self.text and not self._set_aside(type_))

    def _set_aside(self, type_: str) -> bool:
        """Whether a type is declared in comments and referred to in comments only: taken out with all that uses it, and not forgotten."""
        kind, _, name = type_.rpartition(".")
        header = rf'(?m)^[ \t]*(?:#|//)[ \t#/]*{kind or "resource"} "{re.escape(name)}"'
        return f" {type_}." not in _COMMENT.sub("", self.text) and re.search(header, self.text) is not None

    def _of_type(self, term: Term) -> Iterator[Declaration]:
        if term.type == "any":
            words = [v for t in term.tests if t.op == "~" for v in t.values]
            if not words or any(word in self.text for word in words):
                yield from (d for d in self.graph.tree.declarations.values() if d.kind not in _NOT_PARTS)
        elif "*" in term.type:
            yield from (d for type_, found in self.types.items() if fnmatchcase(type_, term.type) for d in found)
        else:
            yield from self.types.get(term.type, ())

    def exists(self, declaration: Declaration) -> bool:
        """Whether a declaration certainly comes into being: its module is called and its count is not zero by default."""
        module = self.graph.tree.modules.get(declaration.module)
        if module is not None and not module.reached:
            return False
        count = declaration.block.value("count") if declaration.kind in ("resource", "data", "module") else None
        return count is None or self.graph.constant(count, declaration.module) not in (0, False)

    def _many(self, address: str) -> bool:
        declaration = self.graph.get(address)
        return declaration is not None and any(declaration.block.value(name) is not None for name in ("count", "for_each"))

    def passes(self, declaration: Declaration, term: Term) -> bool | None:
        """Whether a declaration of a term's type passes its tests; None when that is not certain."""
        return self._passes(declaration, term.tests)

    # ---- tests

    def _passes(self, declaration: Declaration, tests: Iterable[Test]) -> bool | None:
        result: bool | None = True
        for test in tests:
            verdict = self._test(declaration, test)
            if verdict is False:
                return False
            result = result if verdict else None
        return result

    def _test(self, declaration: Declaration, test: Test) -> bool | None:
        if not test.path:
            source = self.source(declaration)
            return any(value in source for value in test.values) is (test.op == "~")
        found = list(self._values(declaration, test.path))
        if not test.op and self._leads_nowhere(declaration, test):
            return None  # the queue that takes the failed events, and that nothing declares
        if not test.op:
            return _any(_given(value) for value in found) if found or not _is_elsewhere(declaration.block, test.path) else None
        if test.op == "!=":
            return not found or _any(not v if (v := _equal(value, test.values)) is not None else None for value in found)
        if test.op in ("=", ">"):
            sure = _any(_equal(v, test.values) if test.op == "=" else _above(v, float(test.values[0])) for v in found)
            return None if sure is False and self._chosen(declaration, test.path) else sure
        return _any(self._contains(declaration, value, test) for value in found)

    def _values(self, declaration: Declaration, path: tuple[str, ...]) -> Iterator[Any]:
        """Yield what stands at a path: the Block of a nested block, the constant of an argument or ``UNKNOWN``."""
        for block in declaration.block.nested(*path[:-1]):
            expr = block.value(path[-1])
            if expr is not None:
                yield self.graph.constant(expr, declaration.module)
            yield from block.nested(path[-1])

    def _chosen(self, declaration: Declaration, path: tuple[str, ...]) -> bool:
        """Whether a value is more than a literal: whoever applies the stack can choose another one."""
        exprs = (block.value(path[-1]) for block in declaration.block.nested(*path[:-1]))
        return any(e is not None and not isinstance(e, Literal) for e in exprs)

    def _contains(self, declaration: Declaration, value: Any, test: Test) -> bool | None:
        if isinstance(value, Block):
            source = self._slice(value)
        elif not known(value):
            source = " ".join(self._written(declaration, test.path))
        else:
            source = str(value).lower()
        if any(v in source for v in test.values):
            return True
        return None if not isinstance(value, Block) and not known(value) and not re.fullmatch(r'"[^$]*"', source) else False

    def _written(self, declaration: Declaration, path: tuple[str, ...]) -> Iterator[str]:
        for block in declaration.block.nested(*path[:-1]):
            attribute = block.attributes.get(path[-1])
            if attribute is not None:
                file = self.graph.tree.files[attribute.file or block.file]
                yield file.slice(attribute.expr.start, attribute.expr.end).lower()

    def source(self, declaration: Declaration) -> str:
        """Return a declaration's code in lower case, without lines that are comments."""
        if declaration.address not in self._sources:
            block = declaration.block
            if declaration.attribute is not None:
                file = self.graph.tree.files[declaration.attribute.file or block.file]
                text = file.slice(declaration.attribute.start, declaration.attribute.end).lower()
            else:
                text = self._slice(block)
            self._sources[declaration.address] = _COMMENT.sub("", text) if "#" in text or "//" in text else text
        return self._sources[declaration.address]

    def _slice(self, block: Block) -> str:
        return self.graph.tree.files[block.file].slice(block.start, block.end).lower()


@once
def evidence_of(graph: Graph) -> Evidence:
    """Return a tree as conditions see it."""
    return Evidence(graph)


def _type_of(declaration: Declaration) -> str:
    if declaration.kind == "data":
        return f"data.{declaration.type}"
    if declaration.kind == "provider":
        return f"provider.{declaration.type}"
    if declaration.kind == "terraform":
        # A backend of this type keeps the state where Terraform keeps it without one.
        return f"terraform.{declaration.name}" + (".local" if declaration.type == "local" else "")
    return declaration.kind if declaration.kind in _PLAIN_KINDS else declaration.type


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    result: bool | None = False
    for verdict in verdicts:
        if verdict:
            return True
        result = None if verdict is None else result
    return result


def _given(value: Any) -> bool | None:
    """Whether an argument or block is given: null and an empty list are not, what is unknown is."""
    return not (value is None or value == [] or value == "")


def _is_elsewhere(block: Block, path: tuple[str, ...]) -> bool:
    """Whether a block of this name stands further inside, or as an argument: whoever wrote it there meant the same, or the type has it there."""
    if len(path) > 1:
        return path[0] in block.attributes
    return any(inner.type == path[0] for outer in block.blocks for inner in outer.blocks)


def _equal(value: Any, wanted: tuple[str, ...]) -> bool | None:
    if value is UNKNOWN or isinstance(value, Block):
        return None
    if isinstance(value, (list, tuple)):
        return any(_text(v) in wanted for v in value)
    return _text(value) in wanted


def _above(value: Any, limit: float) -> bool | None:
    if value is UNKNOWN or isinstance(value, Block):
        return None
    try:
        return float(value) > limit
    except (TypeError, ValueError):
        return False


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).lower()
