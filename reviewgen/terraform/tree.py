"""A document's files to a tree: which directories are modules, what each declares, and under which address."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reviewgen import hcl
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute, Block, Comment, Literal
from reviewgen.model.source import Document, SourceFile
from reviewgen.model.tree import Declaration, Module, Tree
from reviewgen.records import dataclass

# Which of two directories holds the root module, when no code stands at the top and no module calls decide: the usual names first.
_USUAL_ROOTS = ("lib", "terraform", "infrastructure", "infra", "src")
# Terraform's own names for directories that try a module out; what they call is no less the root.
_TRIALS = frozenset(["test", "tests", "example", "examples"])

# The directory of a configuration in which its modules stand; none of them is what Terraform runs in.
_MODULES = "modules"
_ROOTLESS = "`{}` delivers modules and no root module that calls them; the static check looks at each of them for itself."


def build(document: Document, side: str) -> Tree:
    """Return the tree of one side of a sample; broken files become diagnostics, never errors."""
    sources = {file.path: file for file in document.files}
    read = {path: _read(file) for path, file in sources.items() if is_configuration(path)}
    directories: dict[str, list[hcl.HclFile]] = defaultdict(list)
    for path in sorted(read, key=lambda p: (is_override(p), p)):
        directories[posixpath.dirname(path)].append(read[path])
    root = root_directory(directories)
    prefixes = _prefixes(root, directories)
    modules = {d: _module(d, files, prefixes) for d, files in sorted(directories.items(), key=lambda item: (item[0] != root, item[0]))}
    declarations: dict[str, Declaration] = {}
    for module in modules.values():
        for address, declaration in module.declarations.items():
            declarations.setdefault(address, declaration)
    diagnostics: list[Diagnostic] = [d for path in sorted(read) for d in read[path].diagnostics]
    incomplete = document.truncated or any(file.fragment for file in document.files)
    notes = (*_notes(read), *([_ROOTLESS.format(document.name)] if modules and root not in modules else []))
    return Tree(side, sources, root, modules, declarations, tuple(diagnostics), incomplete, notes)


def _notes(read: Mapping[str, hcl.HclFile]) -> Iterator[str]:
    """Yield what a reader must know of the diagnostics."""
    for path, file in sorted(read.items()):
        if len(file.diagnostics) >= hcl.MOST_DIAGNOSTICS:
            yield f"`{path}` has {hcl.MOST_DIAGNOSTICS} syntax errors or more; the first {hcl.MOST_DIAGNOSTICS} are listed."


def is_configuration(path: str) -> bool:
    """Whether Terraform reads a file as configuration."""
    name = posixpath.basename(path)
    return name.endswith((".tf", ".tf.json")) and not name.startswith(".") and not name.endswith("~")


def is_override(path: str) -> bool:
    """Whether a file overrides others: ``override.tf`` or ``*_override.tf``, also as JSON."""
    stem = posixpath.basename(path).removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")


def _read(file: SourceFile) -> hcl.HclFile:
    return hcl.read_json(file) if file.path.endswith(".json") else hcl.read(file)


def root_directory(directories: Mapping[str, Iterable[hcl.HclFile]]) -> str:
    """Return the directory that Terraform would run in: the top, or else the shallowest one that no other calls, tests aside.

    A top that has variables and nothing else is none, for nothing can be deployed from it. Where an answer delivers several modules
    and nothing that may call them, the root is the directory above, of which it shows nothing.
    """
    if not directories or ("" in directories and (len(directories) == 1 or not _is_idle(directories[""]))):
        return ""
    called = {target for d, files in directories.items() if not _is_trial(d) for _, target in _calls(d, files) if target != d}

    def rank(directory: str) -> tuple[bool, bool, bool, int, int, str]:
        name = posixpath.basename(directory)
        usual = _USUAL_ROOTS.index(name) if name in _USUAL_ROOTS else len(_USUAL_ROOTS)
        return _is_trial(directory), directory in called, _is_module(directory), directory.count("/"), usual, directory

    first = min((d for d in directories if d), key=rank)
    above = posixpath.dirname(posixpath.dirname(first))
    rootless = len(directories) > 1 and _is_module(first) and above not in directories
    return above if rootless else first


def _is_module(directory: str) -> bool:
    return posixpath.basename(posixpath.dirname(directory)) == _MODULES


def _is_idle(files: Iterable[hcl.HclFile]) -> bool:
    """Whether files declare variables only."""
    types = {block.type for file in files for block in file.blocks}
    return types == {"variable"}


def _is_trial(directory: str) -> bool:
    return not _TRIALS.isdisjoint(directory.split("/"))


def _calls(directory: str, files: Iterable[hcl.HclFile]) -> Iterator[tuple[str, str]]:
    """Yield (name, directory) of the local modules that a directory calls."""
    for file in files:
        for block in file.blocks:
            if block.type == "module" and block.labels:
                target = local_source(block, directory)
                if target is not None:
                    yield block.labels[0], target


def local_source(block: Block, directory: str) -> str | None:
    """Return the directory that a ``module`` block's local ``source`` names; None for registry and remote sources."""
    source = block.value("source")
    if not isinstance(source, Literal) or not isinstance(source.value, str) or not source.value.startswith(("./", "../")):
        return None
    path = posixpath.normpath(posixpath.join(directory, source.value))
    return "" if path == "." else path


@dataclass(frozen=True)
class _Prefix:
    text: str
    reached: bool


def _prefixes(root: str, directories: Mapping[str, list[hcl.HclFile]]) -> dict[str, _Prefix]:
    """Return what the addresses of each directory's module begin with; a module that is called twice goes by its first call.

    Without a root each module stands for itself: whoever has the answer runs them, or calls them.
    """
    prefixes, rootless = {root: _Prefix("", True)}, root not in directories
    queue = [root]
    while queue:
        directory = queue.pop(0)
        for name, target in _calls(directory, directories.get(directory, [])):
            if target in directories and target not in prefixes:
                prefixes[target] = _Prefix(f"{prefixes[directory].text}module.{name}.", True)
                queue.append(target)
    taken = {p.text for p in prefixes.values()}
    for directory in sorted(directories):
        if directory not in prefixes:
            text = f"module.{posixpath.basename(directory) or 'root'}."
            if text in taken:
                text = f"module.{directory.replace('/', '-')}."
            taken.add(text)
            prefixes[directory] = _Prefix(text, rootless)
    return prefixes


def _module(directory: str, files: list[hcl.HclFile], prefixes: Mapping[str, _Prefix]) -> Module:
    blocks = [b for file in files if not is_override(file.file.path) for b in file.blocks]
    for file in files:
        if is_override(file.file.path):
            blocks = _override(blocks, file.blocks)
    prefix = prefixes[directory]
    declarations: dict[str, Declaration] = {}
    duplicates: list[Declaration] = []
    for declaration in declare(blocks, directory, prefix.text):
        if declaration.address in declarations:
            duplicates.append(declaration)
        else:
            declarations[declaration.address] = declaration
    comments: dict[str, tuple[Comment, ...]] = {file.file.path: file.comments for file in files}
    arguments = tuple(replace(a, file=file.file.path) for file in files for a in file.attributes.values())
    return Module(directory, prefix.text, prefix.reached, tuple(blocks), comments, declarations, tuple(duplicates), arguments)


def declare(blocks: Iterable[Block], directory: str, prefix: str) -> Iterator[Declaration]:
    """Yield what top-level blocks declare, in order, duplicates included."""
    for block in blocks:
        for kind, type_, name, local, attribute, inner in _named(block):
            yield Declaration(prefix + local, kind, type_, name, local, directory, inner, attribute)


_Named = tuple[str, str, str, str, Attribute | None, Block]
_ONE_LABEL = {"variable": "var", "output": "output", "module": "module"}


def _named(block: Block) -> Iterator[_Named]:
    labels = block.labels
    if block.type in ("resource", "data") and len(labels) == 2:
        local = f"{labels[0]}.{labels[1]}" if block.type == "resource" else f"data.{labels[0]}.{labels[1]}"
        yield block.type, labels[0], labels[1], local, None, block
    elif block.type in _ONE_LABEL and len(labels) == 1:
        yield block.type, "", labels[0], f"{_ONE_LABEL[block.type]}.{labels[0]}", None, block
    elif block.type == "provider" and len(labels) == 1:
        alias = block.value("alias")
        word = alias.value if isinstance(alias, Literal) else getattr(alias, "root", None)
        local = f"provider.{labels[0]}" + (f".{word}" if word else "")
        yield "provider", labels[0], labels[0], local, None, block
    elif block.type == "locals":
        for attribute in (*block.attributes.values(), *block.duplicates):
            yield "local", "", attribute.name, f"local.{attribute.name}", attribute, block
    elif block.type == "terraform":
        yield from _settings(block)


def _settings(block: Block) -> Iterator[_Named]:
    for inner in block.blocks:
        if inner.type in ("backend", "cloud"):
            yield "terraform", inner.labels[0] if inner.labels else inner.type, "backend", "terraform.backend", None, inner
        elif inner.type == "required_providers":
            yield "terraform", "", "required_providers", "terraform.required_providers", None, inner
    version = block.attributes.get("required_version")
    if version:
        yield "terraform", "", "required_version", "terraform.required_version", version, block


def _override(blocks: list[Block], overrides: Iterable[Block]) -> list[Block]:
    """Merge override blocks: arguments replace arguments, nested blocks replace all of their type (Terraform, "Override Files")."""
    result = list(blocks)
    for override in overrides:
        if override.type in _NEVER_MERGED:
            result.append(override)
            continue
        if override.type == "locals":
            _override_locals(result, override)
            continue
        key = (override.type, override.labels, _alias(override))
        for position, block in enumerate(result):
            if (block.type, block.labels, _alias(block)) == key:
                result[position] = _merged(block, override)
                break
        else:
            result.append(override)
    return result


_NEVER_MERGED = frozenset({"check", "import", "moved", "removed"})


def _override_locals(blocks: list[Block], override: Block) -> None:
    """Give local values the expressions that an override file has for them; what no other file declares stays in a block of its own."""
    left = {name: replace(attribute, file=override.file) for name, attribute in override.attributes.items()}
    for position, block in enumerate(blocks):
        taken = left.keys() & block.attributes.keys() if block.type == "locals" else ()
        if taken:
            given = {name: left.pop(name) if name in taken else attribute for name, attribute in block.attributes.items()}
            blocks[position] = replace(block, attributes=given)
    if left:
        blocks.append(replace(override, attributes=left))


def _alias(block: Block) -> str:
    alias = block.value("alias") if block.type == "provider" else None
    return str(alias.value) if isinstance(alias, Literal) else ""


def _merged(block: Block, override: Block) -> Block:
    given = {name: replace(a, file=override.file) for name, a in override.attributes.items()}
    types = {b.type if b.type != "dynamic" else "".join(b.labels) for b in override.blocks}
    kept = tuple(b for b in block.blocks if (b.type if b.type != "dynamic" else "".join(b.labels)) not in types)
    return replace(block, attributes={**block.attributes, **given}, blocks=kept + override.blocks)
