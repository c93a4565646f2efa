"""Small parts that both halves of a template are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reviewgen.records import dataclass

from .skeleton import Element


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something of an example that a review has nothing for: its line, and what it is."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Part:
    """A label or heading with the elements under it; no head for what stands before the first one."""

    head: Element | None
    under: tuple[Element, ...]


def split(found: Iterator[Element] | Sequence[Element], is_head: Callable[[Element], bool]) -> Iterator[Part]:
    """Yield elements in parts, each with its head; labels and headings that are none give what is under them to the part before."""
    head: Element | None = None
    under: list[Element] = []
    for element in found:
        if is_head(element):
            if head or under:
                yield Part(head, tuple(under))
            head, under = element, []
        elif element.kind not in ("label", "heading"):
            under.append(element)
    if head or under:
        yield Part(head, tuple(under))


def line(text: str) -> list[str]:
    """Return a line; behind a tag Jinja drops the end of the line, so there it takes another."""
    return [text, ""] if text.endswith("%}") else [text]
