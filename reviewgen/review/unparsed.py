"""Where an error stands in a block that cannot be parsed: by its lines, for there is no structure to ask."""

from __future__ import annotations

import re

_NAME = re.compile(r"\s*(?:dynamic\s+)?\"?([A-Za-z_][\w-]*)\"?\s*(=|\{)")
_OPENS = re.compile(r"\{\s*(?:#.*|//.*)?$")
_CLOSES = re.compile(r"\s*\}")


def open_path(text: str, first: int, line: int) -> str:
    """Return the path of the argument or nested block on a line of a block; empty on the block's own line.

    Args:
        text: The file.
        first: 1-based line on which the block begins.
        line: 1-based line of the error.
    """
    lines = text.split("\n")
    path: list[str] = []
    for index in range(first, min(line, len(lines))):
        named = _NAME.match(lines[index])
        if index + 1 == line:
            return _joined([*path, named[1]] if named else path)
        if _CLOSES.match(lines[index]) and path:
            path.pop()
        if _OPENS.search(lines[index]):
            path.append(f"{named[1]}{named[2]}" if named else "{")
    return ""


def _joined(path: list[str]) -> str:
    """Join the steps down to the first argument: what stands in its value is no step of its own."""
    steps: list[str] = []
    for step in path:
        if step == "{":
            break
        steps.append(step.rstrip("={"))
        if step.endswith("="):
            break
    return ".".join(steps)
