"""Totals of a document: the numbers of its issues by severity, and sums. What only arithmetic decides can be mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from reviewgen.documents.page import Kind as Block
from reviewgen.documents.said import Said
from reviewgen.records import dataclass

from .finding import Case, Finding, Kind
from .severity import only

_SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
# `2 Critical`, and `Critical: 2` where nothing else stands on the line.
_NUMBER_FIRST = re.compile(
    r"(?<![\w.])(\d+) (critical|high|medium|low)\b(?!/)(?! \w*(?:priority )?(?:error|test|check|alarm|finding))", re.I
)
_NUMBER_LAST = re.compile(
    r"(critical|high|medium|low)(?: (?:severity|priority|failures?|issues?))*\s*[:|]\s*(\d+)(?: (?:failures?|issues?))?(?: \(.*\))?", re.I
)
_TOTAL = re.compile(
    r"(?:total )?(?:number of )?(?:failures|issues|errors)(?: (?:found|identified|total|count))?\s*[:|]\s*(\d+)(?![\w.%/])(.*)",
    re.I | re.DOTALL,
)
_ANNOUNCED = re.compile(r"(?<![\w.])(\d+) (?:deployment |critical )?blockers\b", re.I)
_SUMMARY = re.compile(r"\b(?:summary|statistics|breakdown|overview|totals?)\b", re.I)
_SUM = re.compile(r"(?<![\w.,/+*x-])(\d+(?:\.\d+)?(?: [-+\u2212] \d+(?:\.\d+)?)+) = (-?\d+(?:\.\d+)?)(?![\w.%/]|\.\d)")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A number that is wrong: its line, the text around it that holds it, what it is and what it has to be (empty: not known)."""

    line: int
    around: str
    number: str
    right: str
    why: str


def check(case: Case) -> Iterator[Finding]:
    """Yield the totals that are wrong."""
    for wrong in wrongs(case):
        yield Finding(Kind.TOTAL, wrong.line, "", f'"{wrong.around}"', (wrong.why,))


def wrongs(case: Case) -> Iterator[Wrong]:
    """Yield the numbers that are wrong, each with the number that is right."""
    counted = _counted(case)
    heading = ""
    for piece in case.reading.pieces:
        if piece.kind is Block.HEADING:
            heading = piece.text
        if piece.kind is Block.CODE:
            continue
        plain = "".join(text for _, text in piece.spans) if piece.spans else piece.text
        yield from _sums(piece.line, plain)
        yield from _announced(piece.line, plain, case)
        if counted is not None and (_SUMMARY.search(heading) or _SUMMARY.search(piece.label)) and not _in_issue(piece, case):
            yield from _counts(piece.line, plain, counted)


def _announced(line: int, text: str, case: Case) -> Iterator[Wrong]:
    """Yield a number of blockers that is greater than that of all issues."""
    match = _ANNOUNCED.search(text)
    issues = case.reading.issues
    if match and issues and line < issues[0].line and int(match[1]) > len(issues) and _numbered(case):
        yield Wrong(line, match[0], match[1], "", f"The document has {len(issues)} issue{'' if len(issues) == 1 else 's'} in all.")


def _numbered(case: Case) -> bool:
    """Whether the issues are numbered from 1 on, without a gap."""
    return [issue.id for issue in case.reading.issues] == [str(number) for number in range(1, len(case.reading.issues) + 1)]


def _in_issue(piece: Said, case: Case) -> bool:
    """Whether a piece belongs to an issue, which may count something else."""
    return any(
        piece in _pieces(case, issue.line)
        for issue in case.reading.issues[-1:]
        if issue.line <= piece.line and not _SUMMARY.search(piece.label)
    )


def _pieces(case: Case, line: int) -> Sequence[Said]:
    """Return the pieces from an issue's heading up to the next heading of its level."""
    head = next((piece for piece in case.reading.pieces if piece.line == line), None)
    if head is None or head.kind is not Block.HEADING:
        return ()
    after = [piece for piece in case.reading.pieces if piece.line > line]
    end = next((index for index, piece in enumerate(after) if piece.kind is Block.HEADING and piece.level <= head.level), len(after))
    return after[:end]


def _counted(case: Case) -> Counter[str] | None:
    """Return the number of issues by severity; None where a reader cannot tell: an issue without one, or with two."""
    found: Counter[str] = Counter()
    if not case.reading.issues or not _numbered(case):
        return None
    for issue in case.reading.issues:
        label, section = only(issue.label), only(issue.section)
        if (issue.label and not label) or not (label or section) or (label and section and label != section):
            return None
        found[label or section] += 1
    return found


def _counts(line: int, text: str, counted: Counter[str]) -> Iterator[Wrong]:
    """Yield the numbers of a summary's line that differ from the number of issues."""
    named = [(match, match[2].upper(), match[1]) for match in _NUMBER_FIRST.finditer(text)]
    severities = {severity for _, severity, _ in named}
    if len(severities) < len(named) or (len(severities) == 1 and not _NUMBER_FIRST.match(text.strip(" *|-"))):
        return  # it counts several things, or one in passing
    if not named and (match := _NUMBER_LAST.fullmatch(text.strip(" *|-."))):
        named = [(match, match[1].upper(), match[2])]
    for match, severity, number in named:
        if int(number) != counted[severity]:
            why = f"The document has {counted[severity]} issue{'' if counted[severity] == 1 else 's'} of severity {severity.lower()}."
            yield Wrong(line, match[0], number, str(counted[severity]), why)
    total = _TOTAL.match(text.strip(" *|-"))
    if total and not total[2].strip(" *|."):
        number = sum(counted.values())
        if int(total[1]) != number:
            why = f"The document has {number} issues: {', '.join(f'{counted[s]} {s.lower()}' for s in _SEVERITIES if counted[s])}."
            yield Wrong(line, text[: total.end(1)].strip(" *|-"), total[1], str(number), why)


def _sums(line: int, text: str) -> Iterator[Wrong]:
    """Yield the sums that do not add up."""
    for match in _SUM.finditer(text):
        terms = match[1].replace("\u2212", "-").split(" ")
        value = float(terms[0]) + sum(
            float(number) * (-1 if sign == "-" else 1) for sign, number in zip(terms[1::2], terms[2::2], strict=True)
        )
        if abs(value - float(match[2])) > 1e-6:
            yield Wrong(line, match[0], match[2], f"{value:g}", f"{match[1]} is {value:g}.")


def fixed(case: Case) -> tuple[str, int]:
    """Return the document with the wrong numbers mended, and how many were.

    A number is mended where its line has the text around it exactly once; anything else is left to a person.
    """
    lines = case.document.split("\n")
    done = 0
    for wrong in wrongs(case):
        line = lines[wrong.line - 1]
        if not wrong.right:
            continue
        places = [match for match in re.finditer(re.escape(wrong.number), line) if _same(match, wrong, line)]
        if len(places) == 1:
            lines[wrong.line - 1] = line[: places[0].start()] + wrong.right + line[places[0].end() :]
            done += 1
    return "\n".join(lines), done


def _same(match: re.Match[str], wrong: Wrong, line: str) -> bool:
    """Whether a number on a line is the one that is wrong: the words around it are the same, whatever marks stand between."""
    before, _, after = _halves(wrong)
    head, tail = _bare(line[: match.start()]), _bare(line[match.end() :])
    whole = not re.search(r"[\d.]$", line[: match.start()]) and not re.match(r"\d|\.\d", line[match.end() :])
    return whole and head.endswith(_bare(before)) and tail.startswith(_bare(after))


def _halves(wrong: Wrong) -> tuple[str, str, str]:
    """Split the text around a number; of a sum the number is the last one, of a count the first."""
    return wrong.around.rpartition(wrong.number) if " = " in wrong.around else wrong.around.partition(wrong.number)


def _bare(text: str) -> str:
    return re.sub(r"[\s*_`|]", "", text)
