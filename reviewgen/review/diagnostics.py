"""What Terraform says of a tree, as findings: grouped into root causes, with the reference or argument that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Diagnostic, Impact, Severity, Stage, Validation
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

# Errors that an unfinished tree has by its nature: they say nothing about the answer.
_NEEDS_WHOLE_TREE = re.compile(
    r"Reference to undeclared|Module not installed|Unreadable module directory|Provider configuration not present|Unsupported attribute|"
    r"Missing required argument|Missing required provider|Unsupported argument"
)
_QUOTED = re.compile(r'"([^"]+)"')


def findings(graph: Graph, validation: Validation) -> Iterator[Finding]:
    """Yield one finding for each diagnostic that says something about the answer; equal ones once."""
    seen: set[tuple[str, str, str, str]] = set()
    for diagnostic in validation.diagnostics:
        if validation.incomplete and _NEEDS_WHOLE_TREE.search(diagnostic.summary):
            continue
        finding = _finding(graph, diagnostic, validation.source)
        key = (finding.rule, finding.address, finding.attribute, finding.key)
        if key not in seen:
            seen.add(key)
            yield finding


def kind(summary: str) -> str:
    """Return a summary as a rule id: ``tf:unsupported-argument``; names and values in it do not count."""
    words = re.sub(r"\[.*|\(.*", "", _QUOTED.sub("", summary)).lower()
    return "tf:" + "-".join(re.findall(r"[a-z]+", words)[:6])


def _finding(graph: Graph, diagnostic: Diagnostic, source: str) -> Finding:
    owner = _owner(graph, diagnostic)
    error = diagnostic.severity == "error"
    attribute = _attribute(owner, diagnostic)
    address = owner.address if owner else ""
    place = f"`{address}`" if address else _place(diagnostic)
    said = diagnostic.detail.split("\n\n")[0].replace("\n", " ").strip() or diagnostic.summary
    verdict = "rejects" if error else "warns about"
    return Finding(
        kind(diagnostic.summary),
        diagnostic.summary.rstrip("."),
        Category.BLOCKER if error else Category.WARNING,
        Severity.CRITICAL if error else Severity.LOW,
        address,
        f"`terraform validate` {verdict} {place}: {plain(said)}",
        f'Terraform\'s check of {place} finds no "{plain(diagnostic.summary)}"',
        attribute,
        _subject(diagnostic),
        "C",
        stage=Stage.VALIDATE,
        message=f"{'Error' if error else 'Warning'}: {diagnostic.summary}\n{diagnostic.detail}".strip(),
        impact=_impact(error),
        signals=("validate",),
    )


def plain(text: str) -> str:
    """Return Terraform's words without characters that the documents' prose gives a meaning."""
    return text.replace("`", "'")


def _impact(error: bool) -> tuple[Impact, ...]:
    if error:
        return (Impact("Deployment", "`terraform validate` fails, so nothing can be planned or applied."),)
    return (Impact("Operations", "Nothing fails today; Terraform asks for the change before a later version makes it an error."),)


def _place(diagnostic: Diagnostic) -> str:
    where = diagnostic.range
    return f"`{where.filename}:{where.start.line}`" if where else "the configuration"


def _subject(diagnostic: Diagnostic) -> str:
    """Return what tells two diagnostics of one kind at one place apart: the quoted names, never positions."""
    names = _QUOTED.findall(diagnostic.summary + " " + diagnostic.detail)
    return " ".join(names[:4])[:120]


def _owner(graph: Graph, diagnostic: Diagnostic) -> Declaration | None:
    where = diagnostic.range
    if where is not None:
        inside = [
            d for d in _all(graph)
            if d.block.file == where.filename and d.block.start <= where.start.byte < max(d.block.end, d.block.start + 1)
            and (d.attribute is None or d.attribute.start <= where.start.byte <= d.attribute.end)
        ]  # fmt: skip
        if inside:
            return min(inside, key=lambda d: (d.block.end - d.block.start, d.address))
    return graph.get(diagnostic.address.split("[")[0]) if diagnostic.address else None


def _all(graph: Graph) -> Iterable[Declaration]:
    for module in graph.tree.modules.values():
        yield from module.declarations.values()
        yield from module.duplicates


def _attribute(owner: Declaration | None, diagnostic: Diagnostic) -> str:
    """Return the path of the argument or nested block at the diagnostic's place; empty for the block's header."""
    where = diagnostic.range
    if owner is None or where is None or owner.attribute is not None:
        return ""
    block, path = owner.block, ""
    while True:
        inner = next((b for b in block.blocks if b.start <= where.start.byte < b.end), None)
        if inner is None:
            break
        step = inner.labels[0] if inner.type == "dynamic" and inner.labels else "" if inner.type == "content" else inner.type
        path, block = f"{path}.{step}".strip(".") if step else path, inner
    name = next((a.name for a in (*block.attributes.values(), *block.duplicates) if a.start <= where.start.byte <= a.end), "")
    return f"{path}.{name}".strip(".")
