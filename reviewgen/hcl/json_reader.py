"""``.tf.json`` files: JSON read as the same blocks and expressions as native syntax (Terraform, "JSON Configuration Syntax").

A JSON object is an HCL object constructor with quoted keys, so the expression reader reads it, with positions and templates in strings.
Without a schema nobody can tell a nested block from a map: blocks of Terraform's own language become blocks, all else stays an argument.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.hcl import Attribute, Block, Call, Expression, Literal, Object, Traversal, Tuple
from reviewgen.model.source import SourceFile

from .expressions import mapped
from .reader import HclFile, expression_at

# How many levels of keys are labels, by top-level name; the keys of ``locals`` and ``terraform`` are arguments at once.
_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "provider": 1, "variable": 1, "output": 1, "module": 1, "check": 1}
_NO_LABELS = frozenset(["locals", "terraform", "moved", "import", "removed"])
_NESTED = {
    "lifecycle": ("precondition", "postcondition"),
    "terraform": ("required_providers",),
    "variable": ("validation",),
    "check": ("data", "assert"),
}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')
_LABELLED = {"backend": 1, "cloud": 0, "provisioner": 1}


def read_json(file: SourceFile) -> HclFile:
    """Read one file of JSON syntax; what is no JSON gives a diagnostic and no blocks."""
    try:
        json.loads(file.text)
    except (ValueError, RecursionError):
        from .syntax import diagnose_json

        return HclFile(file, (), {}, (), diagnose_json(file))
    value = expression_at(replace(file, text=_STRING.sub(_unescaped, file.text)) if _quotes(file.text) else file)
    blocks = tuple(_top(value, file)) if isinstance(value, Object) else ()
    return HclFile(file, blocks, {}, ())


def _quotes(text: str) -> bool:
    """Whether a text may have quotes within interpolations, which JSON escapes and HCL does not."""
    return '\\"' in text and ("${" in text or "%{" in text)


def _unescaped(match: re.Match[str]) -> str:
    """Return a string of JSON as HCL writes it, with bare quotes within interpolations; the length, and so all places, stay the same.

    A blank outside of the quotes takes the place of each backslash. What is nested deeper, or has other escapes there, is left as it is.
    """
    text, found, at, depth, quoted = match[0], "", 0, 0, False
    while at < len(text):
        two = text[at : at + 2]
        if depth and two == '\\"':
            found += '" ' if quoted else ' "'
            quoted, at = not quoted, at + 2
        elif depth and (two[0] == "\\" or (quoted and two in ("${", "%{"))):
            return text
        elif two in ("$$", "%%", "${", "%{") or two[0] == "\\":
            depth += two in ("${", "%{")
            found, at = found + two, at + 2
        else:
            depth += 0 if quoted or not depth else (two[0] == "{") - (two[0] == "}")
            found, at = found + two[0], at + 1
    return found


def pairs(value: Expression) -> Iterator[tuple[str, Expression, Expression]]:
    """Yield (key, key expression, value) of an object or of a list of objects."""
    if isinstance(value, Tuple):
        for item in value.items:
            yield from pairs(item)
    elif isinstance(value, Object):
        for key, inner in value.items:
            if isinstance(key, Literal) and isinstance(key.value, str) and key.value != "//":
                yield key.value, key, inner


def json_path(file: SourceFile, byte: int) -> str | None:
    """Return the path to the object around a place, as Terraform shows it: ``resource.aws_vpc.main.tags[0]``; None at the top."""
    value, path = expression_at(file), ""
    while True:
        for name, inner in _steps(value):
            if inner.start < byte < inner.end and isinstance(inner, Object | Tuple):
                path, value = path + name, inner
                break
        else:
            return path.removeprefix(".") or None


def _steps(value: Expression) -> Iterator[tuple[str, Expression]]:
    if isinstance(value, Tuple):
        yield from ((f"[{position}]", item) for position, item in enumerate(value.items))
    elif isinstance(value, Object):
        yield from ((f".{key.value}", inner) for key, inner in value.items if isinstance(key, Literal))


def _top(value: Object, file: SourceFile) -> Iterator[Block]:
    for name, key, inner in pairs(value):
        if name in _LABELS:
            yield from _labelled(name, (), _LABELS[name], key, inner, file)
        elif name in _NO_LABELS:
            for body in inner.items if isinstance(inner, Tuple) else (inner,):
                yield _block(name, (), key, body, file)


def _labelled(type_: str, labels: tuple[str, ...], missing: int, key: Expression, value: Expression, file: SourceFile) -> Iterator[Block]:
    if missing:
        for label, inner_key, inner in pairs(value):
            yield from _labelled(type_, (*labels, label), missing - 1, inner_key, inner, file)
        return
    for body in value.items if isinstance(value, Tuple) else (value,):
        yield _block(type_, labels, key, body, file)


def _block(type_: str, labels: tuple[str, ...], key: Expression, value: Expression, file: SourceFile) -> Block:
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    nested = _NESTED.get(type_, ()) if type_ in _NESTED else ("lifecycle", "connection")
    for name, inner_key, inner in pairs(value):
        if name in _LABELLED:
            blocks.extend(_labelled(name, (), _LABELLED[name], inner_key, inner, file))
        elif name in nested:
            blocks.extend(_labelled(name, (), 0, inner_key, inner, file))
        else:
            attributes.setdefault(name, _attribute(name, _argument(type_, name, inner), inner_key, file))
    first, last = file.position(key.start).line, file.position(value.end).line
    return Block(type_, labels, attributes, tuple(blocks), file.path, key.start, value.end, first, last, key.end)


def _attribute(name: str, value: Expression, key: Expression, file: SourceFile) -> Attribute:
    return Attribute(name, value, key.start, value.end, file.position(key.start).line, file.position(value.end).line)


def plain_block(type_: str, labels: tuple[str, ...], value: Expression, file: SourceFile) -> Block:
    """Return an object as a nested block whose properties are all arguments."""
    attributes: dict[str, Attribute] = {}
    for name, key, inner in pairs(value):
        attributes.setdefault(name, _attribute(name, inner, key, file))
    first, last = file.position(value.start).line, file.position(value.end).line
    return Block(type_, labels, attributes, (), file.path, value.start, value.end, first, last, value.start)


def _argument(block: str, name: str, value: Expression) -> Expression:
    """Provider references and the like are written as strings in JSON but mean the name."""
    if name in ("provider", "depends_on", "ignore_changes", "replace_triggered_by", "providers", "type") and block != "terraform":
        return _named(value)
    return value


def _named(value: Expression) -> Expression:
    from .reader import parse_expression

    if isinstance(value, Literal) and isinstance(value.value, str):
        name = parse_expression(value.value)
        return replace(name, start=value.start, end=value.end) if isinstance(name, Traversal | Call) else value
    if isinstance(value, Tuple):
        return replace(value, items=tuple(map(_named, value.items)))
    if isinstance(value, Object):
        return replace(value, items=tuple((k, _named(v)) for k, v in value.items))
    return value


def shifted(expr: Expression, by: int) -> Expression:
    """Return an expression with all its offsets moved; the caller read it behind a prefix of its own."""
    inner = mapped(expr, lambda part: shifted(part, by))
    return replace(inner, start=inner.start + by, end=inner.end + by)
