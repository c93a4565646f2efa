"""One issue of a template: how it begins, and its labels with what a review has for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .parts import Part, Unmapped, line, split
from .recognise import Head, Style
from .skeleton import Element, language, normal
from .tables import CIRCLES, NOUNS, SEVERITY, Content, few, tables

_SIGNS = re.compile(r"[^\w\s#*`\[\](){}<>|~!$%&'\"/\\]+")
_UNMAPPED = "Not judged."


def issue(style: Style, unmapped: list[Unmapped]) -> list[str]:
    """Return the lines of one issue, and add to what a review has nothing for."""
    lines: list[str] = []
    previous: Element | None = None
    body = _Body(style)
    for part in split(_own(style.issue, style.labels), lambda element: _is_label(element, style.labels)):
        lines += body.unlabelled(part.under) if part.head is None else body.labelled(part, part.head, previous)
        previous = part.under[-1] if part.under else part.head
    unmapped += body.unmapped
    head = _head(style.head)
    if style.head.kind != "item":
        return [head, *lines]
    # What belongs to an item stands under its text; code would need to be moved, line by line.
    return [f"{head}: {_known('problem').text}", *(text if text.startswith("{%") or not text else f"    {text}" for text in lines)]


def _is_label(element: Element, labels: frozenset[str]) -> bool:
    return element.kind in ("label", "heading") and normal(element.text) in labels


def _own(found: Sequence[Element], labels: frozenset[str]) -> Iterator[Element]:
    """Yield the elements but for lists that are there because a label stands in them."""
    for element, following in zip(found, (*found[1:], None), strict=False):
        listed = element.kind in ("list", "numbers") and following is not None and following.item and _is_label(following, labels)
        if not (listed and following is not None and following.block == element.block):
            yield element


def _head(head: Head) -> str:
    """Return the line that an issue begins with."""
    prefix = _prefix(head.prefix)
    number = f"{prefix}{{{{ issue.id }}}}{_separator(head.separator)}" if head.is_numbered else ""
    rank = "issue.rank" if head.severity == "upper" else "issue.rank | capitalize"
    text = f"{{{{ issue.title }}}}{f' ({{{{ {rank} }}}})' if head.severity else ''}"
    if head.kind == "item":
        return f"{{{{ issue.id }}}}. **{text}**" if head.bold else f"{{{{ issue.id }}}}. {text}"
    if head.kind == "paragraph":
        return f"**{number}{text}**"
    return f"{'#' * head.level} {number}**{text}**" if head.bold else f"{'#' * head.level} {number}{text}"


def _prefix(prefix: str) -> str:
    """Return what stands before an issue's number: signs, a severity, a noun."""
    if not prefix.strip():
        return ""
    signs = "".join(_SIGNS.findall(prefix.split("#")[0]))
    signs = "{{ issue.sign }}" if any(circle in signs for circle in CIRCLES) else signs
    noun, rank = NOUNS.search(prefix), SEVERITY.search(prefix)
    severe = ("{{ issue.rank }} " if rank[0].isupper() else "{{ issue.rank | capitalize }} ") if rank else ""
    words = f"{severe}{noun[0]} " if noun else ""
    return f"{signs + ' ' if signs.strip() else ''}{words}{'#' if '#' in prefix else ''}"


def _separator(separator: str) -> str:
    return separator if re.fullmatch(r"\s*[.:)\u2013\u2014-]\s+", separator) else ". "


def _known(name: str) -> Content:
    content = tables().field(name)
    assert content is not None
    return content


def _joins(head: Element, previous: Element | None) -> bool:
    return previous is not None and previous.kind in ("label", "text") and previous.block == head.block and not head.item


def _joins_next(found: Sequence[Element], part: Part) -> bool:
    """Whether the next label stands in the same paragraph."""
    last = part.under[-1] if part.under else part.head
    at = found.index(last) if last in found else len(found)
    return at + 1 < len(found) and found[at + 1].kind == "label" and last is not None and _joins(found[at + 1], last)


def _marked(each: str, style: Style, element: Element) -> str:
    """Return an item with the marks that the example has: ticks and crosses, or none."""
    if element.ticks or style.manner.ticks:
        return each.replace("Missing: ", "❌ ")
    return each.replace("{{ verified.mark }} ", "")


def _places_table() -> Iterator[str]:
    yield "| Address | Place |"
    yield "|---|---|"
    yield "{% for located in issue.where %}"
    yield '| {{ located.address | code | cell }} | {{ located.places | cell or "-" }} |'
    yield "{% else %}"
    yield "| - | - |"
    yield "{% endfor %}"


class _Body:
    """Writes what an issue consists of; a sentence that has been said is not said again where code says more."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.said: set[str] = set()
        self.unmapped: list[Unmapped] = []

    def unlabelled(self, under: Sequence[Element]) -> list[str]:
        """Return the lines of what stands under no label: the problem, and behind the first code, where there is more, the correction."""
        fences = [index for index, element in enumerate(under) if element.kind == "fence"]
        if self.style.head.kind == "item":
            return []
        if len(fences) < 2:
            return self._contents(under, _known("problem"))
        first, second = under[: fences[0] + 1], under[fences[0] + 1 :]
        return self._contents(first, _known("problem")) + self._contents(second, _known("fix"))

    def labelled(self, part: Part, head: Element, previous: Element | None) -> list[str]:
        """Return the lines of a label with what stands under it."""
        written = self.style.written[normal(head.text)]
        content = tables().field(written)
        label = tables().kept(written, content.title) if content else written
        if content is None:
            self.unmapped.append(Unmapped(head.line, f"label {written!r}"))
            if not few(written):
                return []
            content = replace(_known("severity"), name="", text=_UNMAPPED)
        elif content.name == "severity":
            content = replace(content, text=self._severity())
        if head.kind == "heading":
            return ["", f"{'#' * head.level} {label}", *self._contents(part.under, content)]
        gap = [] if _joins(head, previous) or (head.item and previous and previous.item) else [""]
        first = f"{'- ' if head.item else ''}**{label}**:"
        kinds = [element.kind for element in part.under]
        is_apart = kinds[:1] in (["list"], ["numbers"]) or (content.text in self.said and bool(content.code) and "fence" in kinds)
        several = bool(content.loop) and not content.lead and bool({"list", "numbers"} & set(kinds))
        if several or (is_apart and not (head.inline and content.text not in self.said)):
            return [*gap, first, *self._contents(part.under, content, head)]
        self.said.add(content.text)
        end = "{{ br }}" if _joins_next(self.style.issue, part) else ""
        return [*gap, *line(f"{first} {content.text}{end}"), *self._contents(part.under, content, head, is_said=True)]

    def _severity(self) -> str:
        rank = "{{ issue.rank }}" if self.style.manner.capitals else "{{ issue.rank | capitalize }}"
        return f"{{{{ issue.sign }}}} {rank}" if self.style.manner.circles else rank

    def _contents(self, under: Sequence[Element], content: Content, head: Element | None = None, *, is_said: bool = False) -> list[str]:
        """Return the lines of what stands under a label or heading: its text once, and lists, tables and code as the example has them, each once.

        What a fence shows is never left without the sentence that says whether it is a defect or a correction.
        """
        lines: list[str] = []
        kinds = set[str]()
        before = head
        for element in under:
            kind = "list" if element.kind == "numbers" else element.kind
            if kind in ("text", "fence") and not is_said and (content.text not in self.said or not content.code):
                lines += ["", *line(content.text)]
                is_said = True
            if kind == "list" and kind not in kinds:
                gap = [] if before is not None and element.line == before.line + 1 and before.kind == "label" else [""]
                lines += [*gap, *_list(element, content, self.style, is_said=is_said or content.text in self.said)]
                is_said = True
            elif kind == "table" and kind not in kinds:
                lines += ["", *_places_table()]
            elif kind == "fence" and kind not in kinds and content.code and self.style.head.kind != "item":
                lines += _code(content, element.text)
            kinds.add(kind)
            before = None
        if not lines and not is_said:
            lines, is_said = ["", *line(content.text)], True
        self.said.update([content.text] if is_said else [])
        return lines


def _list(element: Element, content: Content, style: Style, *, is_said: bool) -> Iterator[str]:
    """Yield a list: the text where it is not said yet, and what there is of several things."""
    first, mark = ("1.", "{{ loop.index }}.") if element.kind == "numbers" else ("-", "-")
    lead = not content.loop or (content.lead and not is_said)
    if lead:
        yield from line(f"{first} {content.text}")
        mark = mark.replace("loop.index", "loop.index + 1")
    if not content.loop:
        return
    yield f"{{% for {content.loop} %}}"
    yield from line(f"{mark} {_marked(content.each, style, element)}")
    if not lead:
        yield from ("{% else %}", *line(f"{first} {content.none}"))
    yield "{% endfor %}"


def _code(content: Content, info: str) -> Iterator[str]:
    """Yield the loop over code; whose it is stands above each block."""
    caption = ["", "{{ excerpt.caption }}"] if content.caption else []
    yield f"{{% for excerpt in {content.code} %}}"
    yield from (*caption, "", f'{{{{ excerpt.text | fence("{_info(info)}") }}}}')
    if content.nothing:
        yield from ("{% else %}", "", content.nothing)
    yield "{% endfor %}"


def _info(info: str) -> str:
    """Return the info string of code: the example's where it is one for Terraform, a shell or text."""
    return info if language(info) in ("hcl", "bash", "") else "hcl"
