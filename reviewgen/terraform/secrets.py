"""Literal secrets of a tree: what a document that quotes code should be able to mask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

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
                _add(found, declaration.name, declaration.attribute.expr)
                continue
            for path, _, attribute in arguments(declaration.block):
                name = declaration.name if declaration.kind == "variable" and path == "default" else attribute.name
                _add(found, name, attribute.expr)
    for file in tree.files.values():
        found.update(_anywhere(file))
    return tuple(sorted((s for s in found if len(s) >= _SHORTEST), key=lambda s: (-len(s), s)))


def _add(found: set[str], name: str, expr: Expression) -> None:
    """Add the secrets in the value of an argument or key of some name."""
    if isinstance(expr, Literal):
        if isinstance(expr.value, str) and name and _is_secret(name):
            found.add(expr.value)
    elif isinstance(expr, Object):
        for key, value in expr.items:
            _add(found, str(key.value) if isinstance(key, Literal) else "", value)
    else:
        for child in children(expr):
            _add(found, "", child)


@lru_cache(maxsize=4096)  # few names make up most of all code
def _is_secret(name: str) -> bool:
    return _NAME.search(_CAMEL.sub("_", name)) is not None


def _anywhere(file: SourceFile) -> Iterator[str]:
    if any(mark in file.text for mark in _MARKS):
        yield from (match[0] for match in _ANYWHERE.finditer(file.text))
