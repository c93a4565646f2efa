"""A Markdown answer to the files of a tree, and what had to be assumed on the way."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import field, replace

from reviewgen.model.source import Document, SourceFile
from reviewgen.records import dataclass

from . import names
from .fences import HEADER, Block, Depth, blocks, depth, without_lines
from .unfenced import regions

_HCL = frozenset(["hcl", "terraform", "tf"])
_TREE_SUFFIXES = (".tf", ".tf.json")
# Words by which a comment stands for code that it leaves out; the first only behind dots.
_ELLIPSIS = re.compile(r"(?:\.{3}|…)(.*)")
_LEFT_OUT = re.compile(r"\b(?:unchanged|existing|remain|rest|same|previous|other|omitted|keep)\b", re.IGNORECASE)
_SAME_AS_BEFORE = re.compile(
    r"\b(?:unchanged|rest of (?:the|your)|same as (?:before|above|in)|remains? the same)\b|"
    # With any more words it tells of something that exists in the account.
    r"^\W*(?:(?:keep|all|your|the|other)\W+)*existing (?:code|config\w*|resources?)(?:\W+(?:here|above|below|goes|stays?|remains?))*\W*$",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"#|//")
_DOTS_IN_BRACES = re.compile(r"\{\s*(?:\.{3}|…)\s*\}")
_BARE_DOTS = re.compile(r"^\s*(?:\.{3}|…)\s*$")
_ADDRESS = re.compile(r'^(resource|data|variable|output|module|provider)\s+"?([\w-]+)"?(?:\s+"?([\w-]+)"?)?\s*\{', re.MULTILINE)
_LANGUAGES = {
    "typescript": re.compile(r"aws-cdk-lib|@pulumi/|cdktf"),
    "python": re.compile(r"\b(?:from|import) (?:aws_cdk|pulumi|cdktf)\b"),
    "cloudformation": re.compile(r"AWSTemplateFormatVersion|^[ \t]*Type:[ \t]*['\"]?AWS::\w+::", re.MULTILINE),
}
_INSERT_HERE = re.compile(r"^\W*insert (?:here|the)\b", re.IGNORECASE)


@dataclass
class _Assembly:
    """The files found so far, in order of appearance; the only mutable thing of the loader."""

    name: str
    files: dict[str, SourceFile] = field(default_factory=dict)
    snippets: list[SourceFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    inferred: int = 0
    declared: dict[str, tuple[str, set[str]]] = field(default_factory=dict)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def known(self) -> set[str]:
        """Return what the files found so far declare; each is looked through once."""
        for path, file in self.files.items():
            if path.endswith(".tf") and self.declared.get(path, ("",))[0] is not file.text:
                self.declared[path] = file.text, addresses(file.text)
        return set().union(*(self.declared[path][1] for path in self.files if path in self.declared))


def read_markdown(text: str, name: str) -> Document:
    """Return what a Markdown document holds.

    Args:
        text: The normalised text.
        name: What the review calls the document.
    """
    if not text.strip():
        return Document(name, text, notes=(f"`{name}` is empty.",))
    assembly = _Assembly(name)
    found = [part for block in blocks(text) for part in _parts(block)]
    for position, block in enumerate(found):
        _take(assembly, block, found[position - 1] if position else None)
    truncated = bool(found) and not found[-1].closed and _is_code(found[-1]) and depth(found[-1].lines) > 0
    if not assembly.files and not any(b.language in _HCL for b in found):
        truncated = _unfenced(assembly, text)
    _gather(assembly)
    if truncated:
        assembly.note(f"`{name}` ends in the middle of a block; what was complete before the cut is reviewed.")
    if not assembly.files:
        why = "is a placeholder" if _INSERT_HERE.match(text.strip()) else "contains no Terraform files"
        assembly.note(f"`{name}` {why}.")
    return Document(
        name,
        text,
        tuple(assembly.files.values()),
        tuple(assembly.snippets),
        tuple(assembly.notes),
        truncated,
        tuple(_languages(text, found)),
    )


_HOME = "lib/"


def _gather(assembly: _Assembly) -> None:
    """Read ``lib/`` as the top of the tree when some files of the answer are named with it and others without.

    Answers for projects that keep their code in ``lib/`` write both; as two directories they would be two unrelated modules.
    """
    files = assembly.files
    code = [p for p in files if p.endswith(_TREE_SUFFIXES)]
    inside = [p for p in files if p.startswith(_HOME)]
    outside = [p for p in code if "/" not in p]
    if outside and all(_is_part(files[p], files.get(_HOME + p)) for p in outside):
        # Without its folder a file is named where the text quotes or explains a passage of it.
        assembly.snippets += [files.pop(p) for p in outside]
        assembly.note(f"`{assembly.name}` shows parts of files in `lib/` once more without the folder; the complete versions are read.")
        return
    mixed = any(p in code for p in inside) and bool(outside)
    called = any(f'"./{_HOME.rstrip("/")}' in f.text for f in files.values())
    if not mixed or called or any(p.removeprefix(_HOME) in files for p in inside):
        return
    assembly.files = {(p.removeprefix(_HOME)): replace(f, path=p.removeprefix(_HOME)) for p, f in files.items()}
    assembly.note(f"`{assembly.name}` names some files with `lib/` and some without; they are read as one directory.")


def _is_part(file: SourceFile, whole: SourceFile | None) -> bool:
    """Whether a file is a passage of another version of itself, as it stands there or with other values."""
    if whole is None or len(file.text) >= len(whole.text):
        return False
    own, all_ = addresses(file.text), addresses(whole.text)
    return own < all_ or (not own and bool(all_))


def _languages(text: str, found: Iterable[Block]) -> Iterator[str]:
    code = "\n".join(b.text for b in found if b.language not in _HCL) or text
    for language, pattern in _LANGUAGES.items():
        if pattern.search(code):
            yield language


def _is_code(block: Block) -> bool:
    return block.language in _HCL or (not block.language and HEADER.search(block.text) is not None)


def _parts(block: Block) -> Iterator[Block]:
    """Split a block in which comments on lines of their own name several files, the first at its beginning."""
    if not _is_code(block) or names.in_info(block.info) or (names.in_line(block.title) if block.title else None):
        yield block
        return
    marks = list(_marks(block))
    distinct = {path.replace("-", "_") for _, path in marks}
    if len(distinct) < 2 or marks[0][0] > 3:
        yield block
        return
    starts = [0, *(number for number, _ in marks[1:])]
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        part = without_lines(block, start, end)
        yield part if start == 0 else replace(part, title="", info=block.language)


def _marks(block: Block) -> Iterator[tuple[int, str]]:
    """Yield (line, file) of the comments between top-level blocks that name a file of the tree."""
    counter = Depth()
    for number, line in enumerate(block.lines):
        path = names.in_comment(line) if counter.open == 0 and line.lstrip().startswith(("#", "//")) else None
        if path is not None and path.endswith((".tf", ".tfvars", ".tf.json")):
            yield number, path
        counter.add(line)


def _path(block: Block) -> str | None:
    """Return the file that a block is: named in the info string, the line before it, one of its first comments, or the heading above."""
    first = [line for line in block.lines[:6] if line.strip()][:3]
    comment = next((p for line in first if (p := names.in_comment(line)) is not None), None)
    title = names.in_line(block.title) if block.title else None
    info = names.in_info(block.info) if block.info else None
    if info:
        return info
    if title and comment and comment.endswith(_TREE_SUFFIXES) and not title.endswith(_TREE_SUFFIXES) and _is_code(block):
        return comment
    return title or comment or (names.in_prose(block.title) if block.title else None)


def _take(assembly: _Assembly, block: Block, before: Block | None) -> None:
    """Put one block where it belongs: a file, a part of the file before it, or a snippet."""
    lines = block.lines
    if not any(line.strip() for line in lines) or block.language in ("markdown", "md", "mermaid", "diff"):
        return
    named = _path(block)
    going_on = named is None and before is not None and _continues(before, block)
    if named is None and not going_on and block.heading:
        named = names.in_line(block.heading)
    path = names.safe(named) if named else None
    if named and path is None:
        assembly.note(f"`{assembly.name}` names the file `{named}`, which lies outside of the tree; its code is not read.")
        return
    if going_on and assembly.files:
        path = next(reversed(assembly.files))
        assembly.note(f"The code of `{path}` is interrupted by text in `{assembly.name}`; both halves are read as one file.")
        assembly.files[path] = joined(assembly.files[path], _source(assembly, block, path))
        return
    hcl = _is_code(block)
    if path is None and hcl:
        path = _without_name(assembly, block)
    elif path is not None and hcl and not path.endswith((*_TREE_SUFFIXES, ".tfvars", ".hcl", ".example", ".tftpl", ".tpl", ".sh", ".json")):
        path = f"{path.rstrip('/')}/main.tf" if "." not in posixpath.basename(path) else path
    if path is None or (path.endswith(".tf") and not HEADER.search(block.text) and not _has_comment_only(block)):
        if hcl or block.language in _HCL:
            assembly.snippets.append(_source(assembly, block, f"snippet-{len(assembly.snippets) + 1}.tf"))
        return
    _add(assembly, block, path)


def _has_comment_only(block: Block) -> bool:
    return all(not line.strip() or line.lstrip().startswith(("#", "//")) for line in block.lines)


def _continues(before: Block, block: Block) -> bool:
    return _is_code(before) and not before.closed and depth(before.lines) > 0 and (block.language in _HCL or not block.language)


def _without_name(assembly: _Assembly, block: Block) -> str | None:
    """Return a name for code that has none; None when it only repeats what files declare already: an example of use."""
    known = assembly.known()
    own = addresses(block.text)
    if not HEADER.search(block.text) or (own and own <= known) or (known and own & known):
        return None
    assembly.inferred += 1
    path = "main.tf" if assembly.inferred == 1 and "main.tf" not in assembly.files else f"main-{assembly.inferred}.tf"
    if assembly.inferred == 1:
        assembly.note(f"`{assembly.name}` gives code without a file name; it is read as `{path}`.")
    return path


def addresses(text: str) -> set[str]:
    """Return what top-level headers in a text declare, as ``type name`` words."""
    return {" ".join(filter(None, m.groups())) for m in _ADDRESS.finditer(text)}


def _source(assembly: _Assembly, block: Block, path: str) -> SourceFile:
    lines = [("" if _BARE_DOTS.match(line) else line) for line in block.lines]
    fragment = any(map(_leaves_out, block.lines))
    return SourceFile(path, "\n".join(lines).rstrip("\n") + "\n", assembly.name, block.first_line, fragment)


def _leaves_out(line: str) -> bool:
    """Whether a line stands for code that is not given: ``...`` alone, or a comment such as ``# ... unchanged``."""
    if _DOTS_IN_BRACES.search(line):
        return True
    mark = _COMMENT.search(line)
    if mark is None:
        return line.strip().removeprefix("/*").strip() == "..."
    words = line[mark.end() :].lstrip("#/")
    behind = _ELLIPSIS.search(words)
    return words.strip() == "..." or _SAME_AS_BEFORE.search(words) is not None or bool(behind and _LEFT_OUT.search(behind[1]))


def _add(assembly: _Assembly, block: Block, path: str) -> None:
    """Add a block to its file: appended when it brings other addresses, instead of the earlier version when it repeats them."""
    new = _source(assembly, block, path)
    if new.fragment and path.endswith(".tf"):
        assembly.note(f"`{path}` of `{assembly.name}` leaves parts out by a placeholder; only what it shows is read.")
    old = assembly.files.get(path)
    if old is None:
        assembly.files[path] = new
        return
    if new.text.strip() in old.text:
        return
    before, after = addresses(old.text), addresses(new.text)
    if not path.endswith(".tf") or (before and before <= after):
        assembly.note(f"`{assembly.name}` gives `{path}` more than once; the last version is read.")
        assembly.files[path] = new
    elif after and after <= before and not new.fragment and depth(old.text.split("\n")) == 0:
        assembly.snippets.append(new)
        assembly.note(f"`{assembly.name}` repeats a part of `{path}` later on; the complete version is read.")
    else:
        assembly.files[path] = joined(old, new)


def joined(old: SourceFile, new: SourceFile) -> SourceFile:
    """Return a file with another piece behind it."""
    height = old.text.count("\n")
    pieces = old.pieces or ((1, old.first_line),)
    return replace(old, text=old.text + new.text, fragment=old.fragment or new.fragment, pieces=(*pieces, (height + 1, new.first_line)))


def _unfenced(assembly: _Assembly, text: str) -> bool:
    """Read a document without fences: the regions that are HCL, under the file names that stand before them.

    Returns:
        Whether the document ends inside the last of them.
    """
    lines: tuple[str, ...] = ()
    for path, first, lines in regions(text):
        block = Block("hcl", "hcl", lines, first, "", "", True)
        _add(assembly, block, path)
    if assembly.files:
        assembly.note(f"`{assembly.name}` has no code fences; its Terraform blocks were recognised by their headers.")
    return depth(lines) > 0
