"""Files that the code of an answer reads and that it gives in another way than its files: without a name, on a page of instructions, or in a comment."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from reviewgen.model.source import SourceFile

from .assembly import Assembly, source
from .fences import Block
from .names import PATH

# A pattern that begins with letters is found much faster: what stands before them is looked at behind them.
_READS = re.compile(r"file(?:(?<=\bfile)(?:base64)?|(?<=\btemplatefile))\(\s*\"(?:\$\{path\.module\}/)?(?P<path>[\w./-]+)\"")
_SHELL = re.compile(r"\.sh(?:\.(?:tpl|tftpl|tmpl))?$")
_INTERPRETER = re.compile(r"#!\s*/\S*(?:/|\benv\s+)(?:ba|da|k|z)?sh\b")
# A comment that holds a script, below a line that ends with a colon: ``# Create a file named 'start.sh' with this content:``.
_COMMENTED = re.compile(r"^[ \t]*(?:#|//)(?P<words>[^\n]*):[ \t]*\n[ \t]*/\*[ \t]*\n(?P<text>.*?)\n[ \t]*\*/", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"[a-z0-9]+")
_POLICY = re.compile(r"polic(?:y|ies)\b[\w-]*\.json$", re.IGNORECASE)


def take_nameless(assembly: Assembly, unnamed: Iterable[Block]) -> None:
    """Read scripts and policies without names as those that the code reads.

    Args:
        assembly: The files of the answer, in the directories in which they stand.
        unnamed: Blocks in other languages than HCL that no file name belongs to.
    """
    blocks = list(unnamed)
    _take_scripts(assembly, blocks)
    _take_policy(assembly, blocks)


def _take_policy(assembly: Assembly, unnamed: Iterable[Block]) -> None:
    """Read the one policy in JSON without a name as the one file of policies that the code reads and nobody gives."""
    policies = [block for block in unnamed if block.language == "json" and _is_policy(block.text)]
    paths = [path for path in read(assembly) if _POLICY.search(path) and path not in assembly.files]
    if len(policies) == len(paths) == 1 and not assembly.delivered:
        assembly.files[paths[0]] = source(assembly, policies[0], paths[0])
        assembly.note(f"`{assembly.name}` gives a policy without a file name; it is read as `{paths[0]}`, which the code reads.")


def _is_policy(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, dict) and "Statement" in value


def _take_scripts(assembly: Assembly, unnamed: Iterable[Block]) -> None:
    """Read a script without a name as the one that the code reads, when words above it say so.

    The heading has the words of that file's name, or the sentence before the script names the file: ``You need a `start.sh`. An example:``.
    """
    scripts = [block for block in unnamed if _INTERPRETER.match(block.text.lstrip())]
    if not scripts or assembly.delivered:
        return
    for path in sorted(path for path in read(assembly) if _SHELL.search(path) and path not in assembly.files):
        meant = [block for block in scripts if _is_meant(block, posixpath.basename(path))]
        if len(meant) == 1:
            assembly.files[path] = source(assembly, meant[0], path)
            assembly.note(f"`{assembly.name}` gives a script without a file name; it is read as `{path}`, which the code reads.")


def take_shown(assembly: Assembly, shown: Iterable[tuple[str, Block]]) -> None:
    """Read what a page of the answer has under a file's name as that file, when the code reads it and no file has that name.

    Args:
        assembly: The files of the answer, in the directories in which they stand.
        shown: The blocks in other languages than HCL on pages, such as a guide's, each with the file that it is named as.
    """
    for path, block in shown if not assembly.delivered else ():
        if block.closed and path in read(assembly) - assembly.files.keys():
            assembly.files[path] = source(assembly, block, path)
            assembly.note(f"`{assembly.name}` shows `{path}` on a page; it is read as the file of that name, which the code reads.")


def take_commented(assembly: Assembly) -> None:
    """Read a script that stands in a comment of the code as the file that the line above it names, when the code reads it and nobody gives it."""
    for path in sorted(read(assembly) - assembly.files.keys()) if not assembly.delivered else ():
        found = [(file, match) for file in assembly.files.values() if file.path.endswith(".tf") for match in _comments(file.text, path)]
        if len(found) == 1:
            file, match = found[0]
            line = file.origin_line(file.text.count("\n", 0, match.start("text")) + 1)
            assembly.files[path] = SourceFile(path, f"{match['text']}\n", assembly.name, line)
            assembly.note(f"`{assembly.name}` gives `{path}` in a comment of `{file.path}`, to be saved as a file; it is read as one.")


def _comments(text: str, path: str) -> Iterator[re.Match[str]]:
    """Yield the comments with a script below a line that names a file and no other."""
    for match in _COMMENTED.finditer(text) if _SHELL.search(path) else ():
        named = {posixpath.basename(name) for name in PATH.findall(match["words"])}
        if named == {posixpath.basename(path)} and _INTERPRETER.match(match["text"].lstrip()):
            yield match


def read(assembly: Assembly) -> set[str]:
    """Return the files that the code of an answer reads, by their paths in the tree."""
    return set(_read(assembly))


def _read(assembly: Assembly) -> Iterator[str]:
    for path, file in assembly.files.items():
        if path.endswith(".tf"):
            for read in _reads(file.text):
                yield posixpath.normpath(posixpath.join(posixpath.dirname(path), read))


@lru_cache(maxsize=64)  # it is asked of each file of an answer several times
def _reads(text: str) -> tuple[str, ...]:
    return tuple(match["path"] for match in _READS.finditer(text))


def _is_meant(block: Block, name: str) -> bool:
    """Whether the heading above a script, or the sentence before it, is about a file."""
    named = [posixpath.basename(path) for path in PATH.findall(block.title)] if block.title.rstrip().endswith(":") else []
    return named == [name] or _words(_SHELL.sub("", name)) <= _words(block.heading)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower().replace("_", " ")))
