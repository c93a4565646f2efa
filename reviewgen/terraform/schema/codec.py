"""The bundle format: a header of JSON and one line of text for each distinct body, gzipped.

Provider schemas repeat themselves: of the 41,500 bodies of the AWS provider 5,200 are distinct. Each distinct body and each distinct object
type is one line that names the lines of those inside it, so a bundle is small, and a line is decoded only when somebody asks for its type::

    {"format": 1, "provider": "aws", ..., "messages": [...], "resources": {"aws_vpc": 17, ...}, "lines": 5200}
    arn:s:c bucket:s:oc tags:Ms:o versioning:{4}:o@2|filter>12:l:0:1 rule>13:s:1:0|@3
    enabled:b mfa_delete:b?

Attribute: name, type, flags (``r`` required, ``o`` optional, ``c`` computed, ``s`` sensitive, ``w`` write-only, ``@`` deprecated with the
number of its message). Nested block: name, line, nesting, fewest, most. Last field: ``@`` when the body is deprecated.
Types: ``s`` ``n`` ``b`` ``d`` for string, number, bool, any; ``L`` ``S`` ``M`` before an element type; ``{4}`` the object type of a line,
``(4)`` the tuple type of a line, whose items stand without names; ``?`` behind an attribute that may be left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .types import BOOL, DYNAMIC, NUMBER, STRING, AttributeSchema, BlockSchema, NestedBlock, Type

FORMAT = 1
_SIMPLE = {"s": STRING, "n": NUMBER, "b": BOOL, "d": DYNAMIC}
_LETTERS = {"string": "s", "number": "n", "bool": "b", "dynamic": "d", "list": "L", "set": "S", "map": "M"}
_COLLECTIONS = {"L": "list", "S": "set", "M": "map"}
_NESTING = {"list": "l", "set": "s", "map": "m", "single": "1", "group": "g"}
_NESTING_OF = {letter: nesting for nesting, letter in _NESTING.items()}


def nesting(mode: str) -> str:
    """Return the nesting of a block if it is one that there is; raises ``ValueError`` otherwise."""
    if mode not in _NESTING:
        raise ValueError(f"no nesting mode: {mode}")
    return mode


def type_from_json(data: Any) -> Type:
    """Read a type in the JSON form of Terraform's type system, such as ``["list", "string"]``.

    Raises:
        ValueError: It is no such type.
    """
    if data in ("string", "number", "bool", "dynamic"):
        return Type(data)
    kind, inner = data[0], data[1]
    if kind == "object":
        return Type(kind, attributes={n: type_from_json(t) for n, t in inner.items()}, optional=frozenset(data[2] if len(data) > 2 else ()))
    if kind == "tuple":
        return Type(kind, items=tuple(type_from_json(t) for t in inner))
    if kind not in ("list", "set", "map"):
        raise ValueError(f"no type: {data}")
    return Type(kind, type_from_json(inner))


class Writer:
    """Collects distinct bodies, types and messages; every body is written once."""

    def __init__(self) -> None:
        """Start empty."""
        self.lines: list[str] = []
        self.messages: list[str] = []
        self._line_of: dict[str, int] = {}
        self._message_of: dict[str, int] = {}

    def block(self, block: BlockSchema) -> int:
        """Add a body and return its line."""
        attributes = " ".join(self._attribute(a) for _, a in sorted(block.attributes.items()))
        blocks = " ".join(self._nested(b) for _, b in sorted(block.blocks.items()))
        return self._line(f"{attributes}|{blocks}|{self._deprecated(block.deprecated)}")

    def _line(self, line: str) -> int:
        if line not in self._line_of:
            self._line_of[line] = len(self.lines)
            self.lines.append(line)
        return self._line_of[line]

    def _attribute(self, attribute: AttributeSchema) -> str:
        given = ((attribute.required, "r"), (attribute.optional, "o"), (attribute.computed, "c"))
        further = ((attribute.sensitive, "s"), (attribute.write_only, "w"))
        flags = "".join(letter for on, letter in (*given, *further) if on)
        return f"{attribute.name}:{self._type(attribute.type)}:{flags}{self._deprecated(attribute.deprecated)}"

    def _nested(self, nested: NestedBlock) -> str:
        return f"{nested.name}>{self.block(nested.block)}:{_NESTING[nested.nesting]}:{nested.min_items}:{nested.max_items}"

    def _type(self, kind: Type) -> str:
        if kind.kind == "object":
            fields = (f"{n}:{self._type(t)}{'?' if n in kind.optional else ''}" for n, t in sorted(kind.attributes.items()))
            return f"{{{self._line(' '.join(fields))}}}"
        if kind.kind == "tuple":
            return f"({self._line(' '.join(self._type(t) for t in kind.items))})"
        return _LETTERS[kind.kind] + (self._type(kind.element) if kind.element else "")

    def _deprecated(self, message: str | None) -> str:
        if message is None:
            return ""
        if message not in self._message_of:
            self._message_of[message] = len(self.messages)
            self.messages.append(message)
        return f"@{self._message_of[message]}"


class Reader:
    """Decodes bodies on demand; a body is decoded once."""

    def __init__(self, lines: Sequence[str], messages: Sequence[str]) -> None:
        """Keep the undecoded parts of a bundle."""
        self._lines = lines
        self._messages = messages
        self._types: dict[str, Type] = dict(_SIMPLE)
        self._blocks: dict[int, BlockSchema] = {}

    def block(self, line: int) -> BlockSchema:
        """Return the body of a line."""
        found = self._blocks.get(line)
        if found is None:
            attributes, blocks, deprecated = self._lines[line].split("|")
            found = self._blocks[line] = BlockSchema(
                {a.name: a for a in map(self._attribute, attributes.split())},
                {b.name: b for b in map(self._nested, blocks.split())},
                self._messages[int(deprecated[1:])] if deprecated else None,
            )
        return found

    def _attribute(self, text: str) -> AttributeSchema:
        name, kind, flags = text.split(":")
        flags, at, message = flags.partition("@")
        return AttributeSchema(
            name,
            self._type(kind),
            "r" in flags,
            "o" in flags,
            "c" in flags,
            "s" in flags,
            "w" in flags,
            self._messages[int(message)] if at else None,
        )

    def _nested(self, text: str) -> NestedBlock:
        name, _, rest = text.partition(">")
        line, nesting, fewest, most = rest.split(":")
        return NestedBlock(name, _NESTING_OF[nesting], self.block(int(line)), int(fewest), int(most))

    def _type(self, code: str) -> Type:
        found = self._types.get(code)
        if found is None:
            found = self._types[code] = self._decode_type(code)
        return found

    def _decode_type(self, code: str) -> Type:
        if code[0] in _COLLECTIONS:
            return Type(_COLLECTIONS[code[0]], self._type(code[1:]))
        parts = self._lines[int(code[1:-1])].split()
        if code[0] == "(":
            return Type("tuple", items=tuple(map(self._type, parts)))
        fields = [part.partition(":") for part in parts]
        return Type(
            "object",
            attributes={name: self._type(inner.rstrip("?")) for name, _, inner in fields},
            optional=frozenset(name for name, _, inner in fields if inner[-1] == "?"),
        )


def encode(header: Mapping[str, Any], writer: Writer) -> str:
    """Return the text of a bundle: the header, completed with the tables, and the lines."""
    full = {"format": FORMAT, **header, "messages": writer.messages, "lines": len(writer.lines)}
    return "\n".join([json.dumps(full, sort_keys=True, separators=(",", ":"), ensure_ascii=False), *writer.lines, ""])
