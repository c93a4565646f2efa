"""Where the issues of a document begin and end: by headings, by numbered items, or by bold labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviewgen.records import dataclass

from .page import Kind
from .said import Said
from .words import Role, words

_NOUN = "issue|error|fix|failure|problem|bug|mistake|gap|finding|defect|deviation|flaw|fault"
# `Critical Issue #1: Title`, `Error 2 - Title`; `1. Title`, `#3: Title`, `2.1 Title`; `A1: Title`.
_NAMED = re.compile(
    rf"(?:(?:critical|high|medium|low|major|minor) )?(?:{_NOUN})s? ?#?(\d+[a-z]?)(?: ?[:.)\u2013\u2014-] ?(.*)|\s*(\(.*\))?)", re.I
)
_NUMBERED = re.compile(r"(?:issue )?#?(\d+(?:\.\d+)*)(?:[.):]| [-\u2013\u2014])(?: +(.*))?|#(\d+) +(.*)", re.I)
_LETTERED = re.compile(r"([A-F]\d+)[:.)] +(.*)")
_LONGEST_TITLE = 160
_NUMBERS = (("#",), ("No.",), ("Issue #",))
_NOTHING = Role("", "")
_DECORATION = re.compile(r"^[^\w#`(\[]+")
_LABEL = re.compile(r"(.*?)\s*[(\[]([^()\[\]]{3,40})[)\]]$")


@dataclass(frozen=True, slots=True)
class Found:
    """One issue as the outline knows it: number, title, the pieces it consists of, and the heading of several issues that it stands under."""

    number: str
    title: str
    pieces: tuple[Said, ...]
    section: str


def numbered(text: str) -> tuple[str, str] | None:
    """Return the number and the title of a heading that numbers an issue; None for any other."""
    plain = _DECORATION.sub("", text)
    if match := _NAMED.fullmatch(plain):
        return match[1], match[2] or match[3] or ""
    if match := _NUMBERED.fullmatch(plain):
        return match[1] or match[3], (match[2] if match[1] else match[4]) or ""
    if match := _LETTERED.fullmatch(plain):
        return match[1], match[2]
    return None


def labelled(title: str) -> tuple[str, str]:
    """Split ``Title (BLOCKER)`` into the title and the label; the label is empty where the brackets hold none."""
    match = _LABEL.fullmatch(title)
    if match and (words().category(match[2]) or match[2].isupper()):
        return match[1], match[2]
    return title, ""


def outline(pieces: Sequence[Said]) -> tuple[Found, ...]:
    """Return the issues of a document: by numbered headings, else in the other ways that people order them."""
    none = any(words().none.search(piece.text) for piece in pieces if piece.kind is not Kind.CODE)
    others = () if none else (_by_rows, _by_items, _by_paragraphs, _by_headings, _by_bullets)
    for split in (_by_numbers, _by_sections, *others):
        found = tuple(split(pieces))
        if found:
            return found
    return ()


def _by_numbers(pieces: Sequence[Said]) -> Iterator[Found]:
    """Yield the issues whose headings have numbers; a heading with others of its number's own below it is a section."""
    headings = [
        (index, piece, found) for index, piece in enumerate(pieces) if piece.kind is Kind.HEADING and (found := numbered(piece.text))
    ]
    parents = {number.rpartition(".")[0] for _, _, (number, _) in headings if "." in number}
    starts = {index for index, _, (number, _) in headings if number not in parents}
    yield from _sections(pieces, starts)


def _by_sections(pieces: Sequence[Said]) -> Iterator[Found]:
    """Yield the headings directly below ``High Failures`` and its like."""
    starts, inside = set[int](), 0
    for index, piece in enumerate(pieces):
        if piece.kind is Kind.HEADING:
            if words().severe.match(piece.text):
                inside = piece.level
            elif piece.level <= inside:
                inside = 0
            elif inside and piece.level == inside + 1:
                starts.add(index)
    yield from _sections(pieces, starts)


def _sections(pieces: Sequence[Said], starts: set[int]) -> Iterator[Found]:
    """Yield what begins at some headings and ends at the next heading of the same or a higher level."""
    above: list[tuple[int, str]] = []
    begun: tuple[int, int, str] | None = None
    for index, piece in enumerate((*pieces, None)):
        if piece is not None and piece.kind is not Kind.HEADING:
            continue
        if begun and (piece is None or piece.level <= begun[1]):
            yield _found(pieces[begun[0] : index], begun[2])
            begun = None
        if piece is None or begun:
            continue
        above = [(level, text) for level, text in above if level < piece.level]
        if index in starts and not any(level > 1 and words().elsewhere.match(text) for level, text in above):
            begun = (index, piece.level, next((text for _, text in reversed(above) if words().severe.match(text)), ""))
        above.append((piece.level, piece.text))


def _found(pieces: Sequence[Said], section: str) -> Found:
    number, title = numbered(pieces[0].text) or ("", pieces[0].text)
    return Found(number, title, tuple(pieces), section)


def _by_rows(pieces: Sequence[Said]) -> Iterator[Found]:
    """Yield the rows of tables that number issues and have a column for severity and one for status."""
    tables: dict[int, list[Said]] = {}
    for piece in pieces:
        if piece.kind is Kind.ROW:
            tables.setdefault(piece.level, []).append(piece)
    for head, *rows in tables.values():
        roles = [words().role(cell) or _NOTHING for cell in head.cells]
        named = [role.role for role in roles]
        if head.cells[:1] in _NUMBERS and {"problem", "severity", "status"} <= set(named):
            title = named.index("problem")
            for row in rows:
                cells = zip(row.cells, row.cell_spans, head.cells, roles, strict=False)
                pieces_of = (_cell(row, *cell) for number, cell in enumerate(cells) if number not in (0, title))
                yield Found(row.cells[0], row.cells[title], (_cell(row, row.cells[title], row.cell_spans[title]), *pieces_of), "")


def _cell(row: Said, text: str, spans: tuple[tuple[bool, str], ...], label: str = "", role: Role = _NOTHING) -> Said:
    """Return a cell as what stands under the label that is its column's name."""
    return Said(Kind.PARAGRAPH, row.line, text, label, role.role, role.side, labelled=bool(label), spans=spans)


def _by_items(pieces: Sequence[Said]) -> Iterator[Found]:
    """Yield the numbered items of the outermost lists."""
    return _by_starts(pieces, {i for i, piece in enumerate(pieces) if _is_item(piece) and piece.mark[:1].isdigit()})


def _by_bullets(pieces: Sequence[Said]) -> Iterator[Found]:
    """Yield the items of the outermost lists."""
    return _by_starts(pieces, {index for index, piece in enumerate(pieces) if _is_item(piece)})


def _by_paragraphs(pieces: Sequence[Said]) -> Iterator[Found]:
    """Yield the paragraphs that are numbered as headings are."""
    short = (i for i, piece in enumerate(pieces) if piece.kind is Kind.PARAGRAPH and len(piece.text) <= _LONGEST_TITLE)
    return _by_starts(pieces, {index for index in short if numbered(pieces[index].text.strip("* "))})


def _by_headings(pieces: Sequence[Said]) -> Iterator[Found]:
    """Yield what stands below the headings of the level that has most of them."""
    levels = [piece.level for piece in pieces if piece.kind is Kind.HEADING and piece.level > 1]
    innermost = max(set(levels), key=lambda level: (levels.count(level), -level), default=0)
    named = (i for i, p in enumerate(pieces) if p.kind is Kind.HEADING and p.level == innermost and not p.role)
    return _sections(pieces, {index for index in named if not words().elsewhere.match(pieces[index].text)})


def _is_item(piece: Said) -> bool:
    return piece.kind is Kind.ITEM and piece.level == 1


def _by_starts(pieces: Sequence[Said], starts: set[int]) -> Iterator[Found]:
    """Yield what begins at some pieces and ends at the next of them, or at a heading; not where a heading says it is something else."""
    above: list[tuple[int, str]] = []
    start: int | None = None
    for index, piece in enumerate(pieces):
        if start is not None and (index in starts or piece.kind is Kind.HEADING):
            yield _item(pieces[start:index], above)
            start = None
        if piece.kind is Kind.HEADING:
            above = [(level, text) for level, text in above if level < piece.level] + [(piece.level, piece.text)]
        if index in starts and not any(level > 1 and words().elsewhere.match(text) for level, text in above):
            start = index
    if start is not None:
        yield _item(pieces[start:], above)


def _item(pieces: Sequence[Said], above: Sequence[tuple[int, str]]) -> Found:
    section = next((text for _, text in reversed(above) if words().severe.match(text)), "")
    plain = pieces[0].text.strip("* ")
    number, title = (pieces[0].mark.rstrip(".)"), plain) if pieces[0].kind is Kind.ITEM else numbered(plain) or ("", plain)
    return Found(number if number[:1].isalnum() else "", title or plain, tuple(pieces), section)
