"""Scripts that an answer gives without a file name, under a heading that says which of those they are that its code reads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from .assembly import Assembly, source
from .fences import Block

_READS = re.compile(r"\b(?:templatefile|filebase64|file)\(\s*\"(?:\$\{path\.module\}/)?(?P<path>[\w./-]+)\"")
_SHELL = re.compile(r"\.sh(?:\.(?:tpl|tftpl|tmpl))?$")
_INTERPRETER = re.compile(r"#!\s*/\S*(?:/|\benv\s+)(?:ba|da|k|z)?sh\b")
_WORD = re.compile(r"[a-z0-9]+")


def take_scripts(assembly: Assembly, unnamed: Iterable[Block]) -> None:
    """Read a script without a name as the one that the code reads, when the heading above it has the words of that file's name.

    Args:
        assembly: The files of the answer, in the directories in which they stand.
        unnamed: Blocks in other languages than HCL that no file name belongs to.
    """
    scripts = [block for block in unnamed if _INTERPRETER.match(block.text.lstrip())]
    if not scripts or assembly.delivered:
        return
    for path in sorted(set(_read(assembly)) - set(assembly.files)):
        meant = [block for block in scripts if _words(_SHELL.sub("", posixpath.basename(path))) <= _words(block.heading)]
        if len(meant) == 1:
            assembly.files[path] = source(assembly, meant[0], path)
            assembly.note(f"`{assembly.name}` gives a script without a file name; it is read as `{path}`, which the code reads.")


def _read(assembly: Assembly) -> Iterator[str]:
    """Yield the scripts that the code of an answer reads, by their paths in the tree."""
    for path, file in assembly.files.items():
        if path.endswith(".tf"):
            for match in _READS.finditer(file.text):
                if _SHELL.search(match["path"]):
                    yield posixpath.normpath(posixpath.join(posixpath.dirname(path), match["path"]))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower().replace("_", " ")))
