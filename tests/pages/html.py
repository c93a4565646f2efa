"""A page as a tree of tags, strictly: what is not closed, or not in its order, is an error."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "col", "input", "br"}


class Page(HTMLParser):
    """What stands in a page: its tags with their attributes in order, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"an attribute twice in {tag}"
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open.pop() == tag, f"</{tag}> closes nothing, in line {self.getpos()[0]}"

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, tag: str, attribute: str) -> list[str]:
        """Return the values of an attribute of all such tags that have it."""
        return [attributes[attribute] for name, attributes in self.tags if name == tag and attribute in attributes]
