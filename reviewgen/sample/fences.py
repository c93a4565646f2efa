"""Markdown to code blocks, as a careful person reads it.

CommonMark decides fences line by line; answers of language models break its rules: fences that are never closed, closed behind code,
doubled, or nested in each other. A parser that follows the rules would lose the code, so these few rules are our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from itertools import takewhile

from reviewgen.records import dataclass

from .names import BRANCH, PATH, in_line

_FENCE = re.compile(r"^([ \t]{0,12}(?:>\s?)?)(`{3,}|~{3,})[ \t]*([^`]*)$")
_GLUED = re.compile(r"^(.*[\]})\"\w])\s*(`{3,}|~{3,})\s*$")
_HEADING = re.compile(r"^\s{0,3}(?:#{1,6}\s|\*\*[^*]+\*\*:?\s*$)")
# An escape outside of a text is none, but it keeps a line full of them from being looked through once for each.
_QUOTED = re.compile(r'\\.|"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"(?:^|\s)(?:#|//).*")
_HEREDOC = re.compile(r"<<[-~]?\s*\"?([A-Za-z_]\w*)\"?\s*$")
_WAY = re.compile(r"(#*)[\s*\d.)]*((?:File|Path)?)", re.IGNORECASE)
_NEAR = 40
# No drawn tree of directories has more lines.
_TALLEST = 120
MARKDOWN = frozenset(["markdown", "md", "mdx"])
_CONTINUED = re.compile(
    r"^\s*(?:I.ll|I will|Let me|Here(?:.s| is) the)\s+(?:now\s+)?(?:continue|continuation|complete the rest)\b|^\s*Continuing\b", re.I
)
HEADER = re.compile(
    r"^[ \t]*(?:resource|data|variable|output|provider|module|terraform|locals|moved|import|removed|check|ephemeral)\b"
    r"(?:[ \t]+(?:\"[^\"\n]*\"|[\w-]+)){0,2}[ \t]*\{",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        language: First word of the info string, lower case.
        info: The info string.
        lines: The content, without the fences, indentation of the fence taken off.
        first_line: Line of the document on which the content begins.
        title: The last line with text before the block, unless another block stands between.
        heading: The last heading before the block.
        closed: Whether the fence was closed.
        headed: Whether no other block stands between the heading and the block.
        directory: The directory whose section the block stands in, where a heading names one; see ``sections``.
    """

    language: str
    info: str
    lines: tuple[str, ...]
    first_line: int
    title: str
    heading: str
    closed: bool
    headed: bool = False
    directory: str = ""

    @property
    def text(self) -> str:
        """The content as text."""
        return "\n".join(self.lines)


class Depth:
    """Counts the braces and brackets that are open, line by line; strings, comments and heredocs do not count."""

    def __init__(self) -> None:
        self.open = 0
        self._mark = ""

    def add(self, line: str) -> int:
        """Take one more line and return how many are open at its end."""
        if self._mark:
            if line.strip() == self._mark:
                self._mark = ""
        elif _counts(line):
            bare = _QUOTED.sub("", line) if '"' in line or "\\" in line else line
            bare = _COMMENT.sub("", bare) if "#" in bare or "//" in bare else bare
            start = _HEREDOC.search(bare) if "<<" in bare else None
            if start:
                self._mark = start[1]
                bare = bare[: start.start()]
            self.open += bare.count("{") + bare.count("[") - bare.count("}") - bare.count("]")
        return self.open

    @property
    def heredoc(self) -> str:
        """The word that closes the heredoc in which the lines so far end, or nothing."""
        return self._mark

    def after(self, line: str) -> int:
        """Return what ``add`` would return, and take nothing."""
        other = Depth()
        other.open, other._mark = self.open, self._mark
        return other.add(line)


def _counts(line: str) -> bool:
    """Whether a line may change the depth; spelt out, for it is asked of each line of each document more than once."""
    return "{" in line or "}" in line or "[" in line or "]" in line or "<<" in line


def depth(lines: Iterable[str]) -> int:
    """Return how many braces and brackets are open at the end of HCL lines."""
    counter = Depth()
    for line in lines:
        counter.add(line)
    return counter.open


def ends_in_comment(lines: Iterable[str]) -> bool:
    """Whether HCL lines end in a comment that a line began with ``/*`` and nothing closes; Terraform reads no such file."""
    counter, inside = Depth(), False
    for line in lines:
        begins = not inside and not counter.heredoc and line.lstrip().startswith("/*")
        if begins or inside:
            inside = "*/" not in (line.partition("/*")[2] if begins else line)
        else:
            counter.add(line)
    return inside


def blocks(text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a document in order."""
    yield from _Scanner(text.split("\n")).scan()


@dataclass
class _Open:
    mark: str
    info: str
    indent: int
    first_line: int
    title: str
    heading: str
    headed: bool
    lines: list[str] = field(default_factory=list)
    nested: int = 0
    next_file: int = 0
    has_end: bool | None = None
    end: int | None = None
    opening: set[int] | None = None
    _depth: Depth = field(default_factory=Depth)
    _counted: int = 0

    def __post_init__(self) -> None:
        word = re.match(r"[\w+#.-]*", self.info.lower())
        self.language = word[0] if word else ""
        named = in_line(self.title) if self.title else None
        self.markdown = self.language in MARKDOWN or bool(named and named.endswith(".md") and not self.info)
        self.code = self.language in ("hcl", "terraform", "tf")

    def add(self, line: str) -> None:
        """Take one more line; a block without a language is code when a header stands near its beginning."""
        self.lines.append(line)
        if not self.code and not self.info and len(self.lines) <= _NEAR:
            self.code = HEADER.match(line) is not None

    def restart(self, first_line: int) -> None:
        """Begin again at a line, with nothing in it."""
        self.first_line, self.lines, self._depth, self._counted = first_line, [], Depth(), 0

    @property
    def depth(self) -> Depth:
        """How deep the code is at the end of the lines so far; counted when somebody asks, for that is rare."""
        for line in self.lines[self._counted :]:
            self._depth.add(line)
        self._counted = len(self.lines)
        return self._depth


class _Scanner:
    """One pass over the lines; holds the block that is open and the last words before it."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.open: _Open | None = None
        self.title = self.heading = ""
        self.headed = False
        self.lost = False

    def scan(self) -> Iterator[Block]:
        number = 0
        while number < len(self.lines):
            number += 1
            line = self.lines[number - 1]
            yield from self._outside(number, line) if self.open is None else self._inside(self.open, number, line)
            if number == len(self.lines) and self.open is not None and self.open.next_file:
                number = self._back(self.open) - 1
                yield self._close(self.open, closed=False)
        if self.open is not None:
            yield from self._rest(self.open)

    def _rest(self, current: _Open) -> Iterator[Block]:
        """Yield what is open at the end; a page of Markdown without a file's name, never closed, is the document itself: its fences are fences."""
        page = current.language in MARKDOWN and not in_line(current.title)
        if page and any(_FENCE.match(line) for line in current.lines):
            for block in _Scanner(current.lines).scan():
                yield replace(block, first_line=block.first_line + current.first_line - 1)
        else:
            yield self._close(current, closed=False)

    def _back(self, current: _Open) -> int:
        """Return the line at which a README that would take all of the rest ended; from there on each like heading ends one at once."""
        self.lost = True
        current.lines = current.lines[: current.next_file - current.first_line]
        return current.next_file

    def _outside(self, number: int, line: str) -> Iterator[Block]:
        match = _FENCE.match(line)
        if match:
            self._begin(number, match)
        elif line.strip():
            self.title = line
            if _HEADING.match(line):
                self.heading, self.headed = line, True
        yield from ()

    def _begin(self, number: int, match: re.Match[str]) -> None:
        self.open = _Open(match[2], match[3].strip(), len(match[1].expandtabs()), number + 1, self.title, self.heading, self.headed)

    def _inside(self, current: _Open, number: int, line: str) -> Iterator[Block]:
        marked = "```" in line or "~~~" in line
        match = _FENCE.match(line) if marked else None
        if match and match[2][0] == current.mark[0]:
            yield from self._fence(current, number, match)
            return
        glued = _GLUED.match(line) if marked and current.code else None
        if glued and glued[2][0] == current.mark[0] and current.depth.after(glued[1]) <= 0:
            current.add(glued[1])
            yield self._close(current, closed=True)
        elif self._names_next_file(current, number, line):
            yield self._close(current, closed=False)
            self.title = self.heading = line
            self.headed = True
        else:
            current.add(line)

    def _fence(self, current: _Open, number: int, match: re.Match[str]) -> Iterator[Block]:
        info = match[3].strip()
        if current.code and self._is_text(current, number):
            current.add(match[0])
        elif current.markdown:
            if info or (not current.nested and (self._tree_follows(number) or self._opens_inside(current, number))):
                current.nested += 1
            elif current.nested:
                current.nested -= 1
            elif len(match[2]) >= len(current.mark):
                yield self._close(current, closed=True)
                return
            current.add(match[0])
        elif not info and (len(match[2]) >= len(current.mark) or self._is_meant_as_end(current, number)):
            if not any(line.strip() for line in current.lines):
                # A second opening line right behind the first: the block begins here.
                current.restart(number + 1)
                if self._block_follows(number):
                    return
            yield self._close(current, closed=True)
        elif info and len(match[2]) >= 3 and not _looks_like_prose(info):
            if any(line.strip() for line in current.lines):
                yield self._close(current, closed=False)
            self._begin(number, match)
        else:
            current.add(match[0])

    def _is_text(self, current: _Open, number: int) -> bool:
        """Whether a fence stands in a heredoc of the code: further down the heredoc is closed, and the code is whole at the fence behind that.

        Of a header or another heredoc on the way nobody can tell whether they are text, too.
        """
        word = current.depth.heredoc
        following = self.lines[number : number + _TALLEST] if word else []
        end = next((n for n, line in enumerate(following) if line.strip() == word), None)
        if end is None or any(HEADER.match(line) or _HEREDOC.search(line) for line in following[:end]):
            return False
        behind = list(takewhile(lambda line: not _FENCE.match(line), following[end + 1 :]))
        return len(behind) < len(following) - end - 1 and current.depth.open + depth(behind) == 0

    def _is_meant_as_end(self, current: _Open, number: int) -> bool:
        """Whether a fence that is too short for the block's first line ends it: code stops there, and no long enough one follows."""
        if not current.code or current.depth.open > 0:
            return False
        if current.has_end is None:  # looked for once: the one that is found ends the block
            fences = (_FENCE.match(line) for line in self.lines[number:])
            current.has_end = any(f and f[2][0] == current.mark[0] and len(f[2]) >= len(current.mark) for f in fences)
        return not current.has_end

    def _tree_follows(self, number: int) -> bool:
        """Whether a drawn tree of directories fills the lines up to the next fence: what stands before it opens a block, in a page of Markdown, too."""
        end = next((n for n in range(number, min(number + _TALLEST, len(self.lines))) if _FENCE.match(self.lines[n])), number)
        return any(BRANCH.match(line) for line in self.lines[number:end])

    def _opens_inside(self, current: _Open, number: int) -> bool:
        """Whether a bare fence in a README opens a block there: up to the next fence with a language one is left over that closes it.

        Fences come in pairs. With an even number of bare ones between, this one ends the README, and they are blocks behind it.
        """
        if current.opening is None:  # told for all of them at once, from the last one back
            current.opening = set()
            between = -1
            for line in range(self._end(current, number) - 1, number - 2, -1):
                match = _FENCE.match(self.lines[line])
                if match and match[2][0] == current.mark[0] and match[3].strip():
                    between = 0
                elif match and match[2][0] == current.mark[0] and between >= 0:
                    current.opening |= {line} if between % 2 else set()
                    between += 1
        return number - 1 in current.opening

    def _end(self, current: _Open, number: int) -> int:
        """Return the index of the heading of the next file, up to which a README may go on; for a page that names no file, of this line."""
        if current.end is None:
            named = in_line(current.title) is not None
            following = range(number, len(self.lines)) if named else ()
            current.end = next(
                (n for n in following if self._names_file_alike(current, self.lines[n])), len(self.lines) if named else number
            )
        return current.end

    def _names_file_alike(self, current: _Open, line: str) -> bool:
        return line.startswith(("#", "*")) and in_line(line) is not None and _like(current.title, line)

    def _block_follows(self, number: int) -> bool:
        following = next((line for line in self.lines[number : number + 3] if line.strip()), "")
        return HEADER.match(following) is not None or (following.lstrip().startswith(("# ", "//")) and PATH.search(following) is not None)

    def _names_next_file(self, current: _Open, number: int, line: str) -> bool:
        """Whether a heading inside a block that was never closed begins the next file: it names one, and a fence follows.

        Of fences in a README nobody can tell which is open: there it must be a heading like the one of the README, and only counts when the
        README would not end otherwise.
        """
        if not line.startswith(("#", "**")):
            return False
        following = next((text for text in self.lines[number : number + 3] if text.strip()), "")
        match = _FENCE.match(following)
        if match is None or not match[3].strip() or in_line(line) is None:
            return False
        if current.markdown and not _like(current.title, line):
            return False
        if current.markdown:
            current.next_file = current.next_file or number
            return self.lost
        return not current.code or current.depth.open <= 0

    def _close(self, current: _Open, *, closed: bool) -> Block:
        self.open = None
        lines = list(current.lines)
        self.title = ""
        self.headed = False
        while not closed and lines and (_CONTINUED.match(lines[-1]) or not lines[-1].strip()):
            lines.pop()  # "I'll continue where I left off" behind code that was cut
        cut = current.indent
        stripped = tuple(line[min(cut, len(line) - len(line.lstrip(" \t"))) :] for line in lines) if cut else tuple(lines)
        return Block(current.language, current.info, stripped, current.first_line, current.title, current.heading, closed, current.headed)


def _like(title: str, line: str) -> bool:
    """Whether two headings name their files in one way: rank, and the word before the name."""
    ways = [_WAY.match(text.lstrip()) for text in (title, line)]
    return in_line(title) is not None and len({way.groups() for way in ways if way}) == 1


def _looks_like_prose(info: str) -> bool:
    return len(info.split()) > 6


def without_lines(block: Block, first: int, last: int) -> Block:
    """Return the part of a block from one of its lines (0-based) up to another."""
    return replace(block, lines=block.lines[first:last], first_line=block.first_line + first)
