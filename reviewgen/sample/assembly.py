"""The files of an answer while it is read: what each block adds to them, and what is said about that."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Container, Iterator, Sequence, Set
from dataclasses import field, replace
from functools import lru_cache

from reviewgen.model.source import SourceFile
from reviewgen.records import dataclass

from .fences import Block, Depth, depth

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
_HEAD_OF_DOTS = re.compile(r"[#/\s]*[\w-]+(?:\s+\"[\w.-]+\"){0,2}\s*=?\s*\{\s*(?:\.{3}|…)\s*\}")
_BARE_DOTS = re.compile(r"^\s*(?:\.{3}|…)\s*$")
_FIRST_WORD = re.compile(r"\s*([\w-]+)")
_LETTER = re.compile(r"[^\W_]")
_WORD = re.compile(r"[a-z0-9]{3,}")
_ADDRESS = re.compile(r'^(resource|data|variable|output|module|provider)\s+"?([\w-]+)"?(?:\s+"?([\w-]+)"?)?\s*\{', re.MULTILINE)

# What each module declares for itself, whatever the others do.
_OF_A_MODULE = ("variable ", "output ", "provider ")
# Code without a name that declares so much of what is declared elsewhere is a draft of it, a passage, or an example of use.
REPEATED = 0.5
_LEAVES_OUT = "`{}` of `{}` leaves parts out by a placeholder; only what it shows is read."
# How a heading calls what comes to a file that exists already: ``variables.tf (additional variables)``.
_ADDITIONAL = re.compile(r"\((?:additional\b|additions?\b)[^()]*\)\W*$", re.IGNORECASE)
_COMES_TO_IT = (
    "`{}` calls what it gives of `{}` additional; what else that file may hold is not known, "
    "and that something is not declared is said of what is given."
)
_LATER = "`{}` gives code without a file name that it declares once more later on; the later version is read."


@dataclass
class Assembly:
    """The files found so far, in order of appearance; the only mutable thing of the loader.

    Attributes:
        name: What the review calls the document.
        files: The files by path.
        snippets: Passages that belong to no file.
        notes: What was assumed.
        unnamed: Paths of the files that the document gives no name.
        counted: How many such files there were, by directory.
        last: The file that the last block of code with a name is, or is a part of.
        of_each: Files that each of several directories is to have, under their bare names; they stand in no one directory.
        delivered: The files in the directories that the document names, where they are read as one; see ``layout``.
        drafts: Files of the thoughts before an answer, which the answer gives anew.
        looked: What was found in the files, by what was looked for and path, with the text that was looked through.
    """

    name: str
    files: dict[str, SourceFile] = field(default_factory=dict)
    snippets: list[SourceFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    last: str = ""
    of_each: list[SourceFile] = field(default_factory=list)
    delivered: tuple[SourceFile, ...] = ()
    drafts: list[SourceFile] = field(default_factory=list)
    looked: dict[tuple[Callable[[str], Set[str]], str], tuple[str, Set[str]]] = field(default_factory=dict)

    def note(self, text: str) -> None:
        """Say something once."""
        if text not in self.notes:
            self.notes.append(text)

    def of_file(self, path: str, look: Callable[[str], Set[str]]) -> Set[str]:
        """Return what is found in the text of one of the files; each text is looked through once. Nobody changes the answer."""
        text = self.files[path].text
        seen = self.looked.get((look, path))
        if seen is None or seen[0] is not text:
            seen = self.looked[look, path] = text, look(text)
        return seen[1]

    def declares(self, path: str) -> Set[str]:
        """Return what one of the files found so far declares; see ``addresses``."""
        return self.of_file(path, addresses)

    def known(self) -> set[str]:
        """Return what the files found so far declare."""
        return set().union(*map(self.declares, self._code()))

    def sets(self, name: str) -> bool:
        """Whether one of the files found so far has a setting; see ``settings``."""
        return any(name in self.of_file(path, settings) for path in self._code())

    def _code(self) -> list[str]:
        return [path for path in self.files if path.endswith(".tf")]

    def beside(self, *, named: bool = False) -> set[str]:
        """Return what code without a name may give once more; of each module but the top, variables, outputs and providers are its own matter.

        Args:
            named: Whether only the files with names count.
        """
        unnamed = frozenset(self.unnamed)
        paths = self._code()
        top = min((_deep(path) for path in paths if path not in unnamed), default=0)
        found: set[str] = set()
        for path in paths:
            if not named or path not in unnamed:
                known = self.declares(path)
                found |= known if _deep(path) <= top else {address for address in known if not address.startswith(_OF_A_MODULE)}
        return found

    def next_name(self, directory: str = "") -> str:
        """Return the path of one more file without a name in a directory: ``main.tf``, ``main-2.tf``."""
        first = posixpath.join(directory, "main.tf")
        counted = self.counted.get(directory, 0)
        self.counted[directory] = counted + (2 if not counted and first in self.files else 1)
        free = first not in self.files and not any(posixpath.dirname(name) == directory for name in self.unnamed)
        path = first if free else posixpath.join(directory, f"main-{self.counted[directory]}.tf")
        self._read_as([*self.unnamed, path])
        return path

    def make_way(self, path: str) -> None:
        """Give code that is read as a file of our own naming another name, for the document names that file now."""
        if path in self.unnamed:
            other = self.next_name(posixpath.dirname(path))
            self.files = {
                other if name == path else name: replace(file, path=other) if name == path else file for name, file in self.files.items()
            }
            self._read_as([other if name == path else name for name in self.unnamed if name != other])

    def _read_as(self, unnamed: list[str]) -> None:
        """Say as what the files without a name are read, instead of what was said before."""
        said = unnamed_notes(self.name, self.unnamed)
        place = next((position for position, note in enumerate(self.notes) if note in said), len(self.notes))
        self.notes = [note for note in self.notes if note not in said]
        self.notes[place:place] = unnamed_notes(self.name, unnamed)
        self.unnamed = unnamed

    def give_way(self, again: Set[str]) -> None:
        """Take out of the files without a name what stands once more later on."""
        for path in [name for name in self.unnamed if "/" not in name and self.declares(name) & again]:
            self.files[path] = without(replace(self.files[path], fragment=True), again)
        self.note(_LATER.format(self.name))

    def set_aside(self, path: str) -> None:
        """Take a file without a name for a passage: what it declares is declared elsewhere once more."""
        self.take_for_passage(path)
        self._read_as([name for name in self.unnamed if name != path])
        self.note(_LATER.format(self.name))

    def take_for_passage(self, path: str) -> None:
        """Read a file as a passage of another one: what it leaves out, that other one may show."""
        self.snippets.append(self.files.pop(path))
        self.notes = [note for note in self.notes if note != _LEAVES_OUT.format(path, self.name)]


def _deep(path: str) -> int:
    """Return in how many directories a file stands; ``lib/`` is the top of the tree wherever it is."""
    return path.removeprefix("lib/").count("/")


@lru_cache(maxsize=64)  # it is asked of each block of a document several times
def addresses(text: str) -> frozenset[str]:
    """Return what top-level headers in a text declare, as ``type name`` words."""
    return frozenset(_address(m) for m in _ADDRESS.finditer(text))


def _address(header: re.Match[str]) -> str:
    return " ".join(filter(None, header.groups()))


def settings(text: str) -> set[str]:
    """Return what stands in the ``locals`` and ``terraform`` blocks of a text: ``locals.tags``, ``terraform.backend``."""
    found: set[str] = set()
    if "locals" not in text and "terraform" not in text:
        return found
    counter = Depth()
    inside = ""
    for line in text.split("\n"):
        if counter.open == 0:
            inside = next((kind for kind in ("locals", "terraform") if line.startswith(kind)), "")
        elif inside and counter.open == 1 and (name := _FIRST_WORD.match(line)):
            found.add(f"{inside}.{name[1]}")
        counter.add(line)
    return found


def add_snippet(assembly: Assembly, block: Block) -> None:
    """Keep a block that belongs to no file."""
    assembly.snippets.append(source(assembly, block, f"snippet-{len(assembly.snippets) + 1}.tf"))


def source(assembly: Assembly, block: Block, path: str) -> SourceFile:
    """Return a block as a file; dots that stand for code are taken out, and make it a fragment."""
    # Most lines have none of the marks by which something is left out.
    doubtful = [n for n, line in enumerate(block.lines) if "#" in line or "//" in line or "..." in line or "…" in line]
    lines = list(block.lines)
    for number in doubtful:
        if _BARE_DOTS.match(lines[number]):
            lines[number] = ""
    fragment = any(_leaves_out(block.lines[number]) and not _heads(block.lines, number) for number in doubtful)
    return SourceFile(path, "\n".join(lines).rstrip("\n") + "\n", assembly.name, block.first_line, fragment)


def _leaves_out(line: str) -> bool:
    """Whether a line stands for code that is not given: ``...`` alone, or a comment such as ``# ... unchanged``."""
    mark = _COMMENT.search(line)
    dots = _DOTS_IN_BRACES.search(line)
    if dots and (mark is None or mark.start() > dots.start() or _HEAD_OF_DOTS.match(line, mark.end())):
        return True  # in a comment only what is code but for the dots: words may speak of ``merge(var.tags, {...})``
    if mark is None:
        return line.strip().removeprefix("/*").strip() == "..."
    words = line[mark.end() :].lstrip("#/")
    behind = _ELLIPSIS.search(words)
    return words.strip() == "..." or _SAME_AS_BEFORE.search(words) is not None or bool(behind and _LEFT_OUT.search(behind[1]))


def _heads(lines: Sequence[str], number: int) -> bool:
    """Whether a comment that calls something unchanged stands right above it: ``# Route tables (unchanged)`` above a route table."""
    said = lines[number].lower()
    header = _ADDRESS.match(next((line for line in lines[number + 1 :] if _LETTER.search(line)), ""))
    if header is None or "unchanged" not in said or _ELLIPSIS.search(said):
        return False
    kind, *labels = filter(None, header.groups())
    # That a type is one of AWS, or a block a resource, says nothing of which one.
    named = {*labels[-1].lower().split("_"), *(labels[0].lower().split("_")[1:] if kind in ("resource", "data") else ())}
    return any(word in named or word.removesuffix("s") in named for word in _WORD.findall(said))


def add(assembly: Assembly, block: Block, path: str) -> None:
    """Add a block to its file: appended when it brings other addresses, instead of the earlier version when it repeats them."""
    new = source(assembly, block, path)
    if new.fragment and path.endswith(".tf"):
        assembly.note(_LEAVES_OUT.format(path, assembly.name))
    old = assembly.files.get(path)
    if old is None:
        assembly.files[path] = new
        if path.endswith(".tf") and any(_ADDITIONAL.search(line) for line in (block.title, block.heading) if path in line):
            assembly.note(_COMES_TO_IT.format(assembly.name, path))
        return
    if new.text.strip() in old.text:
        return
    before, after = addresses(old.text), addresses(new.text)
    # One provider may have several configurations.
    again = {address for address in before & after if not address.startswith("provider ")}
    if not path.endswith(".tf") or (before and before <= after and not _reminds(old, new)):
        if not path.endswith(".md"):
            assembly.note(f"`{assembly.name}` gives `{path}` more than once; the last version is read.")
        assembly.files[path] = new
    elif after and (after <= before or _reminds(old, new)) and not new.fragment and depth(old.text.split("\n")) == 0:
        assembly.snippets.append(new)
        assembly.note(f"`{assembly.name}` shows a part of `{path}` once more, with other lines; the complete version is read.")
    else:
        if again:
            assembly.note(f"`{assembly.name}` declares parts of `{path}` more than once; the last version of each is read.")
            old = without(old, again)
        assembly.files[path] = joined(old, new) if old.text else new


def _reminds(old: SourceFile, new: SourceFile) -> bool:
    """Whether a much shorter version declares the same and has none of the settings any more: it says what the file needs, not all it holds."""
    return (
        len(new.text) < REPEATED * len(old.text) and addresses(new.text) <= addresses(old.text) and settings(new.text) < settings(old.text)
    )


def without(file: SourceFile, repeated: Container[str]) -> SourceFile:
    """Return a file without the blocks that declare some addresses; their lines stay, empty: a place in what is left is its place in the answer."""
    lines = file.text.rstrip("\n").split("\n")
    for start, end in _spans(file.text, lines, repeated):
        lines[start:end] = [""] * (end - start)
    text = "\n".join(lines) + "\n"
    return replace(file, text=text) if text.strip() else replace(file, text="", pieces=())


def _spans(text: str, lines: list[str], wanted: Container[str]) -> Iterator[tuple[int, int]]:
    """Yield the lines, from the first up to but not including the last, of the blocks that declare some addresses."""
    headers: list[tuple[int, str]] = []
    line = seen = 0
    for header in _ADDRESS.finditer(text):
        line += text.count("\n", seen, header.start())
        seen = header.start()
        headers.append((line, _address(header)))
    for position, (start, address) in enumerate(headers):
        if address in wanted:
            bound = headers[position + 1][0] if position + 1 < len(headers) else len(lines)
            counter = Depth()
            end = next((n for n in range(start, bound) if counter.add(lines[n]) <= 0), bound - 1)
            yield start, end + 1


def joined(old: SourceFile, new: SourceFile) -> SourceFile:
    """Return a file with another piece behind it."""
    height = old.text.count("\n")
    pieces = old.pieces or ((1, old.first_line),)
    return replace(old, text=old.text + new.text, fragment=old.fragment or new.fragment, pieces=(*pieces, (height + 1, new.first_line)))


def unnamed_notes(name: str, paths: Sequence[str]) -> list[str]:
    """Return what is said of the code without a file name that is read as some files."""
    return [
        *(f"`{name}` shows code with no file name at it; it is read as `{path}`." for path in paths[:1]),
        *(
            f"`{name}` shows more code with no file name at it; each piece is read as a file of its own, from `{path}` on."
            for path in paths[1:2]
        ),
    ]
