"""A document of failures, ours or a person's, to structured issues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviewgen.model import Category, Severity, Status
from reviewgen.records import dataclass

from .outline import Found, labelled, outline
from .page import Kind, page
from .said import Said, said
from .words import words

_CAPTION = re.compile(r"(?:`(?P<file>.*)`)?(?:, )?(?:line (?P<one>\d+)|lines (?P<first>\d+) to (?P<last>\d+))? ?of IDEAL:")
_SKETCH = "A sketch of ours, not code of IDEAL:"
_MARK = re.compile(r"^\W{0,3}?([✅✔☑✓❌✗✘✖⚠])\ufe0f?\s*(.*)", re.DOTALL)
_TICKS = "✅✔☑✓"
_RESULTS = re.compile(r"(.*) \((?:MODEL: (yes|no))?(?:, )?(?:IDEAL: (yes|no))?\)", re.DOTALL)
_ADDRESS = re.compile(
    r"(?:module\.[\w-]+\.)*(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*(?:[.\[][\w.\[\]\"*-]*)?|(?:var|local|output|module)\.[\w-]+"
)
_PLACE = re.compile(r'"(?P<text>.*)"(?: \((?:requirement #(?P<number>[^,()]+))?(?:, )?(?:PROMPT line (?P<line>\d+))?\))?', re.DOTALL)
_MORE = re.compile(r" and (\d+) more$")
_FIX_CLASS = re.compile(r"\(category ([ABC]) fix\)")
_ABOUT = ("severity", "status", "requirement", "where")
_OWN = ("MODEL_RESPONSE Issue", "IDEAL_RESPONSE Issue")


@dataclass(frozen=True, slots=True)
class Asked:
    """The requirement that an issue quotes: its words, PROMPT's number and line as far as the document says them (empty, 0)."""

    text: str
    number: str
    line: int


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code: whose it is (``model``, ``ideal``, empty where the document does not say), its place there, its language.

    ``passage`` is true where a caption gives it as a passage of IDEAL, word for word.
    """

    text: str
    side: str
    file: str
    first_line: int
    last_line: int
    language: str
    line: int
    passage: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement that can be held against the trees: ``tick``, ``cross`` or ``text``; results as far as it says them."""

    line: int
    kind: str
    text: str
    side: str = ""
    model: bool | None = None
    ideal: bool | None = None


@dataclass(frozen=True, slots=True)
class ReadIssue:
    """One issue as a reader finds it.

    Attributes:
        id: Its number on the page; empty where it has none.
        title: Prose with backticks around code, without the label in brackets.
        line: 1-based line on which it begins.
        category: By the table of words; None where the document does not say.
        severity: Likewise.
        section: The heading of several issues that it stands under, such as ``Critical Failures``; empty without one.
        label: What the issue itself says of its severity, as written; empty where it says nothing.
        status: What became of it, as far as the document says.
        fix_class: ``A``, ``B``, ``C``, or None.
        requirement: What it quotes of PROMPT under that label.
        where: Addresses: those of its line of places, else all that it names.
        more: How many further places it counts without naming them.
        problem: The first paragraph about what is wrong.
        code: Blocks of code.
        claims: Ticks, crosses and statements of one line each.
    """

    id: str
    title: str
    line: int
    category: Category | None
    severity: Severity | None
    section: str
    label: str
    status: Status | None
    fix_class: str | None
    requirement: Asked | None
    where: tuple[str, ...]
    more: int
    problem: str
    code: tuple[Code, ...]
    claims: tuple[Claim, ...]

    @property
    def passages(self) -> tuple[Code, ...]:
        """The code whose caption gives it as a passage of IDEAL."""
        return tuple(code for code in self.code if code.passage)

    @property
    def verification(self) -> tuple[Claim, ...]:
        """The ticks and crosses that say what they found on the trees."""
        return tuple(claim for claim in self.claims if (claim.model, claim.ideal) != (None, None))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says.

    Attributes:
        title: Its first heading.
        issues: Its issues, in the order of the page.
        pieces: All that it says, for whoever looks further.
        foreign: Kinds of markup that no template of ours prints.
        tables: The numbers of cells of each table's rows.
    """

    title: str
    issues: tuple[ReadIssue, ...]
    pieces: tuple[Said, ...]
    foreign: tuple[str, ...]
    tables: tuple[tuple[int, ...], ...]


def read(text: str) -> Reading:
    """Return what a document says."""
    parsed = page(text)
    pieces = tuple(said(parsed))
    rows: dict[int, list[int]] = {}
    for block in parsed.blocks:
        if block.kind is Kind.ROW:
            rows.setdefault(block.level, []).append(len(block.cells))
    title = next((piece.text for piece in pieces if piece.kind is Kind.HEADING), "")
    return Reading(title, tuple(map(_issue, outline(pieces))), pieces, parsed.foreign, tuple(map(tuple, rows.values())))


def _issue(found: Found) -> ReadIssue:
    head, pieces = found.pieces[0], found.pieces[1:]
    label = next(iter(_labels(pieces)), "")
    title, bracket = (
        (found.title, "") if label and not found.title.endswith(("(BLOCKER)", "(CRITICAL)", "(WARNING)")) else labelled(found.title)
    )
    said_severity = label or bracket
    category = words().category(bracket) or words().category(label) or words().category(found.section)
    state = _value(pieces, "status")
    where, more = _where(found.pieces)
    return ReadIssue(
        id=found.number,
        title=title,
        line=head.line,
        category=category,
        severity=words().severity(said_severity) or words().severity(found.section),
        section=found.section,
        label=said_severity,
        status=words().status(state) if state else None,
        fix_class=match[1] if (match := _FIX_CLASS.search(state)) else None,
        requirement=_asked(_value(pieces, "requirement")),
        where=where,
        more=more,
        problem=_problem(pieces),
        code=tuple(_code(piece) for piece in pieces if piece.kind is Kind.CODE),
        claims=tuple(_claims(pieces)),
    )


def _labels(pieces: Sequence[Said]) -> Iterator[str]:
    """Yield what the issue says of its severity, under a label that is for that or, in one or two words, under one like it."""
    for piece in pieces:
        if piece.role == "severity" and piece.text and piece.kind in (Kind.PARAGRAPH, Kind.ITEM):
            yield piece.text
        elif piece.kind is Kind.HEADING and piece.role == "severity" and ":" in piece.text:
            yield piece.text.partition(":")[2].strip()


def _value(pieces: Sequence[Said], role: str) -> str:
    """Return what stands behind a label, in a paragraph or an item of its own."""
    return next((piece.text for piece in pieces if piece.role == role and piece.labelled and _own(piece)), "")


def _own(piece: Said) -> bool:
    return piece.kind is Kind.PARAGRAPH or (piece.kind is Kind.ITEM and piece.under not in ("impact", "verification"))


def _asked(text: str) -> Asked | None:
    if not text:
        return None
    match = _PLACE.fullmatch(text)
    return Asked(match["text"], match["number"] or "", int(match["line"] or 0)) if match else Asked(text, "", 0)


def _where(pieces: Sequence[Said]) -> tuple[tuple[str, ...], int]:
    """Return the addresses of an issue: those of its line of places, else all that its prose names as code."""
    for piece in pieces:
        if piece.role == "where" and piece.labelled and _own(piece):
            named = tuple(_outside_brackets(piece.spans))
            more = _MORE.search(piece.text)
            if named:
                return named, int(more[1]) if more else 0
    every = (text for piece in pieces if piece.kind is not Kind.CODE for is_code, text in piece.spans if is_code)
    return tuple(dict.fromkeys(text for text in every if _ADDRESS.fullmatch(text))), 0


def _outside_brackets(spans: Sequence[tuple[bool, str]]) -> Iterator[str]:
    """Yield the code that stands outside of brackets."""
    depth = 0
    for is_code, text in spans:
        if not is_code:
            depth += text.count("(") - text.count(")")
        elif depth == 0:
            yield text


def _problem(pieces: Sequence[Said]) -> str:
    """Return the first paragraph about what is wrong."""
    prose = [piece for piece in pieces if piece.text and piece.kind in (Kind.PARAGRAPH, Kind.ITEM)]
    for fits in (
        lambda piece: piece.label in _OWN,
        lambda piece: piece.role == "problem",
        lambda piece: piece.role == "model",
        lambda piece: not piece.role,
    ):
        if found := next(filter(fits, prose), None):
            return found.text
    return ""


def _code(piece: Said) -> Code:
    side, place = piece.side, _CAPTION.fullmatch(piece.caption)
    if piece.caption == _SKETCH or (piece.side == "ideal" and not place and piece.caption.startswith("IDEAL gives the reason")):
        side = ""
    if place:
        first = int(place["one"] or place["first"] or 0)
        return Code(
            piece.text.removesuffix("\n"), "ideal", place["file"] or "", first, int(place["last"] or first), piece.mark, piece.line, True
        )
    return Code(piece.text.removesuffix("\n"), side, "", 0, 0, piece.mark, piece.line)


def _claims(pieces: Sequence[Said]) -> Iterator[Claim]:
    """Yield ticks and crosses wherever they stand, and the statements of lists and labelled lines."""
    for piece in pieces:
        if piece.kind in (Kind.CODE, Kind.HEADING) or piece.role in _ABOUT or not piece.text:
            continue
        if mark := _MARK.match(piece.text):
            kind = "tick" if mark[1] in _TICKS else "cross" if mark[1] != "⚠" else "text"
            results = _RESULTS.fullmatch(mark[2])
            found = [None if value is None else value == "yes" for value in results.group(2, 3)] if results else [None, None]
            yield Claim(piece.line, kind, results[1] if results and any(results.group(2, 3)) else mark[2], piece.side, *found)
        elif piece.kind in (Kind.ITEM, Kind.ROW) or piece.labelled:
            yield Claim(piece.line, "text", piece.text, piece.side)
