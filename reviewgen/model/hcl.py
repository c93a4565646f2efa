"""HCL as every stage sees it: blocks, attributes and expressions with byte offsets into their file.

The nodes are what both readers agree on (see ``reviewgen.hcl``). ``start`` and ``end`` are byte offsets into the file that the block names;
they never take part in comparison, so two expressions are equal when they are written with the same meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from reviewgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all expressions: where it stands."""

    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant: text without interpolation, number, bool or null. Numbers are int where they are whole."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Template(Node):
    """A text with interpolations: literal pieces are ``Literal``, the others any expression or ``Directive``. Also every heredoc."""

    parts: tuple[Expression, ...]
    heredoc: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Directive(Node):
    """A ``%{if}`` or ``%{for}`` inside a template; kept as its parts for references, never evaluated."""

    keyword: str
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Attr:
    """A ``.name`` step."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """A ``[key]`` step (also the legacy ``.0``)."""

    key: Expression


@dataclass(frozen=True, slots=True)
class Splat:
    """A ``[*]`` or ``.*`` step."""


Step = Attr | Index | Splat


@dataclass(frozen=True, slots=True)
class Traversal(Node):
    """A variable and the steps from it: ``aws_vpc.main.id``, ``var.x["k"]``, ``each.value``."""

    root: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Access(Node):
    """Steps from something that is not a variable: ``split(",", x)[0]``, ``{...}.name``."""

    base: Expression
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function call; ``expand`` when the last argument is followed by ``...``."""

    name: str
    args: tuple[Expression, ...]
    expand: bool = False


@dataclass(frozen=True, slots=True)
class Tuple(Node):
    """A list constructor."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Object(Node):
    """An object constructor; a bare word as key is a ``Literal`` of that word."""

    items: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """``condition ? yes : no``."""

    condition: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """A binary operation."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``!x`` or ``-x``."""

    op: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class For(Node):
    """A ``for`` expression; ``key`` is None for the list form."""

    key_name: str
    value_name: str
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    grouping: bool = False


@dataclass(frozen=True, slots=True)
class Invalid(Node):
    """Text that is no expression; the reader's diagnostics say why."""

    text: str


Expression = Literal | Template | Directive | Traversal | Access | Call | Tuple | Object | Conditional | Binary | Unary | For | Invalid


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """``name = expression``; ``line`` is 1-based within the file, ``end_line`` the last line of the expression.

    ``file`` is empty, except for an argument that an override file gives: there it names that file, not the block's.
    """

    name: str
    expr: Expression
    start: int
    end: int
    line: int
    end_line: int
    file: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Comment:
    """One comment with its marks (``#``, ``//``, ``/* */``); ``line`` is 1-based."""

    text: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block with its body.

    Attributes:
        type: ``resource``, ``lifecycle``, ``ingress``, ...
        labels: The labels without quotes.
        attributes: Attributes by name; of a name that is written twice the first (Terraform rejects the second).
        duplicates: The further attributes of names that are written twice.
        blocks: Nested blocks in file order.
        file: Path of the file.
        start: Byte offset of the type.
        end: Byte offset behind the closing brace.
        line: 1-based line of the header.
        end_line: 1-based line of the closing brace.
        header_end: Byte offset behind the last label (or the type).
        complete: False when the closing brace is missing or the reader met an error inside.
    """

    type: str
    labels: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    blocks: tuple[Block, ...]
    file: str
    start: int
    end: int
    line: int
    end_line: int
    header_end: int
    duplicates: tuple[Attribute, ...] = ()
    complete: bool = True

    def value(self, name: str) -> Expression | None:
        """Return the expression of an argument, or None."""
        attribute = self.attributes.get(name)
        return attribute.expr if attribute else None

    def nested(self, *path: str) -> Iterator[Block]:
        """Yield the nested blocks on a path of types; ``dynamic`` blocks of the type yield their ``content``."""
        if not path:
            yield self
            return
        for block in self.blocks:
            if block.type == path[0]:
                yield from block.nested(*path[1:])
            elif block.type == "dynamic" and block.labels[:1] == path[:1]:
                for content in block.blocks:
                    if content.type == "content":
                        yield from content.nested(*path[1:])

    def walk(self) -> Iterator[Block]:
        """Yield this block and all blocks inside it, outermost first."""
        yield self
        for block in self.blocks:
            yield from block.walk()
