"""RG9xx: what the answer says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Comment
from reviewgen.model.review import Category, Quote, Severity
from reviewgen.model.tree import Declaration, Module
from reviewgen.terraform import Graph

from ..base import Hit, Rule

# Words by which an answer admits that it leaves work to the reader. Each is a whole phrase: "production" alone says nothing.
_PHRASES = (
    r"replace (?:this |these |it |them )?with",
    r"would (?:typically|normally|usually)",
    r"in (?:a )?(?:real|actual)[\w -]{0,14}(?:deployment|environment|world|scenario|setup|implementation|project)",
    r"in production,? (?:you|use|this|we|replace|consider)",
    r"for demonstration",
    r"for demo purposes",
    r"(?:is|as|just) a placeholder",
    r"placeholder (?:for|value|code|implementation|zip|image|until)",
    r"you (?:would|will|may|might|should) need to",
    r"needs? to be (?:replaced|updated|changed|created|configured|set)",
    r"must be (?:replaced|updated)",
    r"\b(?:TODO|FIXME)\b",
    r"change (?:this|me)\b",
    r"update (?:this|with your)\b",
    r"your[- ](?:actual|own|real)\b",
    r"simplified (?:version|example|for)",
    r"not implemented",
    r"left (?:out|as an exercise)",
    r"(?:managed|created) (?:separately|manually)",
    r"assum(?:es|ing|e) (?:you|that|an existing)\b",
    r"assum(?:es|ing|e) the (?!\w*[- ]?roles?\b)",
)
_ADMISSION = re.compile("|".join(_PHRASES), re.IGNORECASE)
# Comments on lines that follow each other are one remark.
_MOST_LINES = 8
_MARKS = ("#", "//", "/*")


def remarks(comments: tuple[Comment, ...], text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (first line, last line, text) of a file's remarks: comments that fill consecutive lines belong together."""
    lines = text.split("\n")
    group: list[Comment] = []
    for comment in comments:
        alone = lines[comment.line - 1].lstrip().startswith(_MARKS)
        if group and (comment.line != group[-1].line + 1 or "\n" in comment.text or not alone):
            yield _joined(group)
            group = []
        group.append(comment)
        if not alone:  # what stands behind code speaks of that line only
            yield _joined(group)
            group = []
    if group:
        yield _joined(group)


def _joined(group: list[Comment]) -> tuple[int, int, str]:
    text = "\n".join(c.text.rstrip() for c in group)
    return group[0].line, group[0].line + text.count("\n"), text


def admissions(graph: Graph) -> Iterator[tuple[Quote, Declaration | None]]:
    """Yield the remarks in which a tree admits that something is missing, with the declaration in or before which each stands."""
    for module in graph.tree.modules.values():
        for path in sorted(module.comments):
            for first, last, text in remarks(module.comments[path], graph.tree.files[path].text):
                if _ADMISSION.search(text) and last - first < _MOST_LINES:
                    yield Quote(path, first, last, text), _owner(module, path, first)


def _owner(module: Module, path: str, line: int) -> Declaration | None:
    """Return the declaration around a line, or the first one behind it in the file, or the last one before it."""
    inside = [d for d in module.declarations.values() if d.block.file == path and d.attribute is None]
    later = [d for d in inside if d.block.end_line >= line]
    if later:
        return min(later, key=lambda d: (d.block.line, d.address))
    return max(inside, key=lambda d: (d.block.end_line, d.address), default=None)


def admitted_gap(graph: Graph) -> Iterator[Hit]:
    """Each remark is a hit of its own; the review joins those of one tree."""
    for quote, owner in admissions(graph):
        if owner is None:
            continue
        yield Hit(
            owner.address,
            f"A comment at `{quote.file}:{quote.line}` leaves something to be done by hand.",
            f"`{quote.file}` is free of the comment quoted above",
            key=" ".join(quote.text.split()).lower(),
            quotes=(quote,),
        )


RULES = (
    Rule(
        "RG901",
        "admitted-gap",
        "Comments leave work to the reader",
        Category.WARNING,
        Severity.MEDIUM,
        admitted_gap,
        "",
        fix_class="C",
        impact=(("Function", "What the comments name has to be done by hand before the stack can be used as asked."),),
        lesson="An answer that says what it leaves out is still incomplete: deliver the resource, or a variable for it.",
        advice="Replace what the comments name by resources or by variables without a default.",
    ),
)
