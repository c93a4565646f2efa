"""A file's text to Terraform's diagnostics about its syntax."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from reviewgen.model.diagnostic import Diagnostic, Snippet
from reviewgen.model.source import SourceFile

from ..limits import MOST_DIAGNOSTICS
from .parser import Parser
from .peeker import Peeker
from .recognizer import Problem, TooDeep
from .scanner import Token, scan

_WRONG = {
    "apostrophe": ("Invalid character", 'Single quotes are not valid. Use double quotes (") to enclose strings.'),
    "backtick": (
        "Invalid character",
        'The "`" character is not valid. To create a multi-line string, use the "heredoc" syntax, like "<<EOT".',
    ),
    "semicolon": (
        "Invalid character",
        'The ";" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in collection values.',
    ),
    "badutf8": (
        "Invalid character encoding",
        "All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is selected in your editor.",
    ),
    "quotednewline": (
        "Invalid multi-line string",
        "Quoted strings may not be split over multiple lines. "
        "To produce a multi-line string, either use the \\n escape to represent a newline character "
        'or use the "heredoc" multi-line template syntax.',
    ),
}
_CURLY = (
    '"Curly quotes" are not valid here. '
    "These can sometimes be inadvertently introduced when sharing code via documents or discussion forums. "
    'It might help to replace the character with a "straight quote".'
)
# How often a character is told in a file: quotes come in pairs, of which HCL tells the first, twice; the others once or four times.
_TOLD = {"apostrophe": (0, 2), "backtick": (0, 2), "semicolon": (0,), "badutf8": (0,), "bitwise": (0, 1, 2, 3), "**": (0, 1, 2, 3)}
_BITWISE = {
    "&": ' Did you mean boolean AND ("&&")?',
    "|": ' Did you mean boolean OR ("||")?',
    "~": ' Did you mean boolean NOT ("!")?',
    "^": "",
}

_HEADER = re.compile(r'^(\w+)((?:\s+(?:"[^"\n]*"|[\w-]+))*)\s*\{')


def diagnose(file: SourceFile) -> tuple[Diagnostic, ...]:
    """Return what Terraform says of a file of native syntax; nothing when it parses."""
    data = file.data
    tokens = scan(data)
    problems = list(islice(_wrong_tokens(tokens, data), MOST_DIAGNOSTICS))
    parser = Parser(Peeker(tokens, data), data)
    with contextlib.suppress(TooDeep):
        parser.body("eof")
    problems += parser.errors[: MOST_DIAGNOSTICS - len(problems)]
    return tuple(_diagnostic(file, problem) for problem in problems)


def diagnose_template(file: SourceFile) -> tuple[Diagnostic, ...]:
    """Return what Terraform says of a file that is one template; nothing when it parses."""
    data = file.data
    tokens = scan(data, template=True)
    problems = list(islice(_wrong_tokens(tokens, data), MOST_DIAGNOSTICS))
    parser = Parser(Peeker(tokens, data), data)
    with contextlib.suppress(TooDeep):
        parser.template("eof")
    problems += parser.errors
    return tuple(_diagnostic(file, problem) for problem in problems[:MOST_DIAGNOSTICS])


def _wrong_tokens(tokens: list[Token], data: bytes) -> Iterator[Problem]:
    """Tokens that are wrong wherever they stand; some are told once a file."""
    seen: Counter[str] = Counter()
    for token in tokens:
        kind = token.kind
        words = _words(kind, data[token.start : token.end].decode("utf-8", "replace"))
        if words is None:
            continue
        if kind not in _TOLD or seen[kind] in _TOLD[kind]:
            yield Problem(*words, token.start, token.end)
        seen[kind] += 1


def _words(kind: str, text: str) -> tuple[str, str] | None:
    """Return summary and detail of a wrong token; None for a right one."""
    if kind in _WRONG:
        return _WRONG[kind]
    if kind == "bitwise":
        return "Unsupported operator", f"Bitwise operators are not supported.{_BITWISE[text]}"
    if kind == "**":
        return "Unsupported operator", '"**" is not a supported operator. Exponentiation is not supported as an operator.'
    if kind == "invalid":
        return "Invalid character", _CURLY if text in "\u201c\u201d" else "This character is not used within the language."
    return None


def _diagnostic(file: SourceFile, problem: Problem) -> Diagnostic:
    where = file.range(problem.start, problem.end)
    code = file.excerpt(where.start.line, max(where.start.line, where.end.line if where.end.column > 1 else where.end.line - 1))
    context = _context(file, problem.start)
    detail = problem.detail.replace("{file}", file.path)
    if where.start == where.end:  # Terraform marks one character, also behind the last
        where = replace(where, end=replace(where.end, column=where.end.column + 1, byte=where.end.byte + 1))
    return Diagnostic("error", problem.summary, detail, None, where, Snippet(context, code, where.start.line))


def _context(file: SourceFile, byte: int) -> str | None:
    """Return the header of the top-level block around a place, as Terraform prints it; None outside of blocks."""
    last = file.position(byte).line
    for number in range(last, 0, -1):
        line = file.lines(number, number)
        match = _HEADER.match(line)
        if match:
            return (match[1] + match[2]).strip()
        if line.startswith("}") and number < last:
            return None
    return None


def diagnose_json(file: SourceFile) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a file of JSON syntax; the words are those of Python's reader where Terraform's are not known."""
    try:
        json.loads(file.text)
    except RecursionError:
        return (_diagnostic(file, Problem("Invalid JSON", "The document is nested too deeply.", 0, 1)),)
    except json.JSONDecodeError as error:
        start = len(file.text[: error.pos].encode("utf-8", "surrogatepass"))
        end_of_file = start >= len(file.data)
        summary = "Unclosed object" if end_of_file else "Invalid JSON"
        return (_diagnostic(file, Problem(summary, f"{error.msg}.", min(start, len(file.data)), min(start + 1, len(file.data)))),)
    return ()
