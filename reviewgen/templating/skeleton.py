"""The skeleton of a document: its headings, labels, lists, tables and fences without their words; and how alike two skeletons are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from reviewgen.documents.page import Block, Kind, Line
from reviewgen.records import dataclass

from .tables import plain, tables

_LANGUAGES = {
    "terraform": "hcl",
    "tf": "hcl",
    "hcl": "hcl",
    "sh": "bash",
    "shell": "bash",
    "bash": "bash",
    "console": "bash",
    "text": "",
    "": "",
}
_INFO = re.compile(r"[a-z0-9+#-]{1,15}")
_TICK = re.compile(r"^[✅✔☑✓❌✗✘✖⚠]")


@dataclass(frozen=True, slots=True)
class Element:
    """One piece of a skeleton.

    Attributes:
        kind: ``heading``, ``label``, ``text``, ``list``, ``numbers``, ``table`` or ``fence``.
        line: Its line.
        text: Of a heading or label its words; of a fence its info string.
        level: Of a heading its level.
        block: Which block it stands in; lines of a paragraph share one.
        inline: Of a label whether there is text behind it on its line.
        item: Of a label whether it stands in a list.
        ticks: Of a list whether its items begin with ticks or crosses.
        width: Of a table the number of its columns.
    """

    kind: str
    line: int
    text: str = ""
    level: int = 0
    block: int = 0
    inline: bool = False
    item: bool = False
    ticks: bool = False
    width: int = 0


def elements(blocks: Iterable[Block]) -> tuple[Element, ...]:
    """Return the elements of some blocks; a list or table is one, however long it is."""
    found: list[Element] = []
    for number, block in enumerate(blocks):
        for element in _of(block, number):
            last = found[-1] if found else None
            if last and (last.kind, element.kind) in (("list", "list"), ("numbers", "numbers"), ("table", "table"), ("text", "text")):
                continue
            if last and last.kind == "label" and last.item and element.kind in ("list", "numbers"):
                continue  # the next item of the list that the label stands in
            found.append(element)
    return tuple(found)


def _of(block: Block, number: int) -> Iterator[Element]:
    if block.kind is Kind.HEADING:
        yield Element("heading", block.line, block.prose, block.level, number)
    elif block.kind is Kind.CODE:
        info = block.mark.split()[0].lower() if block.mark else ""
        yield Element("fence", block.line, info if _INFO.fullmatch(info) else "", block=number)
    elif block.kind is Kind.ROW:
        yield Element("table", block.line, block=number, width=len(block.cells))
    elif block.kind in (Kind.ITEM, Kind.PARAGRAPH):
        if block.kind is Kind.ITEM:
            numbered = block.mark[:1].isdigit()
            yield Element("numbers" if numbered else "list", block.line, block=number, ticks=bool(_TICK.match(block.prose)))
        for line in block.lines:
            yield from _of_line(line, block.kind is Kind.ITEM, number)


def _of_line(line: Line, item: bool, number: int) -> Iterator[Element]:
    if line.label:
        yield Element("label", line.number, line.label, block=number, inline=bool(line.rest), item=item)
    elif not item and line.text:
        yield Element("text", line.number, block=number)


def tokens(found: Sequence[Element], labels: frozenset[str]) -> tuple[str, ...]:
    """Return the tokens of a skeleton: equal tokens are the same to a reader.

    Args:
        found: The elements.
        labels: Labels and inner headings that count as such; others are words of an issue's own.
    """
    said = [token for element in found if (token := _token(element, labels))]
    return tuple(token for index, token in enumerate(said) if index == 0 or token != said[index - 1])


def _token(element: Element, labels: frozenset[str]) -> str:
    name = normal(element.text)
    if element.kind == "heading":
        return f"h{element.level} {name}" if name in labels else f"h{element.level}"
    if element.kind == "label":
        return f"label {name}" if name in labels else ""
    if element.kind == "fence":
        return f"fence {language(element.text)}".strip()
    return "" if element.kind == "text" else element.kind


def normal(label: str) -> str:
    """Return a label as it is compared."""
    return " ".join(plain(label).lower().split())


def language(info: str) -> str:
    """Return the language of a fence as it is compared: Terraform's names are one, so are the shells', unknown ones are their own."""
    return _LANGUAGES.get(info, info)


def labels_of(issues: Sequence[Sequence[Element]]) -> frozenset[str]:
    """Return the labels and inner headings that belong to the style of an example: known ones, and those that half of its issues have."""
    names: dict[str, int] = {}
    for issue in issues:
        for name in {normal(element.text) for element in issue if element.kind in ("label", "heading")}:
            names[name] = names.get(name, 0) + 1
    often = max(2, (len(issues) + 1) // 2)
    return frozenset(name for name, number in names.items() if name and (number >= often or (number > 1 and tables().field(name))))


def frame(blocks: Iterable[Block], issues: frozenset[int], sections: frozenset[int]) -> tuple[str, ...]:
    """Return the tokens of what surrounds the issues; all issues, with the headings of severities between them, are one.

    Args:
        blocks: The blocks of the document.
        issues: The lines of the issues.
        sections: The lines of headings of severities.
    """
    found: list[str] = []
    for block in blocks:
        if block.line in issues:
            found.append("issues")
        elif block.kind is Kind.HEADING:
            found.append("section" if block.line in sections else f"h{block.level}")
        else:
            found.extend(element.kind for element in elements([block]) if element.kind not in ("text", "label"))
    once: list[str] = []
    for token in found:
        if token not in ("issues", "section") or token not in once:
            once += [token] if token.startswith("h") or token not in once[-1:] else []
    return tuple(once)


def fields(labels: Iterable[str]) -> frozenset[str]:
    """Return the names of the fields that some labels ask for."""
    return frozenset(field.name for label in labels if (field := tables().field(label)))


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how much of two skeletons is the same in the same order, from 0 to 1: twice the common tokens by all tokens of both."""
    if not one and not other:
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def typical(skeletons: Sequence[Sequence[str]]) -> int:
    """Return the number of the skeleton that is most like all others; of several the first.

    Where a third of them has labels, these are the issues, and the others perhaps none.
    """
    labelled = [number for number, skeleton in enumerate(skeletons) if any(token.startswith("label ") for token in skeleton)]
    asked = labelled if len(labelled) > 1 and len(labelled) * 3 >= len(skeletons) else range(len(skeletons))
    sums = {number: sum(alike(skeletons[number], skeletons[other]) for other in asked) for number in asked}
    return max(sums, key=lambda number: (sums[number], -number))
