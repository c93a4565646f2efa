"""A file's text to Terraform's diagnostics about its syntax."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from reviewgen.model.hcl import Comment
from reviewgen.model.review import Diagnostic, Snippet
from reviewgen.model.source import SourceFile

from .expressions import Problem, TooDeep
from .parser import Parser
from .peeker import Peeker
from .scanner import Token, scan

# Signs of errors that tree-sitter lets pass, in code whose comments and plain strings are taken out.
_SIGNS = tuple(
    re.compile(sign, re.MULTILINE)
    for sign in (
        rb"[;'\\]|::|<<-?[\w-]+[ \t]+\S",
        # Something behind an argument or a block on its line; a block of one line that holds more than one argument.
        rb"^[^$%\n]*\}[ \t]*[A-Za-z_]",
        rb"^(?![ \t]*\}|[^\n]*\{)[^$%=\n]*=[^\n]*\}[ \t]*$",
        rb"\b0[xX]",
        rb"[\w\"\])}][ \t]+[\w-]+[ \t]*=(?![=>])",
        rb"\{[ \t]*[\w-]+[ \t]*=[^\n{}]*\n",
        rb"^[ \t]*[\w-]+(?:[ \t]+\"[^\"\n]*\")*[ \t]*\{(?![ \t]*[\w-]+[ \t]*=[^={}\n,]*\}[ \t]*$)[ \t]*[\w-]+[ \t]*[={ ][^\n]*$",
        # Operations, arguments and headers that go on in the next line.
        rb"(?:[?+*/%!-]|&&|\|\||(?<!=)>|<|=)[ \t]*\n",
        rb"^[ \t]*(?:[?:+*/%=<>.-]|&&|\|\||!=)",
        rb"[\w\"][ \t]*\n\s*\{",
        rb"[\w\])][ \t]*\n\s*[(\[]",
        # Strings over several lines: an odd number of quotes.
        rb"^[^\"\n]*\"(?:[^\"\n]*\"[^\"\n]*\")*[^\"\n]*$",
    )
)
_ESCAPE = re.compile(rb'\\[nrt"\\uU\s]')
_LABELS = re.compile(rb'"[^"\n$%]*+(?:[$%](?!\{)[^"\n$%]*+)*+[$%]\{[^"\n]*"(?:[ \t]+"[^"\n]*")*[ \t]*\{')
# Words of people, in which such signs mean nothing: strings without escapes, and heredocs, but for what is interpolated.
_PLAIN_STRING = re.compile(rb"""(?<=[\s(\[,=])"(?:[^"\\$%\n]|[$%]\{[^{}"';:\n]*\}|[$%](?!\{))*\"""")
# An argument on a line of its own with a constant or a name as its value; most lines are, and a digit says as much of them.
_PLAIN_ARGUMENT = re.compile(rb'^[ \t]*[A-Za-z_][\w-]*[ \t]*=[ \t]*(?:""|[A-Za-z_][\w.-]*|\d+)[ \t]*$', re.MULTILINE)
_HEREDOC = re.compile(rb"<<-?([A-Za-z_][\w-]*)[ \t]*\n(.*?)^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
_INTERPOLATED = re.compile(rb"[$%]\{[^}\n]*(\})?")
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
MOST_DIAGNOSTICS = 100
"""Most problems of one file that are told: whoever mends the first hundred reads the file again."""
_HEADER = re.compile(r'^(\w+)((?:\s+(?:"[^"\n]*"|[\w-]+))*)\s*\{')


def suspicious(file: SourceFile, comments: Iterable[Comment]) -> bool:
    """Whether a file that tree-sitter accepts has constructs that HCL may reject, outside of comments and plain texts."""
    code = _code(file.data, comments)
    # One by one: together, as alternatives, they take twice as long.
    return any(sign.search(code) for sign in _SIGNS)


def _code(data: bytes, comments: Iterable[Comment]) -> bytes:
    """Return what is left of a file without comments, plain strings, the texts of heredocs and the escapes that HCL knows."""
    code = b"".join(_between(data, comments))
    if b"<<" in code:
        code = _HEREDOC.sub(_interpolations, code)
    code = _PLAIN_ARGUMENT.sub(b"0", _PLAIN_STRING.sub(b'""', _LABELS.sub(b"; {", code)))
    return _ESCAPE.sub(b"", code) if b"\\" in code else code


def _between(data: bytes, comments: Iterable[Comment]) -> Iterator[bytes]:
    at = 0
    for comment in comments:
        yield data[at : comment.start]
        at = comment.end
    yield data[at:]


def _interpolations(heredoc: re.Match[bytes]) -> bytes:
    """Return what may be wrong in a heredoc: its interpolations; all of it where one of them goes on in the next line."""
    found = list(_INTERPOLATED.finditer(heredoc[2]))
    return b"\n".join([b'""', *(match[0] for match in found)]) if all(match[1] for match in found) else heredoc[0]


def accepts(file: SourceFile) -> bool:
    """Whether HCL parses a file."""
    return not diagnose(file)


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
