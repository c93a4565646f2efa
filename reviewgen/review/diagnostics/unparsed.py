"""What cannot be parsed, as findings: a mistake of syntax, two texts in one, an answer that breaks off."""

from __future__ import annotations

import re
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Impact, Recommendation, Severity, Stage
from reviewgen.model.sight import BREAKS_OFF
from reviewgen.model.source import Position, Range
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ..answers.unparsed import open_path
from .wording import plain, sentence, words

__all__ = ["BREAKS_OFF", "at_dots", "mixed", "unparsed", "within"]

_DOTS = re.compile(r"\.{3}|…")
# What Terraform says of a string that nothing closes where its line ends, and what it says of an argument's in any case (tried with 1.11).
_SPLIT, _OPEN = "Invalid multi-line string", "Unterminated template string"
# What it says of a header without a brace, in other words where the file does not end with its line (tried with 1.11).
_HEADER = "Invalid block definition"
# A line with which a heredoc begins; the mark that is to close it stands on a line of its own.
_HEREDOC = re.compile(r"(?!\s*(?:#|//)).*<<-?([A-Za-z_][\w-]*)[ \t]*$")


def unparsed(graph: Graph, owner: Declaration | None, diagnostic: Diagnostic) -> Finding:
    """Return the finding about a place that is no valid HCL, or at which the answer breaks off."""
    found = _unparsable(graph, owner, diagnostic)
    if commented := _at_a_comment(graph, diagnostic):
        found = replace(found, problem=f"{found.problem} A comment begins there that nothing closes.")
    found = _in_a_heredoc(graph, found, diagnostic)
    cut = f"`{owner.address}`" if owner else "a comment" if commented else "a block"
    return _cut_off(_in_a_header(_in_a_string(graph, found, diagnostic), diagnostic), cut) if _at_a_cut(graph, diagnostic) else found


def within(graph: Graph, diagnostic: Diagnostic) -> Diagnostic:
    """Return a diagnostic that stands behind all that its file says as one at the end of its last line.

    Terraform names the line behind a last newline; whether a file has one its answer does not show, and nobody finds anything there.
    """
    where = diagnostic.range
    text = graph.tree.files[where.filename].text.rstrip() if where else ""
    last = text.count("\n") + 1
    if where is None or where.start.line <= last or not text:
        return diagnostic
    end = Position(last, len(text) - text.rfind("\n") - 1, len(text.encode()) - 1)
    return replace(diagnostic, range=Range(where.filename, end, end))


def _in_a_heredoc(graph: Graph, finding: Finding, diagnostic: Diagnostic) -> Finding:
    """Return the finding about a heredoc that nothing closes: Terraform names the end of the file, and what is to be closed begins before."""
    if diagnostic.summary != _OPEN or diagnostic.range is None:
        return finding
    file = diagnostic.range.filename
    line = _open_heredoc(graph.tree.files[file].text)
    if not line:
        return finding
    return replace(
        finding, problem=f"`{file}:{line}` is no valid HCL: nothing closes the heredoc that begins there.", names=(f"{file}:{line}",)
    )


def _open_heredoc(text: str) -> int:
    """Return the line on which the heredoc begins that a file ends in; 0 where it ends in none."""
    begun, mark = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if begun:
            begun = 0 if line.strip() == mark else begun
        elif found := _HEREDOC.match(line):
            begun, mark = number, found[1]
    return begun


def _in_a_string(graph: Graph, finding: Finding, diagnostic: Diagnostic) -> Finding:
    """Return the finding about a string in which the answer ends: whether Terraform calls it split hangs on whether the file ends with its line."""
    if diagnostic.summary != _SPLIT or diagnostic.range is None:
        return finding
    file, line = diagnostic.range.filename, diagnostic.range.start.line
    left = (d for d in graph.tree.diagnostics if d.summary == _OPEN and d.range and (d.range.filename, d.range.start.line) == (file, line))
    return replace(
        finding,
        problem=f"`{file}:{line}` is no valid HCL: nothing closes the string that begins there.",
        message=next((words(d) for d in left), ""),
    )


def _in_a_header(finding: Finding, diagnostic: Diagnostic) -> Finding:
    """Return the finding about a block's header in which the answer ends, without the words that hang on whether the file ends with its line."""
    if diagnostic.summary != _HEADER or diagnostic.range is None:
        return finding
    place = f"`{diagnostic.range.filename}:{diagnostic.range.start.line}`"
    return replace(
        finding, problem=f"{place} is no valid HCL: a block's header stands there, and nothing follows it.", message=f"Error: {_HEADER}"
    )


def _unparsable(graph: Graph, owner: Declaration | None, diagnostic: Diagnostic) -> Finding:
    """Everything that keeps one file from being parsed is one cause."""
    file = diagnostic.range.filename if diagnostic.range else ""
    line = diagnostic.range.start.line if diagnostic.range else 0
    path = _open_path(graph.tree.files[file].text, owner, line) if owner and owner.attribute is None and line else ""
    return Finding(
        tf.SYNTAX,
        f"`{file}` does not parse",
        Category.BLOCKER,
        Severity.CRITICAL,
        owner.address if owner else "",
        f"`{file}:{line}` is no valid HCL: {sentence(plain(diagnostic.detail.replace(chr(10), ' ').strip() or diagnostic.summary))}",
        f"`{file}` is free of the error at this place" if owner is None else f"`{owner.address}` parses",
        "",
        f"{diagnostic.summary} {file}",
        "C",
        stage=Stage.INIT,
        message=words(diagnostic),
        impact=(
            Impact("Deployment", "Terraform reads no configuration with such a file: `terraform init` and `terraform validate` end here."),
        ),
        lesson="A file that does not parse takes the whole configuration with it: parse an answer before it is delivered.",
        recommendation=Recommendation("Correct the syntax; the message names place and rule."),
        signals=("validate",),
        group=file,
        related=(f"{owner.address}.{path}",) if owner and path else (),
        names=(f"{file}:{line}",),
    )


def mixed(finding: Finding, count: int) -> Finding:
    """Return the finding about a file in which so many blocks begin behind other code."""
    return replace(
        finding,
        problem=f"In {count} lines of `{finding.group}` a block begins behind other code, as where two texts were written into one another. "
        f"{finding.problem}",
        recommendation=Recommendation("Take the two texts apart, and keep one of them."),
    )


def _open_path(text: str, owner: Declaration, line: int) -> str:
    """Return the path at the line of an error; of a block that is never closed, where its text ends."""
    return open_path(text, owner.block.line, line if line > owner.block.line else text.rstrip().count("\n") + 1)


def at_dots(graph: Graph, diagnostic: Diagnostic) -> bool:
    """Whether a line cannot be parsed because dots there, or on the line before, stand for code that is left out."""
    where = diagnostic.range
    lines = graph.tree.files[where.filename].text.split("\n")[max(0, where.start.line - 2) : where.start.line] if where else []
    return any(_DOTS.search(line) for line in lines)


def _at_a_cut(graph: Graph, diagnostic: Diagnostic) -> bool:
    """Whether a file cannot be parsed because the answer ends inside of it."""
    where = diagnostic.range
    if where is None or not graph.tree.incomplete:
        return False
    height = graph.tree.files[where.filename].text.rstrip().count("\n") + 1
    unclosed = diagnostic.summary.startswith(("Unclosed", "Unterminated")) or _at_a_comment(graph, diagnostic)
    return where.start.line >= height or unclosed


def _at_a_comment(graph: Graph, diagnostic: Diagnostic) -> bool:
    """Whether a line cannot be parsed because a comment begins on it that nothing closes: for Terraform it is none then."""
    where = diagnostic.range
    behind = graph.tree.files[where.filename].text.split("\n")[where.start.line - 1 :] if where else [""]
    head, begins, rest = behind[0].partition("/*")
    return bool(begins) and not head.strip() and "*/" not in "\n".join([rest, *behind[1:]])


def _cut_off(finding: Finding, where: str) -> Finding:
    return replace(
        finding,
        title=BREAKS_OFF,
        problem=f"The answer ends in the middle of {where}; what would have followed is missing. {finding.problem}",
        check=f"No file of the answer ends in the middle of a {'comment' if where == 'a comment' else 'block'}",
        lesson="An answer that does not fit is no answer: what stands behind the cut is lost, and what stands before it cannot be parsed.",
        recommendation=Recommendation("Complete the answer."),
    )
