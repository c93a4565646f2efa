"""Provider schemas out of the prebuilt CDK for Terraform packages, for versions that no Terraform on the machine has.

Such a package holds the provider's schema as generated JavaScript, one folder a type. Three places tell what a validator needs:

* the table that a body is written from: ``rule: { value: cdktf.listMapperHcl(ruleToHclTerraform, true)(struct.rule), isBlock: true, type: "list" }``;
* the getters, which also cover what is read-only: ``get arn() { return this.getStringAttribute('arn'); }``;
* the reset methods, which exist exactly for what is optional.

The packages do not tell fewest and most blocks (beyond "at most one"), what is sensitive, what is deprecated. ``merge`` takes these from a
schema of a neighbouring version for every body that is the same in both packages. Nor do they hold ephemeral resources: that kind is partial
unless a package has some.
"""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from reviewgen.errors import DataError
from reviewgen.records import dataclass

from .build import ProviderSchema
from .types import BOOL, DYNAMIC, NUMBER, STRING, AttributeSchema, BlockSchema, NestedBlock, Type

_FUNCTION = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{(.*?)^\}", re.M | re.S)
_CLASS = re.compile(r"^class (\w+) extends cdktf\.(\w+) \{(.*?)^\}", re.M | re.S)
_ROW = re.compile(r"^ +(\w+): \{\n +value: (.*),\n +isBlock: (true|false),\n +type: \"(\w+)\",\n +storageClassType: \"(\w+)\",$", re.M)
_GETTER = re.compile(r"^    get (\w+)\(\) \{\s+return (.*);\s+\}", re.M)
_MEMBER = re.compile(r"this\.(_\w+) = new (?:\w+\.)?(\w+)\(this, \"(\w+)\"(?:, (true|false))?")
_RESET = re.compile(r"^    reset(\w+)\(\) \{\s+this\._(\w+)", re.M)
_TYPE = re.compile(r"terraformResourceType: '(\w+)'")
_VERSION = re.compile(r"providerVersion: '([^']+)'")
_ATTRIBUTE = re.compile(r"this\.(?:get(\w*)Attribute|interpolationForAttribute)\('(\w+)'\)")
_NESTED = re.compile(r"(\w+)ToHclTerraform[,)(]")
_SCALARS = {"string": STRING, "number": NUMBER, "boolean": BOOL, "any": DYNAMIC}
_GETTERS = {
    "String": STRING,
    "Number": NUMBER,
    "Boolean": BOOL,
    "Any": DYNAMIC,
    "List": Type("list", STRING),
    "NumberList": Type("list", NUMBER),
}
_KINDS = {
    "TerraformResource": "resource",
    "TerraformDataSource": "data",
    "TerraformEphemeralResource": "ephemeral",
    "TerraformProvider": "provider",
}


@dataclass(frozen=True)
class _Row:
    """One line of the table that a body is written from."""

    name: str
    value: str
    block: bool
    mode: str
    storage: str


@dataclass(frozen=True)
class _Class:
    """One generated class: getters by property, properties with a reset, complex members by terraform name (class, whether it is a set)."""

    getters: Mapping[str, str]
    resets: frozenset[str]
    members: Mapping[str, tuple[str, bool]]


class _Folder:
    """The code of one type, indexed."""

    def __init__(self, code: str) -> None:
        self.tables = {name.lower(): _rows(body) for name, body in _FUNCTION.findall(code)}
        self.classes: dict[str, _Class] = {}
        self.main: tuple[str, str, str] | None = None
        for name, base, body in _CLASS.findall(code):
            self.classes[name] = _read_class(body)
            if base in _KINDS:
                self.main = (name, base, body)

    def body(self) -> BlockSchema:
        """Return the schema of the main class."""
        assert self.main is not None
        name, _, code = self.main
        tail = code[code.rfind("synthesizeHclAttributes()") :]
        return self._block(_rows(tail), self.classes[name])

    def _block(self, rows: tuple[_Row, ...], cls: _Class) -> BlockSchema:
        attributes: dict[str, AttributeSchema] = {}
        blocks: dict[str, NestedBlock] = {}
        for row in rows:
            required = not _resettable(row, cls)
            if row.block and not self._attribute_like(row):
                blocks[row.name] = self._nested(row, required)
            else:
                attributes[row.name] = AttributeSchema(row.name, self._row_type(row), required=required, optional=not required)
        for attribute in self._read_only(cls):
            if attribute.name not in attributes and attribute.name not in blocks:
                attributes[attribute.name] = attribute
        return BlockSchema(attributes, blocks)

    def _attribute_like(self, row: _Row) -> bool:
        """Whether a table row is an object-typed argument; their inner tables write null where a field is left out."""
        inner = self._inner(row)
        return bool(inner) and all("=== undefined ? null" in r.value for r in inner)

    def _inner(self, row: _Row) -> tuple[_Row, ...]:
        match = _NESTED.search(row.value)
        return self.tables.get(match[1].lower(), ()) if match else ()

    def _inner_class(self, row: _Row) -> _Class:
        base = row.storage.removesuffix("List") if row.storage.endswith("List") else row.storage.removesuffix("Map")
        for name in (f"{base}OutputReference", f"{row.storage}OutputReference"):
            if name in self.classes:
                return self.classes[name]
        return _Class({}, frozenset(), {})

    def _nested(self, row: _Row, required: bool) -> NestedBlock:
        block = self._block(self._inner(row), self._inner_class(row))
        many = "listMapper" in row.value
        nesting = "single" if row.mode == "struct" else row.mode
        return NestedBlock(row.name, nesting, block, int(required), 0 if many or nesting == "single" else 1)

    def _row_type(self, row: _Row) -> Type:
        if row.mode == "simple":
            return _SCALARS.get(row.storage, DYNAMIC)
        if row.mode in ("list", "set", "map"):
            element = row.storage.removesuffix("Map") if row.mode == "map" else row.storage.removesuffix("List")
            return Type(row.mode, self._element(row, element))
        return self._object(row)

    def _element(self, row: _Row, name: str) -> Type:
        if name in _SCALARS:
            return _SCALARS[name]
        if name.endswith("List") and name.removesuffix("List") in _SCALARS:
            return Type("list", _SCALARS[name.removesuffix("List")])
        return self._object(row) if self._inner(row) else DYNAMIC

    def _object(self, row: _Row) -> Type:
        cls = self._inner_class(row)
        fields = {r.name: self._row_type(r) for r in self._inner(row)}
        optional = {r.name for r in self._inner(row) if _resettable(r, cls)}
        for attribute in self._read_only(cls):
            if attribute.name not in fields:
                fields[attribute.name] = attribute.type
                optional.add(attribute.name)
        return Type("object", attributes=fields, optional=frozenset(optional)) if fields else DYNAMIC

    def _read_only(self, cls: _Class) -> Iterator[AttributeSchema]:
        for expression in cls.getters.values():
            simple = _ATTRIBUTE.search(expression)
            if simple:
                yield AttributeSchema(simple[2], _getter_type(expression, simple[1] or ""), computed=True)
        for name, (member, is_set) in cls.members.items():
            yield AttributeSchema(name, self._member_type(member, is_set), computed=True)

    def _member_type(self, member: str, is_set: bool) -> Type:
        if member.startswith("cdktf") or member in ("StringMap", "NumberMap", "BooleanMap", "AnyMap", "StringMapList"):
            scalar = {"StringMap": STRING, "NumberMap": NUMBER, "BooleanMap": BOOL}.get(member, DYNAMIC)
            return Type("list", Type("map", STRING)) if member == "StringMapList" else Type("map", scalar)
        base = member.removesuffix("OutputReference")
        mode = "single"
        for suffix, kind in (("List", "set" if is_set else "list"), ("Map", "map")):
            if member.endswith(suffix) and f"{member.removesuffix(suffix)}OutputReference" in self.classes:
                base, mode = member.removesuffix(suffix), kind
        cls = self.classes.get(f"{base}OutputReference")
        if cls is None:
            return DYNAMIC
        inner = Type("object", attributes={a.name: a.type for a in self._read_only(cls)})
        return inner if mode == "single" else Type(mode, inner)


def _rows(body: str) -> tuple[_Row, ...]:
    return tuple(_Row(name, value, flag == "true", mode, storage) for name, value, flag, mode, storage in _ROW.findall(body))


def _read_class(body: str) -> _Class:
    getters = {name: value for name, value in _GETTER.findall(body) if not name.endswith("Input")}
    members = {name: (cls, flag == "true") for _, cls, name, flag in _MEMBER.findall(body)}
    return _Class(getters, frozenset(name.lower() for pair in _RESET.findall(body) for name in pair), members)


def _resettable(row: _Row, cls: _Class) -> bool:
    """Whether an argument may be left out. The blocks of the provider itself have no class, so nothing is known to be required there."""
    prop = re.search(r"(?:struct\.|this\._)(\w+)", row.value)
    return prop is None or not cls.getters or prop[1].lower() in cls.resets


def _getter_type(expression: str, kind: str) -> Type:
    if kind.endswith("Map"):
        return Type("map", _GETTERS.get(kind.removesuffix("Map"), DYNAMIC))
    found = _GETTERS.get(kind, DYNAMIC)
    if "Fn.tolist" in expression and found.element:
        return Type("set", found.element)
    return found


def read(wheel: Path, source: str) -> ProviderSchema:
    """Read the schema of a provider out of a package.

    Args:
        wheel: The ``.whl`` file.
        source: Source address of the provider, ``hashicorp/aws``.

    Raises:
        DataError: The file is no such package.
    """
    kinds: dict[str, dict[str, BlockSchema]] = {kind: {} for kind in _KINDS.values()}
    version = ""
    for code in _folders(wheel):
        folder = _Folder(code)
        if folder.main is None:
            continue
        kind = _KINDS[folder.main[1]]
        name = _TYPE.search(folder.main[2])
        found = _VERSION.search(code)
        version = found[1] if found else version
        if name:
            kinds[kind][name[1]] = folder.body()
    if not version:
        raise DataError("the file is no prebuilt provider package of CDK for Terraform", path=str(wheel), hint="Name the wheel itself")
    return ProviderSchema(
        source=source,
        version=version,
        licence="MPL-2.0",  # of the packages; the providers are under the same
        origin=f"{wheel.name.split('-py3')[0]}, provider {source} {version}",
        config=_without_alias(next(iter(kinds["provider"].values()), BlockSchema())),
        resources=kinds["resource"],
        data=kinds["data"],
        ephemeral=kinds["ephemeral"],
        partial=() if kinds["ephemeral"] else ("ephemeral",),
    )


def _without_alias(config: BlockSchema) -> BlockSchema:
    """Return the provider's own arguments: the packages count Terraform's ``alias`` among them."""
    return BlockSchema({name: attribute for name, attribute in config.attributes.items() if name != "alias"}, config.blocks)


def _folders(wheel: Path) -> Iterator[str]:
    """Yield the code of each type's folder, its further files appended."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            inner = next(name for name in archive.namelist() if name.endswith(".jsii.tgz"))
            data = archive.read(inner)
    except (OSError, zipfile.BadZipFile, StopIteration) as error:
        raise DataError("the package cannot be read", path=str(wheel), hint="Download it again") from error
    parts: dict[str, list[str]] = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            path = member.name.split("/")
            if len(path) >= 4 and path[1] == "lib" and member.name.endswith(".js"):
                stream = tar.extractfile(member)
                parts.setdefault(path[2], []).append(stream.read().decode() if stream else "")
    for _, codes in sorted(parts.items()):
        yield "\n".join(codes)
