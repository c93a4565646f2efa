"""A Markdown answer to the files of a tree, and what had to be assumed on the way."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from reviewgen.model.source import Document

from . import names
from .answer import answer_line, ended, over
from .assembly import REPEATED, Assembly, add, add_snippet, addresses, joined, settings, source, without
from .content import is_called_example, is_content, is_superseded, is_whole
from .fences import HEADER, MARKDOWN, Block, blocks, depth, ends_in_comment
from .homes import home
from .languages import HCL, languages, without_others
from .layout import settle
from .named import TREE_SUFFIXES, is_code, parts, path_of
from .numbered import labelled, skips_lines
from .scripts import read, take_commented, take_nameless, take_shown
from .sections import headed, placed
from .unfenced import is_cut_header, others, regions
from .usage import make_room

# What code without a file name is read as.
_NAMELESS = "main.tf"
_INSERT_HERE = re.compile(r"^\W*insert (?:here|the)\b[^\n]*$", re.IGNORECASE)


def is_placeholder(text: str) -> bool:
    """Whether a document was never written: ``Insert here the ...``."""
    return _INSERT_HERE.match(text.strip()) is not None


def read_markdown(text: str, name: str) -> Document:
    """Return what a Markdown document holds.

    Args:
        text: The normalised text.
        name: What the review calls the document.
    """
    if not text.strip():
        return Document(name, text, notes=(f"`{name}` is empty.",))
    fenced = list(blocks(text))
    between = _between(text, fenced)
    found = [part for block in sorted([*fenced, *between], key=lambda block: block.first_line) for part in parts(block)]
    answer = answer_line(text)
    found = list(headed(text, [ended(block, answer) for block in found], _is_meant, path_of))
    found = list(placed(text, list(labelled(text, found, path_of))))
    assembly = _assembled(name, [block for block in found if block.first_line >= answer])
    _tell_of_what_is_outside(assembly, {block.first_line for block in between if block.first_line >= answer})
    last = max(found, key=_end, default=None)
    truncated = last is not None and not last.closed and is_code(last) and _is_cut(last.lines)
    if answer:
        assembly = over(_assembled(name, [block for block in found if block.first_line < answer]), assembly, truncated)
    if not assembly.files and not any(b.language in HCL for b in found):
        truncated = _unfenced(assembly, without_others(text, found))
    if skips_lines(found):
        _take_as_passages(assembly)
    _tell_of_code_beside_fences(assembly, found)
    settle(assembly)
    take_nameless(assembly, (b for b in found if b.first_line >= answer and not is_code(b) and not path_of(b)))
    take_shown(assembly, _on_pages(b for b in found if b.first_line >= answer))
    take_commented(assembly)
    if last and not truncated and _ends_unclosed(text, last):
        assembly.note(f"`{name}` ends in the middle of a {_cut(last)}; it is reviewed as what it is, the beginning of an answer.")
    if truncated:
        assembly.note(f"`{name}` ends in the middle of a {_cut(last)}; what was complete before the cut is reviewed.")
    if not any(path.endswith(TREE_SUFFIXES) for path in assembly.files):
        why = "is a placeholder" if is_placeholder(text) else "contains no Terraform files"
        assembly.note(f"`{name}` {why}.")
    return Document(
        name,
        text,
        tuple(replace(file, unnamed=path in assembly.unnamed) for path, file in assembly.files.items()),
        tuple(assembly.snippets),
        tuple(assembly.notes),
        truncated,
        tuple(languages(text, found)),
        assembly.delivered,
        tuple(assembly.drafts),
    )


def _tell_of_what_is_outside(assembly: Assembly, lines: set[int]) -> None:
    """Note what became of code outside of all fences, which begins on some lines."""
    if lines - {passage.first_line for passage in assembly.snippets}:
        assembly.note(f"`{assembly.name}` gives code outside of its code fences, too; it is read like the rest.")
    elif lines:
        assembly.note(
            f"`{assembly.name}` shows code outside of its code fences, too; it is taken for a passage, not for a part of the tree."
        )


def _take_as_passages(assembly: Assembly) -> None:
    """Read the files of an answer whose numbered lines have gaps as what they are: passages of files."""
    assembly.files = {path: replace(file, fragment=path.endswith(".tf") or file.fragment) for path, file in assembly.files.items()}
    assembly.note(
        f"`{assembly.name}` numbers the lines of its passages, and leaves some out; only what it shows is read, and its lines are counted in that."
    )


def _tell_of_code_beside_fences(assembly: Assembly, found: Iterable[Block]) -> None:
    """Note headers on the lines that open fences."""
    for line, code in ((b.first_line - 1, _LANGUAGE.sub("", b.info).strip()) for b in found):
        if HEADER.match(code):
            assembly.note(
                f"`{assembly.name}` has `{code}` on the line that opens a fence (line {line}); there it is no code, and is not read."
            )


def _between(text: str, fenced: Sequence[Block]) -> list[Block]:
    """Return the stretches of HCL outside of the fences of a document whose fences hold HCL: a fence too many turns inside and outside around."""
    if not any(block.language in HCL for block in fenced):
        return []
    lines = text.split("\n")
    for block in fenced:
        start = block.first_line - 1
        lines[start : start + len(block.lines)] = [""] * len(block.lines)
    stretches = [Block("hcl", "hcl", part, first, "", "", True) for _, first, part in regions("\n".join(lines))]
    return [block for block in stretches if depth(block.lines) == 0 and any("{" in line for line in block.lines)]


def _on_pages(found: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    """Yield the blocks in other languages than HCL inside of pages of Markdown that have a file's name, with that name."""
    for page in found:
        for block in blocks(page.text) if page.language in MARKDOWN else ():
            if not is_code(block) and (path := path_of(block)):
                yield path, replace(block, first_line=page.first_line + block.first_line - 1)


def _assembled(name: str, found: Sequence[Block]) -> Assembly:
    assembly = Assembly(name)
    for position, block in enumerate(found):
        _take(assembly, block, found[position - 1] if position else None)
    return assembly


# The language at the beginning of an info string, to which code is glued.
_LANGUAGE = re.compile(r"^(?:hcl|terraform|tf)\s*(?=[a-z])", re.IGNORECASE)
# The head of a block whose brace is missing.
_HEAD = re.compile(r"\s*(?:resource|data|module|variable|output|provider|locals|terraform)\b[^={}#/]*$")


def _is_cut(lines: Sequence[str]) -> bool:
    """Whether code that is never closed ends inside of a block, or of a block's head."""
    last = next((line for line in reversed(lines) if line.strip()), "")
    return depth(lines) > 0 or _HEAD.match(last) is not None or ends_in_comment(lines)


def _cut(last: Block | None) -> str:
    return "comment" if last and is_code(last) and ends_in_comment(last.lines) else "block"


def _end(block: Block) -> int:
    return block.first_line - 1 + len(block.lines)


def _ends_unclosed(text: str, last: Block) -> bool:
    """Whether nothing stands behind the last code of a document, which breaks off although its fence is closed."""
    if not last.closed or not is_code(last) or not (depth(last.lines) > 0 or ends_in_comment(last.lines)):
        return False
    return not any(line.strip(" `~\t") for line in text.split("\n")[_end(last) :])


def _is_meant(block: Block) -> bool:
    return is_code(block) and not is_superseded(block)


def _take(assembly: Assembly, block: Block, before: Block | None) -> None:
    """Put one block where it belongs: a file, a part of the file before it, or a snippet."""
    lines = block.lines
    if not any(line.strip() for line in lines) or block.language in ("markdown", "md", "mermaid", "diff"):
        return
    if (name := names.several(block.title)) and not addresses(
        block.text
    ):  # settings that each of several directories is to have are no file
        assembly.of_each.append(source(assembly, block, name))
        add_snippet(assembly, block)
        return
    named = path_of(block)
    going_on = named is None and before is not None and _continues(before, block)
    if named is None and not going_on and block.heading:
        named = names.in_line(block.heading)
    if named is None and not going_on and is_superseded(block):
        add_snippet(assembly, block)
        return
    path = names.safe(f"{block.directory}/{named}" if block.directory and "/" not in named else named) if named else None
    if named and path is None:
        assembly.note(f"`{assembly.name}` names the file `{named}`, which lies outside of the tree; its code is not read.")
        return
    if going_on and assembly.files:
        path = next(reversed(assembly.files))
        assembly.note(f"The code of `{path}` is interrupted by text in `{assembly.name}`; both halves are read as one file.")
        assembly.files[path] = joined(assembly.files[path], source(assembly, block, path))
        return
    hcl = is_code(block)
    if path is None and hcl:
        _take_unnamed(assembly, block)
        return
    if path is not None and hcl and not path.endswith((*TREE_SUFFIXES, ".tfvars", ".hcl", ".example", ".tftpl", ".tpl", ".sh", ".json")):
        path = f"{path.rstrip('/')}/main.tf" if "." not in posixpath.basename(path) else path
    if path is None or not is_whole(assembly, block, path):
        if hcl or block.language in HCL:
            add_snippet(assembly, block)
        return
    if not is_content(assembly, block, path):
        return
    make_room(assembly, block.text, path)
    assembly.make_way(path)
    add(assembly, block, path)
    assembly.last = path if path.endswith(".tf") else assembly.last


_CALL = re.compile(r'^module\s+"', re.MULTILINE)


def _take_unnamed(assembly: Assembly, block: Block) -> None:
    """Read code without a name as a file of its own, unless most of it is declared already: an example of use, or a passage."""
    own = addresses(block.text)
    directory = home(assembly, block.text)
    if directory:
        path = assembly.next_name(directory)
        assembly.files[path] = source(assembly, block, path)
        return
    known: Set[str] = frozenset()
    if own:  # what declares nothing takes no place, and repeats nothing
        for path in [name for name in assembly.unnamed if "/" not in name and set() < assembly.declares(name) < own]:
            assembly.set_aside(path)
        known = assembly.beside()
    repeats = len(own & known) >= REPEATED * len(own) if own else _repeats_settings(assembly, block)
    wanted = _wanting(assembly, own, known) if repeats else []
    if not HEADER.search(block.text) or (repeats and not wanted):
        add_snippet(assembly, block)
        return
    if _is_example(assembly, block, own):
        add_snippet(assembly, block)
        assembly.note(
            f"`{assembly.name}` shows code without a file name that it calls an example or one of several ways; that is not read."
        )
        return
    again = own & known
    if again and not wanted:
        for path in [name for name in assembly.unnamed if "/" not in name]:
            before = assembly.declares(path)
            if before and len(before & own) >= REPEATED * len(before):
                assembly.set_aside(path)
        again = own & assembly.beside()
    if again and any(_CALL.search(text) for text in wanted):  # what is passed on to modules is an input of the root, which is compared
        assembly.give_way(again)
        again = frozenset()
    path = assembly.next_name()
    file = source(assembly, block, path)
    if again:
        assembly.note(
            f"`{assembly.name}` gives code without file names that declares some names more than once, so that parts may belong to "
            "directories of their own; what is declared once more is not read, nor is a piece that mostly repeats others."
        )
        file = without(replace(file, fragment=True), again)
    assembly.files[path] = file


def _wanting(assembly: Assembly, own: Set[str], known: Set[str]) -> list[str]:
    """Return the code that wants what a passage of nothing but input variables declares, and nothing else declares yet."""
    if not own or not all(address.startswith("variable ") for address in own):
        return []
    new = [re.compile(rf"(?<![\w.-])var\.{re.escape(a.removeprefix('variable '))}(?![\w-])") for a in own - known]
    texts = [file.text for path, file in assembly.files.items() if path.endswith(".tf")]
    return [text for text in texts if any(pattern.search(text) for pattern in new)]


def _is_example(assembly: Assembly, block: Block, own: Iterable[str]) -> bool:
    """Whether a passage beside named files is called an example or one of several ways, and nothing in those files needs it."""
    if not is_called_example(block):
        return False
    unnamed = set(assembly.unnamed)
    written = [file.text for path, file in assembly.files.items() if path.endswith(".tf") and path not in unnamed]
    references = (address.removeprefix("resource ").replace("variable ", "var ").replace(" ", ".") for address in own)
    used = [re.compile(rf"(?<![\w.-]){re.escape(reference)}(?![\w-])") for reference in references]
    return bool(written) and not any(pattern.search(text) for pattern in used for text in written)


def _repeats_settings(assembly: Assembly, block: Block) -> bool:
    """Whether a stretch that declares nothing holds only local values, or settings of Terraform, that are there already."""
    names = settings(block.text)
    return bool(names) and all(map(assembly.sets, names))


def _continues(before: Block, block: Block) -> bool:
    return is_code(before) and not before.closed and depth(before.lines) > 0 and (block.language in HCL or not block.language)


def _unfenced(assembly: Assembly, text: str) -> bool:
    """Read a document without fences for Terraform: the regions that are HCL, under the file names that stand before them.

    Returns:
        Whether the document ends inside the last of them.
    """
    lines: tuple[str, ...] = ()
    for path, first, lines in regions(text):
        block = Block("hcl", "hcl", lines, first, "", "", True)
        if not path and not assembly.unnamed:
            assembly.unnamed.append(_NAMELESS)
        add(assembly, block, path or _NAMELESS)
    for path, first, other in others(text, read(assembly)):
        assembly.files.setdefault(path, source(assembly, Block("", "", other, first, "", "", True), path))
    if assembly.files:
        assembly.note(f"`{assembly.name}` marks no Terraform by code fences; its blocks were recognised by their headers.")
    return depth(lines) > 0 or is_cut_header(lines[-1] if lines else "")
