"""What the characters of a quoted string or a heredoc mean (HCL's specification, "Template Expressions")."""

from __future__ import annotations

import re

from reviewgen.model import hcl

_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([nrt"\\]))|\$\$\{|%%\{')
_TEMPLATE_ESCAPE = re.compile(r"\$\$\{|%%\{")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def unquote(text: str) -> str:
    """Return the meaning of the characters between two quotes; an escape that HCL does not know stays as it is."""
    return _ESCAPE.sub(_character, text) if "\\" in text or "{" in text else text


def unescape_template(text: str) -> str:
    """Return the meaning of literal characters in a heredoc: only the marks of interpolations can be escaped."""
    return _TEMPLATE_ESCAPE.sub(lambda m: m[0][1:], text) if "{" in text else text


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _SIMPLE[match[3]]
    code = match[1] or match[2]
    if not code:
        return match[0][1:]
    value = int(code, 16)
    return chr(value) if value < 0x110000 and not 0xD800 <= value < 0xE000 else match[0]


def quote(text: str) -> str:
    """Return a text as a quoted HCL string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'


def dedent(parts: list[hcl.Expression]) -> list[hcl.Expression]:
    """Take the common indentation off a ``<<-`` heredoc, as HCL does: over the lines that begin in a literal."""
    indents: list[int] = []
    line_start = True
    for part in parts:
        if not isinstance(part, hcl.Literal):
            if line_start:
                indents.append(0)
            line_start = False
            continue
        for line in str(part.value).splitlines(keepends=True):
            if line_start and (line.strip() or not line.endswith("\n")):
                indents.append(len(line) - len(line.lstrip(" \t")))
            line_start = line.endswith("\n")
    cut = min(indents, default=0)
    return _cut(parts, cut) if cut else parts


def _cut(parts: list[hcl.Expression], cut: int) -> list[hcl.Expression]:
    result: list[hcl.Expression] = []
    line_start = True
    for part in parts:
        if not isinstance(part, hcl.Literal):
            result.append(part)
            line_start = False
            continue
        lines = []
        for line in str(part.value).splitlines(keepends=True):
            blank = min(cut, len(line) - len(line.lstrip(" \t"))) if line_start else 0
            lines.append(line[blank:])
            line_start = line.endswith("\n")
        result.append(hcl.Literal(part.start, part.end, "".join(lines)))
    return result
