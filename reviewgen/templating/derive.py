"""The two steps together, and how like its example a document is that such a template wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviewgen.documents import read
from reviewgen.documents.kind import of_failures
from reviewgen.documents.page import Block, Kind, page
from reviewgen.documents.said import labelled
from reviewgen.errors import InputError
from reviewgen.records import dataclass

from .parts import Unmapped
from .recognise import Style, style
from .skeleton import alike, elements, fields, frame, normal, tokens
from .write import template

_MARK = re.compile(r"<!-- reviewgen:(begin|end) (\S+) -->")
_SEVERITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Derived:
    """A template made of an example: its text, the style that was recognised, what of the example it has nothing for."""

    text: str
    style: Style
    unmapped: tuple[Unmapped, ...]


def derive(example: str, path: str, name: str) -> Derived:
    """Return the template of an example.

    Args:
        example: The text of the example.
        path: Its place, for messages.
        name: The name of the template.

    Raises:
        InputError: The example has fewer than two issues, or its sections are about something else.
    """
    found = style(example, path)
    if not fields(found.labels) and not of_failures(read(example), example):
        hint = "an example has labels such as Problem, Impact or Fix in its issues, or a title that says what it is about"
        raise InputError("no issue was found in the example: its sections are about something else", path=path, hint=hint)
    text, unmapped = template(found, name)
    return Derived(text, found, unmapped)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like its example a document is, from 0 to 1.

    Attributes:
        issues: The mean of its issues, each against the typical one of the example.
        frame: What surrounds the issues.
        whole: Both, weighted by their shares of the example.
        lacking: The fields of the example that an issue lacks, once for each issue that lacks it.
    """

    issues: float
    frame: float
    whole: float
    lacking: tuple[str, ...]


def likeness(of: Style, document: str) -> Likeness:
    """Return how like the example with this style a document is; what is compared stands in docs/templates.md.

    Args:
        of: The style.
        document: What a template of that style wrote; its invisible marks tell where each issue stands.
    """
    blocks = list(labelled(page(document)))
    parts = dict(_parts(blocks))
    issues = [lines for name, lines in parts.items() if ":" in name]
    sections = frozenset(line for name in _SEVERITIES if name in parts for line in range(*parts[name]))
    shown = [block for block in blocks if block.kind is not Kind.HTML]
    inner = [elements([block for block in shown if first <= block.line <= last][1:]) for first, last in issues]
    each = [alike(of.skeleton, tokens(found, of.labels)) for found in inner]
    mean = sum(each) / len(each) if each else 0.0
    inside = frozenset(line for first, last in issues for line in range(first, last + 1))
    framed = alike(of.frame, frame(shown, inside, sections))
    wanted = fields(of.labels)
    has = [fields(normal(element.text) for element in found if element.kind in ("label", "heading")) for found in inner]
    lacking = tuple(name for found in has for name in sorted(wanted - found))
    return Likeness(mean, framed, of.share * mean + (1 - of.share) * framed, lacking)


def _parts(blocks: Sequence[Block]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the generated parts of a document: the name, first and last line."""
    begun: dict[str, int] = {}
    for block in blocks:
        match = _MARK.fullmatch(block.text.strip()) if block.kind is Kind.HTML else None
        if match and match[1] == "begin":
            begun[match[2]] = block.line
        elif match and match[2] in begun:
            yield match[2], (begun[match[2]], block.line)
