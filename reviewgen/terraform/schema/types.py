"""What a provider's schema says of a body: attributes, nested blocks and their types, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from reviewgen.records import dataclass

_PRIMITIVES = frozenset({"string", "number", "bool", "dynamic"})


@dataclass(frozen=True, slots=True)
class Type:
    """A type of Terraform's type system.

    Attributes:
        kind: ``string``, ``number``, ``bool``, ``dynamic`` (any), ``list``, ``set``, ``map``, ``object`` or ``tuple``.
        element: Type of the elements of a list, set or map.
        attributes: Types of the attributes of an object.
        optional: Attributes of an object that may be left out.
        items: Types of the elements of a tuple.
    """

    kind: str
    element: Type | None = None
    attributes: Mapping[str, Type] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    items: tuple[Type, ...] = ()

    @property
    def primitive(self) -> bool:
        """Whether a value of the type has no parts (``dynamic`` counts, for nothing is known of its parts)."""
        return self.kind in _PRIMITIVES

    @property
    def friendly(self) -> str:
        """The words by which Terraform names the type in messages."""
        if self.kind == "dynamic":
            return "dynamic"
        if self.element is not None:
            return f"{self.kind} of {self.element.friendly}"
        return self.kind

    @property
    def json(self) -> str:
        """The type as Terraform writes it in JSON: ``"string"``, ``["list", "string"]``."""
        if self.element is not None:
            return f'["{self.kind}", {self.element.json}]'
        if self.kind == "object":
            inner = ", ".join(f'"{name}": {kind.json}' for name, kind in self.attributes.items())
            return f'["object", {{{inner}}}]'
        if self.kind == "tuple":
            return f'["tuple", [{", ".join(item.json for item in self.items)}]]'
        return f'"{self.kind}"'

    @property
    def constraint(self) -> str:
        """The type as a Terraform author writes it: ``list(string)``, ``object({name=string})``."""
        if self.kind == "dynamic":
            return "any"
        if self.element is not None:
            return f"{self.kind}({self.element.constraint})"
        if self.kind == "object":
            inner = (f"{n}={f'optional({t.constraint})' if n in self.optional else t.constraint}" for n, t in self.attributes.items())
            return f"object({{{', '.join(inner)}}})"
        if self.kind == "tuple":
            return f"tuple([{', '.join(item.constraint for item in self.items)}])"
        return self.kind


STRING = Type("string")
NUMBER = Type("number")
BOOL = Type("bool")
DYNAMIC = Type("dynamic")


@dataclass(frozen=True, slots=True)
class AttributeSchema:
    """One argument or exported attribute.

    Attributes:
        name: Its name.
        type: Its type.
        required: It must be set.
        optional: It may be set.
        computed: The provider may set it; alone (neither required nor optional) it is read-only.
        sensitive: Its value is hidden.
        write_only: Its value is never stored.
        deprecated: None when it is current, otherwise the provider's message (empty when the source carries none).
    """

    name: str
    type: Type
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False
    deprecated: str | None = None

    @property
    def read_only(self) -> bool:
        """Whether a configuration must not set it."""
        return self.computed and not self.optional and not self.required


@dataclass(frozen=True, slots=True)
class NestedBlock:
    """A nested block type.

    Attributes:
        name: The block type.
        nesting: ``single``, ``group``, ``list``, ``set`` or ``map``.
        block: What stands inside.
        min_items: Fewest blocks, 0 for no limit.
        max_items: Most blocks, 0 for no limit.
    """

    name: str
    nesting: str
    block: BlockSchema
    min_items: int = 0
    max_items: int = 0


@dataclass(frozen=True)
class BlockSchema:
    """A body: attributes and nested blocks by name, sorted. ``deprecated`` as in ``AttributeSchema``."""

    attributes: Mapping[str, AttributeSchema] = field(default_factory=dict)
    blocks: Mapping[str, NestedBlock] = field(default_factory=dict)
    deprecated: str | None = None

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Names of the attributes that must be set."""
        return tuple(name for name, attribute in self.attributes.items() if attribute.required)
