"""Regular expressions as Terraform reads them: the syntax of Go's ``regexp/syntax`` package with Perl's classes and flags.

``parse`` follows that package's parser: what it takes and in which words it refuses, so lookarounds and backreferences are errors. Names of Unicode
classes are not known here: any is taken, and what has one is not matched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from reviewgen.records import dataclass
from reviewgen.terraform.schema.types import DYNAMIC, STRING, Type
from reviewgen.terraform.validate.evaluation.refusal import Refused
from reviewgen.terraform.validate.evaluation.value import Value

from . import matching
from .matching import Alternatives, Chain, Characters, Edge, Node, Opaque, Ranges, Repeat

_MOST = 1000  # repetitions
_DEEPEST = 100
_NAME = re.compile(r"\w+", re.ASCII)
_COUNT = re.compile(r"\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}")
_FLAGS = re.compile(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_BAD_FLAGS = re.compile(r"\(\?[imsU]*(?:-[imsU]*)?")
_OCTAL = re.compile(r"[1-7][0-7]{1,2}|0[0-7]{0,2}")
_HEX = re.compile(r"x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})")
_BAD_HEX = re.compile(r"x(?:\{[0-9a-fA-F]*.?|.?.?)", re.DOTALL)
_CONTROL = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LAST = "\U0010ffff"
_DIGIT: Ranges = (("0", "9"),)
_WORD: Ranges = (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
_BLANK: Ranges = (("\t", "\n"), ("\f", "\r"), (" ", " "))
_PERL = {"d": _DIGIT, "w": _WORD, "s": _BLANK}
_POSIX: dict[str, Ranges] = {
    "alnum": (("0", "9"), ("A", "Z"), ("a", "z")),
    "alpha": (("A", "Z"), ("a", "z")),
    "ascii": (("\0", "\x7f"),),
    "blank": (("\t", "\t"), (" ", " ")),
    "cntrl": (("\0", "\x1f"), ("\x7f", "\x7f")),
    "digit": _DIGIT,
    "graph": (("!", "~"),),
    "lower": (("a", "z"),),
    "print": ((" ", "~"),),
    "punct": (("!", "/"), (":", "@"), ("[", "`"), ("{", "~")),
    "space": (("\t", "\r"), (" ", " ")),
    "upper": (("A", "Z"),),
    "word": _WORD,
    "xdigit": (("0", "9"), ("A", "F"), ("a", "f")),
}
_EDGES = {"A": "start", "z": "end", "b": "word", "B": "inside"}


class BadPattern(Exception):
    """A pattern that Go does not take: what is wrong, and the part of the pattern that is."""

    def __init__(self, code: str, part: str) -> None:
        """Keep both."""
        super().__init__(code)
        self.code = code
        self.part = part


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that was read; ``groups`` are the names of its capturing groups, None for one without."""

    node: Node
    groups: tuple[str | None, ...]

    @property
    def matched(self) -> Type:
        """The type of a match: a text, or the groups by place or by name."""
        names = [name for name in self.groups if name]
        if names:
            return Type("object", attributes=dict.fromkeys(names, STRING))
        return Type("tuple", items=(STRING,) * len(self.groups)) if self.groups else STRING


class _Parser:
    """Reads a pattern from left to right; ``flags`` are those in force."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.flags = frozenset[str]()
        self.groups: list[str | None] = []
        self.depth = 0

    def rest(self) -> str:
        return self.pattern[self.at :]

    def alternatives(self) -> Node:
        """Read up to the closing parenthesis or the end."""
        branches = [self._branch()]
        while self.rest().startswith("|"):
            self.at += 1
            branches.append(self._branch())
        return branches[0] if len(branches) == 1 else Alternatives(tuple(branches))

    def _branch(self) -> Node:
        items: list[Node] = []
        repeated = -1  # where the repetition began that ended right here
        while self.at < len(self.pattern) and self.pattern[self.at] != "|":
            begin, character = self.at, self.pattern[self.at]
            count = _COUNT.match(self.pattern, begin) if character == "{" else None
            if character in "*+?" or count:
                items, repeated = self._repeat(items, count, repeated), begin
                continue
            if character == ")" and self.depth:
                break
            if character == ")":
                raise BadPattern("unexpected )", self.pattern)
            found = self._item(character)
            items += [found] if found is not None else []
            repeated = -1
        return Chain(tuple(items))

    def _repeat(self, items: list[Node], count: re.Match[str] | None, repeated: int) -> list[Node]:
        begin = self.at
        least, most = _counts(count, self.pattern[begin])
        self.at = count.end() if count else begin + 1
        if count and (least > _MOST or (most is not None and (most > _MOST or most < least))):
            raise BadPattern("invalid repeat count", self.pattern[begin : self.at])
        self.at += self.rest().startswith("?")
        if repeated >= 0:
            raise BadPattern("invalid nested repetition operator", self.pattern[repeated : self.at])
        if not items:
            raise BadPattern("missing argument to repetition operator", self.pattern[begin : self.at])
        node = Repeat(items[-1], least, most)
        if count and matching.copies(node) > _MOST:
            raise BadPattern("invalid repeat count", self.pattern[begin : self.at])
        return [*items[:-1], node]

    def _item(self, character: str) -> Node | None:
        """Read one thing that can be repeated; None for flags, which match nothing."""
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        self.at += 1
        if character in "^$":
            edge = "start" if character == "^" else "end"
            return Edge(f"line {edge}" if "m" in self.flags else edge)
        if character == ".":
            return Characters((("\0", _LAST),) if "s" in self.flags else (("\0", "\t"), ("\v", _LAST)))
        return self._literal(character)

    def _literal(self, character: str) -> Node:
        return Characters(((character, character),), fold="i" in self.flags)

    def _group(self) -> Node | None:
        rest, before = self.rest(), self.flags
        if not rest.startswith("(?"):
            self.groups.append(None)
            self.at += 1
        elif (len(rest) > 4 and rest.startswith("(?P<")) or (len(rest) > 3 and rest.startswith("(?<")):
            self._named(rest)
        else:
            flags = _FLAGS.match(rest)
            if flags is None:
                bad = _BAD_FLAGS.match(rest)
                raise BadPattern("invalid or unsupported Perl syntax", rest[: bad.end() + 1] if bad else rest)
            self.at += flags.end()
            self.flags = (self.flags | set(flags[1])) - set(flags[2] or "")
            if flags[3] == ")":
                return None
        node = self._inside()
        self.flags = before
        return node

    def _named(self, rest: str) -> None:
        end = rest.find(">")
        if end < 0:
            raise BadPattern("invalid named capture", rest)
        name = rest[rest.index("<") + 1 : end]
        if not _NAME.fullmatch(name):
            raise BadPattern("invalid named capture", rest[: end + 1])
        self.groups.append(name)
        self.at += end + 1

    def _inside(self) -> Node:
        self.depth += 1
        node = self.alternatives()
        if not self.rest().startswith(")"):
            raise BadPattern("missing closing )", self.pattern)
        self.at += 1
        self.depth -= 1
        return node

    # ---- classes and escapes

    def _class(self) -> Node:
        whole = self.rest()
        self.at += 1
        negated = self.rest().startswith("^")
        self.at += negated
        first, known, ranges = True, True, list[tuple[str, str]]()
        while first or not self.rest().startswith("]"):
            first = False
            part = self._part_of_class(whole)
            known = known and part is not None
            ranges.extend(part or ())
        self.at += 1
        return Characters(tuple(ranges), negated, "i" in self.flags) if known else Opaque()

    def _part_of_class(self, whole: str) -> Ranges | None:
        """Read a named class, an escaped one, a character or a range; None for a class that is not known here."""
        rest = self.rest()
        end = rest.find(":]", 2) if rest.startswith("[:") else -1
        if end >= 0:
            return self._posix(rest[: end + 2])
        if rest[:1] == "\\" and rest[1:2] in ("p", "P"):
            self._unicode()
            return None
        if rest[:1] == "\\" and rest[1:2].lower() in _PERL:
            self.at += 2
            ranges = _PERL[rest[1].lower()]
            return _inverted(ranges) if rest[1].isupper() else ranges
        low = high = self._character(whole)
        following = self.rest()
        if following.startswith("-") and len(following) > 1 and following[1] != "]":
            self.at += 1
            high = self._character(whole)
            if high < low:
                raise BadPattern("invalid character class range", rest[: len(rest) - len(self.rest())])
        return ((low, high),)

    def _posix(self, name: str) -> Ranges:
        self.at += len(name)
        negated = name[2] == "^"
        found = _POSIX.get(name[2 + negated : -2])
        if found is None:
            raise BadPattern("invalid character class range", name)
        return _inverted(found) if negated else found

    def _character(self, whole: str) -> str:
        rest = self.rest()
        if not rest:
            raise BadPattern("missing closing ]", whole)
        if rest[0] == "\\":
            return self._escaped()
        self.at += 1
        return rest[0]

    def _unicode(self) -> None:
        """Step over a class of Unicode, which is not known here."""
        rest = self.rest()
        end = 2 if len(rest) > 2 and rest[2] != "{" else rest.find("}")
        if end < 0:
            raise BadPattern("invalid character class range", rest)
        self.at += end + 1

    def _escape(self) -> Node:
        rest = self.rest()
        letter = rest[1:2]
        if letter in _EDGES:
            self.at += 2
            return Edge(_EDGES[letter])
        if letter == "Q":
            text, ended, _ = rest[2:].partition("\\E")
            self.at += 2 + len(text) + len(ended)
            return Chain(tuple(map(self._literal, text)))
        if letter in ("p", "P"):
            self._unicode()
            return Opaque()
        if letter.lower() in _PERL:
            self.at += 2
            return Characters(_PERL[letter.lower()], negated=letter.isupper())
        return self._literal(self._escaped())

    def _escaped(self) -> str:
        """Read an escape that stands for one character."""
        rest = self.rest()
        letter = rest[1:2]
        if not letter:
            raise BadPattern("trailing backslash at end of expression", "")
        octal, hexadecimal = _OCTAL.match(rest, 1), _HEX.match(rest, 1)
        if octal:
            self.at += octal.end()
            return chr(int(octal[0], 8))
        if hexadecimal and int(hexadecimal[1] or hexadecimal[2], 16) <= ord(_LAST):
            self.at += hexadecimal.end()
            return chr(int(hexadecimal[1] or hexadecimal[2], 16))
        if letter in _CONTROL or (letter.isascii() and not letter.isalnum()):
            self.at += 2
            return _CONTROL.get(letter, letter)
        bad = _BAD_HEX.match(rest, 1) if letter == "x" else None
        raise BadPattern("invalid escape sequence", rest[: bad.end() if bad else 2])


def _counts(count: re.Match[str] | None, character: str) -> tuple[int, int | None]:
    if count is None:
        return (1, None) if character == "+" else (0, None if character == "*" else 1)
    least = int(count[1])
    return least, (int(count[3]) if count[3] else None) if count[2] else least


def _inverted(ranges: Ranges) -> Ranges:
    """Return the characters that ranges in ascending order leave out."""
    low, found = 0, list[tuple[str, str]]()
    for first, last in ranges:
        if low < ord(first):
            found.append((chr(low), chr(ord(first) - 1)))
        low = ord(last) + 1
    return (*found, (chr(low), _LAST))


def parse(pattern: str) -> Pattern | None:
    """Return a pattern, None for one that is nested too deeply to be read here.

    Raises:
        BadPattern: Go does not take it.
    """
    if pattern.count("(") > _DEEPEST:
        return None
    parser = _Parser(pattern)
    node = parser.alternatives()
    return Pattern(node, tuple(parser.groups))


def _pattern(text: str) -> Pattern | None:
    try:
        found = parse(text)
    except BadPattern as bad:
        raise Refused(f"invalid regexp pattern: {bad.code} in {bad.part}", 0) from None
    if found is not None and len({name is None for name in found.groups}) > 1:
        raise Refused("invalid regexp pattern: cannot mix both named and unnamed capture groups", 0)
    return found


def result(name: str, pattern: str) -> Type:
    """Return the type of what ``regex`` or ``regexall`` returns for a pattern that Go takes."""
    read = _pattern(pattern)
    found = read.matched if read is not None else DYNAMIC
    return found if name == "regex" else Type("list", found)


def _shape(arguments: Sequence[Value]) -> None:
    if isinstance(arguments[0].data, str):
        _pattern(arguments[0].data)


def _regex(pattern: str, text: str) -> None:
    read = _pattern(pattern)
    if read is None or ("(?" in pattern and not (pattern + text).isascii()):
        return  # how Unicode folds letters is not known here
    if matching.matches(read.node, text) is False:
        raise Refused("pattern did not match any part of the given string")


def _replace(_text: str, part: str, _by: str) -> None:
    if len(part) > 1 and part[0] == part[-1] == "/":
        try:
            parse(part[1:-1])
        except BadPattern as bad:
            raise Refused(f"error parsing regexp: {bad.code}: `{bad.part}`") from None


SHAPES: dict[str, Callable[[Sequence[Value]], None]] = {"regex": _shape, "regexall": _shape}
CHECKS: dict[str, Callable[..., None]] = {"regex": _regex, "replace": _replace}
