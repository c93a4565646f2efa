"""Snippets laid over a whole tree: what a snippet does not show is not deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reviewgen.model.hcl import Attribute, Block
from reviewgen.model.source import SourceFile
from reviewgen.model.tree import LAID_UNDER, Declaration, Module, Tree
from reviewgen.terraform import Graph, is_configuration
from reviewgen.terraform.switched_off import leaves_out, switched_off

# Below this share of the arguments and nested blocks of MODEL's block a snippet shows those that it is about.
_NEARLY_ALL = 2 / 3
# Blocks of which a snippet may show all; of variables and outputs it often shows the argument alone that it is about.
_SHOWN_WHOLE = ("resource", "data", "module", "backend")
# How Terraform is given the settings that a backend leaves open.
_COMMAND_LINE = "-backend-config"


def overlay(model: Tree, ideal: Tree) -> Tree:
    """Return MODEL with IDEAL's snippets put in.

    Arguments replace arguments, nested blocks replace all of their type, new blocks are added. What a resource, data source or call of a module
    no longer sets that is shown from beginning to end is gone, and so is what it shows as comments only.

    Blocks that a snippet shows keep the snippet's file and lines, so that whatever is quoted from them is IDEAL's text. MODEL's own files go
    by another name inside the result, so that nothing that IDEAL does not show is taken for a place in IDEAL.
    """
    names = {path: f"{path}{LAID_UNDER}" if path in ideal.files or is_configuration(path) else path for path in model.files}
    files: dict[str, SourceFile] = {names[p]: replace(f, path=names[p]) for p, f in model.files.items()} | dict(ideal.files)
    homes = _homes(model, ideal)
    modules = {d: _module(m, homes.get(d), names) for d, m in model.modules.items()}
    for directory, module in ideal.modules.items():
        if module not in homes.values():
            modules.setdefault(directory, module)
    declarations: dict[str, Declaration] = {}
    for module in modules.values():
        for address, declaration in module.declarations.items():
            declarations.setdefault(address, declaration)
    return replace(ideal, files=files, root=model.root, modules=modules, declarations=declarations, incomplete=True)


def stands_apart(laid: Graph) -> bool:
    """Whether IDEAL's snippets, laid over MODEL, refer to resources that neither tree has, and to nothing that MODEL alone has.

    Then IDEAL has code of its own, which it does not show, in the place of MODEL's.
    """
    own = [r for r in laid.references if not r.file.endswith(LAID_UNDER)]
    known = [d for r in own if (d := laid.get(r.target)) is not None]
    providers = {d.type.partition("_")[0] for d in laid.of_kind("resource")}
    # Addresses in modules begin with theirs, and names in loops, such as ``ip_address.value``, with none of a provider.
    missing = any(laid.get(r.target) is None and r.target.count(".") == 1 and r.target.partition("_")[0] in providers for r in own)
    return missing and not any(d.block.file.endswith(LAID_UNDER) for d in known)


def _homes(model: Tree, ideal: Tree) -> dict[str, Module]:
    """Return which module of IDEAL goes over which of MODEL: the same directory, and IDEAL's root over MODEL's.

    What stands in a directory that both have goes there and nowhere else. The top is no such directory, for code without a name is read there.
    Nor does a module's directory become the root because IDEAL shows nothing but modules.
    """
    placed = {d: _place(d, model, ideal) for d in ideal.modules}
    homes = {home: ideal.modules[d] for d, home in placed.items() if home is not None and d != ideal.root}
    if ideal.root in ideal.modules:
        homes[placed[ideal.root] or model.root if ideal.root else model.root] = ideal.modules[ideal.root]
    return homes


def _place(directory: str, model: Tree, ideal: Tree) -> str | None:
    """Return MODEL's directory of a module of IDEAL: the same, or the only one that is alike from ``modules/`` on in both trees."""
    if directory in model.modules:
        return directory
    tail = _tail(directory)
    alike = [d for d in model.modules if _tail(d) == tail]
    rivals = [d for d in ideal.modules if _tail(d) == tail]
    return alike[0] if tail and len(alike) == len(rivals) == 1 else None


def _tail(directory: str) -> str:
    """Return a directory from its last ``modules/`` on; empty when it lies in none."""
    _, found, name = f"/{directory}".rpartition("/modules/")
    return name if found else ""


def _module(model: Module, ideal: Module | None, names: Mapping[str, str]) -> Module:
    declarations = {a: replace(d, block=_moved(d.block, names)) for a, d in model.declarations.items()}
    comments = {names.get(path, path): found for path, found in model.comments.items()}
    if ideal is not None:
        for declaration in ideal.declarations.values():
            address = model.prefix + declaration.local
            known = declarations.get(address)
            replaced = known is None or known.attribute is not None or _is_whole(known.block, declaration.block, ideal)
            block = declaration.block if known is None or replaced else _merged(known.block, declaration.block)
            declarations[address] = replace(declaration, address=address, module=model.directory, block=block)
        comments |= ideal.comments
        for local in switched_off(ideal):
            declarations.pop(model.prefix + local, None)
        if _puts_the_backend_elsewhere(ideal):
            declarations.pop(f"{model.prefix}terraform.backend", None)
    blocks = tuple({id(d.block): d.block for d in declarations.values()}.values())
    return replace(model, blocks=blocks, comments=comments, declarations=declarations, duplicates=())


def _puts_the_backend_elsewhere(ideal: Module) -> bool:
    """Whether a snippet shows the settings of Terraform without a backend and speaks of it in their comments."""
    if any(d.local == "terraform.backend" for d in ideal.declarations.values()):
        return False  # shown once more as one of several ways
    for block in ideal.blocks:
        if block.type == "terraform" and block.complete:
            notes = _notes(block, ideal)
            if any("backend" in note.lower() for note in notes) and not any(map(leaves_out, notes)):
                return True
    return False


def _notes(block: Block, module: Module) -> list[str]:
    return [c.text for c in module.comments.get(block.file, ()) if block.line <= c.line <= block.end_line]


def _moved(block: Block, names: Mapping[str, str]) -> Block:
    """Return a block that says it stands in the file's new name."""
    name = names.get(block.file, block.file)
    return block if name == block.file else replace(block, file=name, blocks=tuple(_moved(b, names) for b in block.blocks))


def _kind(block: Block) -> str:
    return "".join(block.labels) if block.type == "dynamic" else block.type


def _is_whole(whole: Block, snippet: Block, ideal: Module) -> bool:
    """Whether a snippet shows a block from its header to its end: it sets nearly all that MODEL's sets, and leaves nothing out in words.

    So does a backend of which the file says that its other settings are given on the command line.
    """
    if whole.type not in _SHOWN_WHOLE or not snippet.complete:
        return False
    if any(map(leaves_out, _notes(snippet, ideal))):
        return False
    if whole.type == "backend":
        return any(_COMMAND_LINE in comment.text for comment in ideal.comments.get(snippet.file, ()))
    wanted, shown = ({*b.attributes, *map(_kind, b.blocks)} for b in (whole, snippet))
    return len(wanted & shown) >= _NEARLY_ALL * len(wanted)


def _merged(whole: Block, snippet: Block) -> Block:
    shown = {_kind(b) for b in snippet.blocks}
    kept = tuple(b for b in whole.blocks if _kind(b) not in shown)
    inherited: dict[str, Attribute] = {n: replace(a, file=a.file or whole.file) for n, a in whole.attributes.items()}
    return replace(snippet, attributes={**inherited, **snippet.attributes}, blocks=kept + snippet.blocks)
