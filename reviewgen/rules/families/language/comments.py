"""RG9xx: what the answer says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Block, Comment
from reviewgen.model.review import Category, Quote, Severity
from reviewgen.model.tree import LAID_UNDER, Declaration, Module
from reviewgen.terraform import Graph

from ...base import Hit, Rule

_PLACEHOLDER, _TODO = "placeholder", "todo"
# By these words a remark tells the reader to put something else where it stands; whose it is to be, others say.
_TO_CHANGE, _WHOSE = frozenset({"adjust ", "replace", "change ", "restrict ", "update "}), "your"
# PROMPT may have such places marked.
_ASKS_FOR_MARKS = r"(?<!not )(?<!n't )(?<!never )\b(?:add|use|mark\w*|insert|put)\b(?![^\n.]*\bno\b)[^\n.]{0,40}\btodos?\b"
# What is said to be made elsewhere, and stands there all the same, or has to be there before the first run: a backend's bucket.
_APART = "ly"
# One line between two rules: ``####`` above and below.
_HEADING = re.compile(r"(?:#|//)[#=*/ -]{3,}\n[^\n]*\n(?:#|//)[#=*/ -]{3,}")
# Words of what a demonstration does without.
_ELSEWHERE = r"instead|without|production|prod|real|self-signed|disabled?|skip|simulat\w+|dummy|fake|mock"
# Words by which an answer admits that it leaves work to the reader, behind a word of each that is looked for first. Each is a whole phrase:
# "production" alone says nothing.
_PHRASES = (
    ("replace", r"replace (?:this |these |it |them )?with"),
    ("would ", r"would (?:typically|normally|usually)"),
    ("real", r"in (?:a )?real[\w -]{0,14}(?:deployment|environment|world|scenario|setup|implementation|project)"),
    ("actual", r"in (?:a )?actual[\w -]{0,14}(?:deployment|environment|world|scenario|setup|implementation|project)"),
    ("in production", r"in production,? (?:you|use|this|we|replace|consider)"),
    # Of a demonstration everything is that, and done; what the remark says of elsewhere is not.
    ("for demo", rf"(?s:\A(?=.*\b(?:{_ELSEWHERE})\b).*(?:(?<!inline )for demonstration|for demo purposes))"),
    (_PLACEHOLDER, r"(?:is|as|just) a placeholder|placeholder (?:for|value|code|implementation|zip|image|until)"),
    ("need to", r"you (?:would|will|may|might|should) need to"),
    # That something has to come before another thing is an order, and nothing left undone.
    ("to be ", r"needs? to be (?:replaced|updated|changed|created|configured|set)\b(?! (?:first|before|after|prior|when|to|explicitly)\b)"),
    ("must be ", r"must be (?:replaced|updated)"),
    # In small letters it is a thing to be done of an application's.
    (_TODO, r"(?-i:\bTODO\b)|\btodo ?:"),
    ("fixme", r"\bFIXME\b"),
    ("adjust ", r"(?<!not )(?<!n't )adjust (?:this |it |these )?to your\b"),
    (
        "change ",
        r"(?<!can )(?<!not )(?<!n't )(?<!never )(?<!if you )(?<!when you )(?<!before you )change (?:this|me|(?:it |this )?to your)\b",
    ),
    ("restrict ", r"restrict (?:this |it )?to your\b"),
    ("update ", r"(?<!not )(?<!n't )(?<!never )(?<!if you )(?<!when you )update (?:this|with (?:your|actual))\b"),
    (_WHOSE, r"your[- ](?:actual|own|real)\b"),
    ("simplified", r"simplified (?:version|example|for)"),
    ("implemented", r"not implemented"),
    ("left ", r"left (?:out|as an exercise)"),
    (_APART, r"(?:managed|created) (?:separately|manually)(?! by (?:aws|amazon|rds|aurora|secrets manager|acm|eks)\b)"),
    ("assum", r"assum(?:es|ing|e) (?:you|that|an existing)\b|assum(?:es|ing|e) the (?!\w*[- ]?roles?\b)"),
)
_ADMISSIONS = tuple((word, re.compile(phrase, re.IGNORECASE)) for word, phrase in _PHRASES)
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


def _admissions(text: str) -> tuple[str, ...]:
    """Return the words by which a remark leaves something undone; what is optional does not, and the heading of a placeholder names it."""
    lower = text.lower()
    if "optional" in lower:
        return ()
    found = tuple(word for word, phrase in _ADMISSIONS if word in lower and phrase.search(text))
    return () if found == (_PLACEHOLDER,) and _HEADING.fullmatch(text) else found


def admits(text: str) -> bool:
    """Whether a line of code is a remark that leaves something undone."""
    return text.lstrip().startswith(_MARKS) and bool(_admissions(text))


def admissions(graph: Graph) -> Iterator[tuple[Quote, Declaration | None]]:
    """Yield the remarks in which a tree admits that something is missing, with the declaration in or before which each stands."""
    for module in graph.tree.modules.values():
        for path in sorted(module.comments):
            for first, last, text in remarks(module.comments[path], graph.tree.files[path].text):
                found = _admissions(text) if last - first < _MOST_LINES else ()
                owner = (
                    (_owner_below(module, path, first, last) if path.endswith(LAID_UNDER) else _owner(module, path, first))
                    if found
                    else None
                )
                if found and not (found == (_APART,) and owner is not None and _is_of_nothing(module, path, owner, last)):
                    yield Quote(path, first, last, text), owner


def _is_of_nothing(module: Module, path: str, owner: Declaration, last: int) -> bool:
    """Whether what is said to be made elsewhere is made all the same, or the heading of the next part follows: then it is nothing of the stack's."""
    parted = owner.block.file == path and any(last < comment.line < owner.block.line for comment in module.comments[path])
    return parted or _is_made_all_the_same(owner, last)


def _is_made_all_the_same(owner: Declaration, line: int) -> bool:
    """Whether a resource begins on the line behind a remark, or the remark stands in a backend, which makes nothing."""
    return (owner.kind == "resource" and owner.block.line == line + 1) or (owner.kind == "terraform" and owner.name == "backend")


def _owner(module: Module, path: str, line: int) -> Declaration | None:
    """Return the declaration around a line, or the first one behind it in the file, or the last one before it."""
    here = [d for d in module.declarations.values() if d.block.file == path]
    values = [d for d in here if d.attribute is not None and d.block.line <= line <= d.attribute.end_line]
    if values:
        return min(values, key=lambda d: (d.attribute.line if d.attribute else 0, d.address))
    inside = [d for d in here if d.attribute is None]
    later = [d for d in inside if d.block.end_line >= line]
    if later:
        return min(later, key=lambda d: (d.block.line, d.address))
    return max(inside, key=lambda d: (d.block.end_line, d.address), default=None)


def _owner_below(module: Module, path: str, first: int, last: int) -> Declaration | None:
    """Return the declaration that holds a remark of a file under another tree, or stands right behind it; None where that came in its place."""
    every = module.declarations.values()
    holding = [d for d in every if d.attribute is None and _holds(d.block, path, first)]
    behind = [d for d in every if d.block.file == path and (d.attribute or d.block).line == last + 1]
    return min(holding or behind, key=lambda d: d.address, default=None)


def _holds(block: Block, path: str, line: int) -> bool:
    """Whether what a block has of a file, which for one laid over another may be a part of it, goes over a line."""
    if block.file == path:
        return block.line <= line <= block.end_line
    inherited = any(a.file == path and a.line <= line <= a.end_line for a in block.attributes.values())
    return inherited or any(_holds(inner, path, line) for inner in block.blocks)


def admitted_gap(graph: Graph) -> Iterator[Hit]:
    """Each remark is a hit of its own; the review joins those of one tree."""
    for quote, owner in admissions(graph):
        if owner is None:
            continue
        yield Hit(
            owner.address,
            f"A comment at `{quote.file}:{quote.line}` {_said(quote.text)}.",
            f"`{quote.file.removesuffix(LAID_UNDER)}` makes no remark like the one quoted above",
            key=" ".join(quote.text.split()).lower(),
            quotes=(quote,),
            unless=_unless(quote.text, owner),
        )


def _unless(text: str, owner: Declaration) -> str:
    """Return by which words PROMPT asks for what a remark is about: for one of a kind, or for a placeholder or default of that variable."""
    if _TODO in _admissions(text):
        return _ASKS_FOR_MARKS
    if _PLACEHOLDER in text.lower():
        return _PLACEHOLDER
    if owner.kind != "variable":
        return ""
    name = "[ _/-]".join(map(re.escape, owner.name.lower().split("_")))
    return rf"\b{name}\b[^.\n]{{0,60}}\b{_PLACEHOLDER}|\bdefaults for\b[^.\n]*\b{name}\b"


def _said(text: str) -> str:
    """Return what a remark says of its place: a value that is to be changed is there, other than what is made elsewhere."""
    found = _admissions(text)
    if found == (_PLACEHOLDER,):
        return "calls something a placeholder"
    asked = set(found) - {_WHOSE}
    return "asks for a change of what stands there" if asked and asked <= _TO_CHANGE else "speaks of something that is not done here"


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
        impact=(("Function", "Whoever applies the stack has to find each place of this kind and to decide about it."),),
        lesson="An answer that says what it leaves out is still incomplete: deliver the resource, or a variable for it without a default.",
        advice="Replace what the comments name by resources or by variables without a default.",
    ),
)
