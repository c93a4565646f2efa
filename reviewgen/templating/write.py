"""The style of an example to a Jinja template, in words of our own but for headings and labels that any document may have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reviewgen.render.viewmodel import VERSION

from .body import issue
from .parts import Unmapped
from .recognise import Style
from .skeleton import Element
from .surround import Surroundings, shown
from .tables import CIRCLES, SEVERITY, tables

_INTRODUCTION = "{{ view.model | code }} is compared with {{ view.ideal | code }}. Sample: {{ view.sample | code }}."
_HEADLINE = "{{ view.headline }}"


def template(style: Style, name: str) -> tuple[str, tuple[Unmapped, ...]]:
    """Return the text of a template, and what of the example it has nothing for."""
    around = Surroundings()
    title = around.title(style.before)
    before = list(around.lines(style.before[1:] if style.before[:1] and style.before[0].kind == "heading" else style.before, "Summary"))
    unmapped: list[Unmapped] = []
    body = issue(style, unmapped)
    behind = list(around.lines(style.behind, "Conclusion"))
    lines = [
        f"{{# Documents in the style of an example, for view model {VERSION}; see docs/templates.md and docs/view-model.md. #}}",
        title,
        "",
        f'{{{{ begin("{name}") }}}}',
        _INTRODUCTION if _HEADLINE in before else f"{_INTRODUCTION} {_HEADLINE}",
        *before,
        f'{{{{ end("{name}") }}}}',
        *_issues(style, body),
    ]
    if behind:
        lines += ["", '{{ begin("summary") }}', *behind[not behind[0] :], '{{ end("summary") }}']
    return "\n".join(lines) + "\n", tuple(sorted((*unmapped, *around.unmapped), key=lambda found: found.line))


def _issues(style: Style, issue: Sequence[str]) -> Iterator[str]:
    """Yield the loop over the issues, in sections where the example has them."""
    rule = ["", "---"] if style.manner.rule else []
    block = ["", "{{ begin(issue.part) }}", *issue, "{{ end(issue.part) }}", *rule, "{% endfor %}"]
    if style.above is not None:
        yield from ("", f"{'#' * style.above.level} {tables().kept(shown(style.above.text), 'Issues')}")
    if style.section is None:
        yield from ("{% for issue in view.issues %}", *block)
        return
    yield "{% for level in view.levels %}"
    yield from ("", "{{ begin(level.title | lower) }}", _section(style.section), "{{ end(level.title | lower) }}")
    yield from ("{% for issue in level.issues %}", *block, "{% endfor %}")


def _section(section: Element) -> str:
    """Return the heading of one severity: its word, and what follows it as far as any document may say so."""
    signs = "{{ level.sign }} " if any(circle in section.text for circle in CIRCLES) else ""
    match = SEVERITY.search(section.text)
    rest = section.text[match.end() :].split("(")[0].strip(" :-") if match else "Issues"
    rest = tables().kept(rest, "Issues") if rest else ""
    word = "{{ level.title | upper }}" if match and match[0].isupper() else "{{ level.title }}"
    return f"{'#' * section.level} {signs}{word}{' ' if rest else ''}{rest}"
