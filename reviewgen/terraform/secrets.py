"""Literal secrets of a tree: what a document that quotes code should be able to mask."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.hcl import children
from reviewgen.model.hcl import Expression, Literal, Object
from reviewgen.model.source import SourceFile
from reviewgen.model.tree import Tree

from .graph import arguments

# Names of arguments, keys and variables that hold a secret themselves; names that refer to one (``_arn``, ``_id``, ``_name``) do not.
_NAME = re.compile(r"(?:^|[_-])(?:password|passwd|secret|token|api_?key|access_?key|secret_?key|private_?key|credentials?)$", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Keys of AWS (IAM User Guide, "IAM identifiers") and private keys in PEM form, wherever they stand.
_ANYWHERE = re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
_MARKS = ("AKIA", "ASIA", "-----BEGIN ")
_SHORTEST = 4


def literals(tree: Tree) -> tuple[str, ...]:
    """Return the secrets that stand in a tree's files in plain text, the longest first."""
    found: set[str] = set()
    for module in tree.modules.values():
        for declaration in (*module.declarations.values(), *module.duplicates):
            if declaration.attribute is not None:
                found.update(_of(declaration.name, declaration.attribute.expr))
                continue
            for path, _, attribute in arguments(declaration.block):
                name = declaration.name if declaration.kind == "variable" and path == "default" else attribute.name
                found.update(_of(name, attribute.expr))
    for file in tree.files.values():
        found.update(_anywhere(file))
    return tuple(sorted((s for s in found if len(s) >= _SHORTEST), key=lambda s: (-len(s), s)))


def _of(name: str, expr: Expression) -> Iterator[str]:
    if isinstance(expr, Literal):
        if isinstance(expr.value, str) and _NAME.search(_CAMEL.sub("_", name)):
            yield expr.value
        return
    if isinstance(expr, Object):
        for key, value in expr.items:
            yield from _of(str(key.value) if isinstance(key, Literal) else "", value)
        return
    for child in children(expr):
        yield from _of("", child)


def _anywhere(file: SourceFile) -> Iterator[str]:
    if any(mark in file.text for mark in _MARKS):
        yield from (match[0] for match in _ANYWHERE.finditer(file.text))
