"""PROMPT to requirements: stable ids, PROMPT's own numbers, its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from functools import lru_cache

from reviewgen.model.requirement import Requirement
from reviewgen.model.source import Document
from reviewgen.records import dataclass

from .lines import BOLD_LEVEL, PLAIN_LEVEL, Kind, Line, scan
from .sections import Role, is_extra, role
from .words import asks, forbids, sentences

# Bounds for PROMPTs of any size: a review quotes a handful of requirements.
_MOST = 1500
_LONGEST = 900
# A list item with more text than this is one requirement a sentence; shorter ones are quoted as they stand.
_ITEM = 320
# The id of what has a number that was given before.
_AGAIN = re.compile(r"R[\d.]+[a-z]")
_TITLE = 9  # words in an item that only names what its details say


def parse(prompt: Document) -> tuple[Requirement, ...]:
    """Return what PROMPT asks, in the order of its lines.

    Headings become sections. Numbered lines keep their number (``R7``), what stands below them is theirs (``R7.2``, with number ``7``);
    everything else that asks is counted (``C3``). A number that comes again in another list gets a letter (``R1b``), and no longer names anything.
    """
    return _parsed(prompt.text)


@lru_cache(maxsize=1)  # several stages ask it of one PROMPT
def _parsed(text: str) -> tuple[Requirement, ...]:
    return tuple(_Parser().run(text))


@dataclass
class _Item:
    """A list item that further lines may belong to.

    ``title``: it only names what its details say; ``own``: the number on its line; ``inner``: how far in its first detail stands.
    """

    id: str
    number: str | None
    indent: int
    level: int = 0
    title: bool = False
    own: str = ""
    children: int = 0
    inner: int | None = None

    def holds(self, line: Line) -> bool:
        """Whether a paragraph behind an empty line goes on with the item: it stands further in, or as its other details do."""
        if self.level:
            return True
        named = self.title and self.number is not None
        return (line.indent > self.indent or named) and (self.inner is None or line.indent >= self.inner)


@dataclass
class _Section:
    """A heading; ``owner``: the item that it stands in and ends with; ``close``: it asks for what stands right below it, and not further on."""

    level: int
    title: str
    owner: str = ""
    close: bool = False


@dataclass
class _Parser:
    sections: list[_Section] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    counted: int = 0
    blank: bool = True
    announced: _Section | None = None
    found: list[Requirement] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def run(self, text: str) -> list[Requirement]:
        for line in scan(text):
            if len(self.found) >= _MOST:
                break
            if line.kind is Kind.BLANK:
                self.blank = True
                continue
            if self.announced is not None:
                self.announced.close, self.announced = not self.blank, None
            if line.kind is Kind.HEADING:
                self._heading(line)
            elif line.kind is Kind.NUMBERED:
                self._numbered(line)
            elif line.kind is Kind.TEXT:
                self._paragraph(line)
            elif line.text:
                self._listed(line)
            self.blank = False
        return self.found

    # ---- lines

    def _heading(self, line: Line) -> None:
        inside = self.items[0] if self.items and line.indent > self.items[0].indent and self.items[0].title else None
        self._open_section(line.level, line.text, inside.id if inside and line.level == PLAIN_LEVEL else "")
        if line.level < PLAIN_LEVEL:
            deeper = line.level >= BOLD_LEVEL  # a bold line within an item divides the item and does not end it
            self.items = [i for i in self.items if (i.level and i.level < line.level) or (deeper and line.indent > i.indent)]
        elif inside is None:
            self.items = [i for i in self.items if i.level]

    def _open_section(self, level: int, title: str, owner: str = "") -> None:
        while self.sections and self.sections[-1].level >= level:
            self.sections.pop()
        self.sections.append(_Section(level, title, owner))

    def _titles(self) -> list[str]:
        """Return the headings that are open, the innermost last."""
        open_items = {i.id for i in self.items}
        return [s.title for s in self.sections if not s.owner or s.owner in open_items]

    def _numbered(self, line: Line) -> None:
        if line.level:
            self._open_section(line.level, line.text)
            # "**2. x**" below "### 1. y" goes on counting, whatever the marks are
            self.items = [i for i in self.items if i.level and i.level < line.level and not _follows(line.number, i.own)]
        else:
            self._close(line.indent)
        if not line.text:
            return
        title = bool(line.level) or _is_title(line.text)
        if "." in line.number:  # 2.3 says itself what it belongs to
            owner = next((i for i in reversed(self.items) if i.number == line.number.rpartition(".")[0]), None)
            item = _Item(self._free(f"R{line.number}"), line.number, line.indent, line.level, title, line.number)
        else:
            owner = self.items[-1] if self.items else None
            wanted, number = (f"{owner.id}.{line.number}", owner.number) if owner else (f"R{line.number}", line.number)
            item = _Item(self._free(wanted), number, line.indent, line.level, title, line.number)
        self._add_item(line, item, owner)

    def _listed(self, line: Line) -> None:
        self._close(line.indent, numbered=False)
        owner = self.items[-1] if self.items else None
        item = _Item(self._next(owner), owner.number if owner else None, line.indent)
        item.title = _is_title(line.text) and line.text.endswith(":")
        self._add_item(line, item, owner)

    def _add_item(self, line: Line, item: _Item, owner: _Item | None) -> None:
        parts = list(sentences(line.text)) if len(line.text) > _ITEM else [(0, line.text)]
        extra = item.title and is_extra(line.text)
        self._emit(item.id, item.number, parts[0][1], line.line, owner.id if owner else "", extra=extra)
        self.items.append(item)
        for offset, part in parts[1:]:
            self._emit(self._next(item), item.number, part, line.line_at(offset), item.id)

    def _paragraph(self, line: Line) -> None:
        if self.blank and self.items and not self.items[-1].level:
            self.items = [i for i in self.items if i.holds(line)]
        if self.blank and self.sections and self.sections[-1].close and asks(line.text) and not line.text.endswith(":"):
            # "Outputs must include:" does not speak of the next paragraph, which may be as short as what it spoke of
            self.sections[-1] = _Section(PLAIN_LEVEL, self.sections[-2].title if len(self.sections) > 1 else "")
        parts = list(sentences(line.text))
        owner = self.items[-1] if self.items else None
        if owner is not None and owner.inner is None:
            owner.inner = line.indent
        titles = self._titles()
        listed = bool(titles) or (len(parts) == 1 and not line.text.endswith(","))
        for offset, part in parts:
            if asks(part) or (listed and _says_something(part) and not (titles and role(titles[-1]) is Role.CONTEXT)):
                self._emit(self._next(owner), owner.number if owner else None, part, line.line_at(offset), owner.id if owner else "")
        if len(parts) == 1 and line.text.endswith(":") and len(line.text.split()) <= _TITLE:
            self._open_section(PLAIN_LEVEL, line.text.strip("* :"), owner.id if owner and not owner.level else "")
            self.announced = self.sections[-1] if asks(line.text) else None

    # ---- ids

    def _close(self, indent: int, *, numbered: bool = True) -> None:
        """Leave the items that a line at this indent does not belong to; bullets may stand flush below a numbered line."""
        while self.items and not self.items[-1].level:
            last = self.items[-1]
            flush = not numbered and bool(last.own) and last.indent == indent
            if last.indent < indent or (flush and (last.title or not self.blank)):
                break
            self.items.pop()

    def _next(self, owner: _Item | None) -> str:
        if owner is None:
            self.counted += 1
            return self._free(f"C{self.counted}")
        owner.children += 1
        return self._free(f"{owner.id}.{owner.children}")

    def _free(self, wanted: str) -> str:
        name, turn = wanted, 0
        while name in self.taken:
            turn += 1
            name = f"{wanted}{_letters(turn)}"
        self.taken.add(name)
        return name

    def _emit(self, id_: str, number: str | None, text: str, line: int, parent: str, *, extra: bool = False) -> None:
        titles = self._titles()
        section = titles[-1] if titles else ""
        passage = _shortened(text.strip())
        if passage and len(self.found) < _MOST:
            self.texts[id_] = passage
            forbidden = forbids(passage) or self._forbidden(parent, section)
            binding = not extra and all(role(title) is Role.ASKED for title in titles)
            named = None if _AGAIN.match(id_) else number
            self.found.append(Requirement(id_, named, passage, line, section, forbidden, parent, binding))

    def _forbidden(self, parent: str, section: str) -> bool:
        """Whether what announces a list ("None of these may have:") makes its lines prohibitions."""
        announced = self.texts.get(parent, "")
        return forbids(section) or (announced.endswith(":") and forbids(announced))


def _is_title(text: str) -> bool:
    """Whether a list item only names what its details say: "**Network**", "Alarms:"."""
    return len(text.split()) <= _TITLE and ("**" in text or text.endswith(":") or not asks(text))


def _says_something(sentence: str) -> bool:
    """Whether a sentence that does not ask may still be an item of a list without marks."""
    return len(sentence.split()) > 2 and (": " in sentence or not sentence.rstrip().endswith((":", "?", "!")))


def _follows(number: str, before: str) -> bool:
    return number.isdigit() and before.isdigit() and int(number) == int(before) + 1


def _letters(turn: int) -> str:
    """Return b, c, ... z, ba, ...: what the second, third ... of the same number gets."""
    return chr(ord("a") + turn) if turn < 26 else _letters(turn // 26) + chr(ord("a") + turn % 26)


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition(" ")[0] or text[:_LONGEST]


def ancestors(requirement: Requirement, known: dict[str, Requirement]) -> Iterator[Requirement]:
    """Yield the requirements that one details, the nearest first."""
    parent = known.get(requirement.parent)
    while parent is not None:
        yield parent
        parent = known.get(parent.parent)
