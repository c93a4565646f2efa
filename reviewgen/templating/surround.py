"""What surrounds the issues of a template: title, and headings with what a review has for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .parts import Unmapped, line, split
from .skeleton import Element
from .tables import NOUNS, Content, few, tables

TITLE = "Model Failures"
_SMALL = ("and", "for", "of", "the", "in", "to", "on", "from", "vs", "a")


class Surroundings:
    """Writes what surrounds the issues; what has been said once is not said again under another heading."""

    def __init__(self) -> None:
        """Begin a document."""
        self.unmapped: list[Unmapped] = []
        self.said: set[tuple[str, str]] = set()
        self.titles: set[str] = set()

    def title(self, found: Sequence[Element]) -> str:
        """Return the line of the title."""
        if not found or found[0].kind != "heading":
            return f"# {TITLE}"
        return f"{'#' * found[0].level} {_title(found[0].text)}"

    def lines(self, found: Sequence[Element], topic: str) -> Iterator[str]:
        """Yield the lines of some elements; what stands before the first heading is of a topic."""
        for part in split(found, lambda element: element.kind == "heading"):
            content = tables().topic(part.head.text if part.head else topic)
            if part.head is None:
                yield from self._contents([e for e in part.under if e.kind != "text"], content)
            elif content is None:
                self.unmapped.append(Unmapped(part.head.line, f"heading {part.head.text!r}"))
            else:
                yield from self._headed(part.head, part.under, content)

    def _headed(self, head: Element, under: Sequence[Element], content: Content) -> Iterator[str]:
        title = tables().kept(shown(head.text), content.title)
        contents = list(self._contents(under, content))
        if not contents and under:
            self.unmapped.append(Unmapped(head.line, f"heading {head.text!r}: what a review has for it is said under another"))
            return
        if title not in self.titles:
            yield from ("", f"{'#' * head.level} {title}")
        self.titles.add(title)
        yield from contents

    def _contents(self, under: Iterable[Element], topic: Content | None) -> Iterator[str]:
        """Yield what a review has under a heading, in the forms that the example has there, as far as it is not said yet."""
        assert topic is not None
        for element in under:
            kind = {"label": "text", "numbers": "list"}.get(element.kind, element.kind)
            if kind not in ("text", "list", "table") or (topic.title, kind) in self.said or (element.kind == "label" and element.item):
                continue
            self.said.add((topic.title, kind))
            if kind == "text":
                yield from ("", *line(topic.text))
            elif kind == "list":
                yield from ("", *_topic_list(topic, element.kind == "numbers"))
            else:
                yield from ("", *_topic_table(topic))


def shown(heading: str) -> str:
    """Return a heading without its number and signs."""
    return re.sub(r"^\W*(?:\d+(?:\.\d+)*[.):]?\s+)?", "", heading).strip(" :*`")


def _title(text: str) -> str:
    """Return the title as far as any document may have it."""
    words: list[str] = []
    for word in shown(text).split():
        if tables().kept(word, "") != word or not few(" ".join([*words, word])):
            break
        words.append(word.strip(":,"))
    while words and words[-1].lower() in _SMALL:
        words.pop()
    return " ".join(words) if NOUNS.search(" ".join(words)) else TITLE


def _topic_list(topic: Content, numbered: bool) -> Iterator[str]:
    yield f"{{% for {topic.loop} %}}"
    yield from line(f"{'{{ loop.index }}.' if numbered else '-'} {topic.each}")
    yield from ("{% else %}", f"{'1.' if numbered else '-'} {topic.none}", "{% endfor %}")


def _topic_table(topic: Content) -> Iterator[str]:
    yield f"| {' | '.join(topic.head)} |"
    yield f"|{'---|' * len(topic.head)}"
    yield f"{{% for {topic.rows} %}}"
    yield f"| {' | '.join(topic.row)} |"
    yield from ("{% else %}", f"| {topic.none} |{' - |' * (len(topic.head) - 1)}", "{% endfor %}")
