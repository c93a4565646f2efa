"""PROMPT line by line: headings, list items, table rows and paragraphs, with code left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum

from reviewgen.records import dataclass

from .words import asks


class Kind(Enum):
    """What a line is."""

    HEADING = "heading"
    NUMBERED = "numbered"
    BULLET = "bullet"
    ROW = "row"
    TEXT = "text"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or several that the author wrapped.

    Attributes:
        kind: What it is.
        line: 1-based number in PROMPT.
        indent: Columns before the mark.
        text: The words without list mark, heading mark and emphasis at both ends.
        number: The author's own number of a numbered line.
        level: Rank of a heading, 1 the highest; 0 for a numbered line that heads nothing.
        joints: Offsets in ``text`` at which the further lines begin that were joined.
    """

    kind: Kind
    line: int
    indent: int = 0
    text: str = ""
    number: str = ""
    level: int = 0
    joints: tuple[int, ...] = ()

    def line_at(self, offset: int) -> int:
        """Return the number of the line that an offset in ``text`` stands on."""
        return self.line + sum(joint <= offset for joint in self.joints)


# Ranks below those of Markdown's own six: a line that is all bold, a short line that only looks like a heading.
BOLD_LEVEL = 7
PLAIN_LEVEL = 8

_FENCE = re.compile(r"\s*(?:>\s*)*(`{3,}|~{3,})\s*([\w+-]*)")
_PROSE_FENCES = frozenset(["", "text", "txt", "markdown", "md", "plaintext"])
_MOSTLY = 0.5
# Lines that only code has: a block or list that opens at the end or closes alone, an assignment.
_CODE = re.compile(r"[{\[(]\s*$|^\s*[}\])]+,?\s*$|^\s*[\w.-]+\s*=\s*\S")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*)$")
_DIGITS = r"(\d{1,2}(?:\.\d{1,2}){0,3})"
_KEYCAP = r"\ufe0f\u20e3\.?"
# In headings the mark behind the number may be a colon or a dash, and a word may stand before it.
_NUMBER = re.compile(
    rf"(?:step\s+|requirement\s+|task\s+|part\s+|file\s+)?\(?{_DIGITS}"
    rf"(?:\\?\.{{1,2}}(?=\s|\*)|\\?\)|:|{_KEYCAP}|\s+[-\u2013\u2014](?=\s))\s*",
    re.I,
)
_PLAIN_NUMBER = re.compile(rf"\(?{_DIGITS}(?:\\?\.{{1,2}}(?=\s|\*\*|[A-Z])|\\?\)\.?(?=\s|\*)|{_KEYCAP})\s*")
_NESTED_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})\s+(?=[A-Z*`])")
_MARKS = r"[-*+\u2022\u2013\u25cf\u25aa\u25e6\u2023\u2043\u00b7\u2713\u2714\u2705\u27a4\u2192]"
_BULLET = re.compile(rf"(?:{_MARKS}|\(?[a-zA-Z][.)]|\(?[ivx]{{1,4}}[.)])\ufe0f?\s+(?:\[[ xX]?\]\s+)?")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$")
_SHORT = 7  # words in a line that may be a heading without mark
_SMALL = frozenset(["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "per", "the", "to", "via", "vs", "with"])


def scan(text: str) -> Iterator[Line]:
    """Yield the lines of a PROMPT in order; wrapped lines are joined, code in fences is left out."""
    pending: Line | None = None
    raw = list(_uncoded(text))
    width = max((len(content) for _, content in raw), default=0)
    last = ""
    for position, (number, content) in enumerate(raw):
        line = _classify(number, content, raw, position)
        forced = len(last) + 1 + len(content.split(maxsplit=1)[0] if content.strip() else "") > width
        last = content.rstrip()
        quoted = content.lstrip().startswith(">")  # the next line's mark would stand in the middle of the text
        if pending is not None and not quoted and _continues(pending, line, forced):
            joints = (*pending.joints, len(pending.text) + 1)
            pending = replace(pending, text=f"{pending.text} {line.text}", joints=joints)
            continue
        if pending is not None:
            yield pending
        pending = line
    if pending is not None:
        yield pending


def _uncoded(text: str) -> list[tuple[int, str]]:
    """Return (number, line) outside of code fences; a fence of words that holds most of PROMPT, or never closes, is no code."""
    rows = list(enumerate(text.split("\n"), 1))
    result: list[tuple[int, str]] = []
    held: list[tuple[int, str]] = []
    fence, info = "", ""
    for number, content in rows:
        match = _FENCE.match(content)
        if not fence:
            if match:
                fence, info, held = match[1], match[2].lower(), []
                result.append((number, ""))
            else:
                result.append((number, content))
        elif match and match[1].startswith(fence) and not match[2]:
            if info in _PROSE_FENCES and len(held) > _MOSTLY * len(rows):
                result.extend(held)
            result.append((number, ""))
            fence = ""
        else:
            held.append((number, content))
    if fence:
        result.extend(held if info in _PROSE_FENCES else _behind_code(held))
    return result


def _behind_code(held: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the rows behind the first blank one in a fence that never closes: an example of code whose end mark was forgotten ends there."""
    blank = next((n for n, (_, content) in enumerate(held) if not content.strip()), len(held))
    rest = held[blank:]
    return [] if any(_CODE.search(content) for _, content in rest) else rest


def _is_table_rule(line: str) -> bool:
    """Whether a line stands between a table's header and its rows."""
    return "|" in line and not line.strip("|:- \t")


def _classify(number: int, raw: str, rows: list[tuple[int, str]], position: int) -> Line:
    content = raw.expandtabs(4)
    while content.lstrip().startswith(">"):
        content = content.lstrip()[1:].removeprefix(" ")
    body = content.strip()
    indent = len(content) - len(content.lstrip())
    if not body or _RULE.match(content):
        return Line(Kind.BLANK, number)
    heading = _HEADING.match(content)
    if heading:
        return _heading(number, heading[2].rstrip().rstrip("#").rstrip(), len(heading[1]), indent)
    if body.startswith("|") and body.count("|") > 1:
        header = position + 1 < len(rows) and _is_table_rule(rows[position + 1][1])
        return Line(Kind.BLANK if header or _is_table_rule(body) else Kind.ROW, number, indent, body.strip("| "))
    bold = re.fullmatch(r"(\*\*|__)((?:(?!\1).)+)\1:?", body)
    if bold:
        return _heading(number, bold[2], BOLD_LEVEL, indent)
    numbered = _PLAIN_NUMBER.match(body.lstrip("*_")) or (_NESTED_NUMBER.match(body) if indent < 12 else None)
    if numbered:
        opened = len(body) - len(body.lstrip("*_"))
        rest = body[opened + numbered.end() :].lstrip("*_ " if opened else " ")
        if opened and rest.count("**") % 2:
            rest = rest.removesuffix("**")
        return Line(Kind.NUMBERED, number, indent, plain(rest), numbered[1])
    bullet = _BULLET.match(body)
    if bullet:
        return Line(Kind.BULLET, number, indent, plain(body[bullet.end() :]))
    if _looks_like_heading(body, rows, position):
        return _heading(number, body, PLAIN_LEVEL, indent)
    return Line(Kind.TEXT, number, indent, body)


def _heading(number: int, title: str, level: int, indent: int) -> Line:
    bare = title.strip().strip("*_").strip()
    if bare.count("**") == 1:  # "3. **Storage**" has lost the second half of its mark
        bare = bare.replace("**", "")
    numbered = _NUMBER.match(bare) or _NESTED_NUMBER.match(bare)
    if numbered and bare[numbered.end() :]:
        return Line(Kind.NUMBERED, number, indent, plain(bare[numbered.end() :]), numbered[1], level)
    return Line(Kind.HEADING, number, indent, bare.rstrip(":").strip(), level=level)


def _looks_like_heading(body: str, rows: list[tuple[int, str]], position: int) -> bool:
    """Whether a plain line is a title: short, without a full stop, followed by what it announces or set apart by blank lines."""
    words = body.split()
    if len(words) > _SHORT or body[-1] in ".,;!?" or asks(body):
        return False
    if body.endswith(":"):
        return ":" not in body[:-1]
    if ":" in body or not all(word[0].isupper() or not word[0].isalpha() or word in _SMALL for word in words):
        return False
    before = position == 0 or not rows[position - 1][1].strip()
    after = position + 1 < len(rows) and not rows[position + 1][1].strip()
    longer = position + 1 < len(rows) and len(rows[position + 1][1].strip()) > len(body) and len(words) <= _SHORT // 2 + 1
    return before and (after or longer)


def plain(text: str) -> str:
    """Return a line without emphasis around the whole of it."""
    body = text.strip()
    for mark in ("**", "__", "*", "_", "`"):
        inner = body[len(mark) : -len(mark)]
        if body.startswith(mark) and body.endswith(mark) and len(body) > 2 * len(mark) and mark[0] not in inner:
            return inner.strip()
    return body


def _continues(before: Line, line: Line, forced: bool) -> bool:
    """Whether a plain line goes on with the sentence of the line before it; ``forced``: its first word had no room there."""
    if line.kind is not Kind.TEXT or before.kind not in (Kind.TEXT, Kind.BULLET, Kind.NUMBERED) or before.level:
        return False
    if before.text.endswith((".", ":", "!", "?", ";")) and before.kind is not Kind.TEXT:
        return line.indent > before.indent and line.text[0].islower()
    if before.text.endswith((".", ":", "!", "?", ";")):
        return False
    if line.text[0].islower() or before.text.endswith((",", "(")):
        return True
    return forced
