"""What a document leaves out, and issues of it that are about nothing that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reviewgen.documents import ReadIssue
from reviewgen.documents.page import Kind as Block
from reviewgen.model import Category, Issue
from reviewgen.terraform.schema import shipped

from .finding import Case, Finding, Kind
from .words import words

_TYPE = re.compile(r"\b((?:aws|tls|archive|null|time)_[a-z0-9_]+)(?:\.[A-Za-z_][\w-]*)?")
_GENERIC = frozenset(
    ["main", "this", "default", "primary", "secondary", "logs", "app", "name", "tags", "policy", "type", "value", "description"]
)


def check(case: Case) -> Iterator[Finding]:
    """Yield the serious issues of the review that a document does not mention, and its issues that nothing supports."""
    for issue in case.review.issues:
        if issue.category in (Category.BLOCKER, Category.CRITICAL) and not _mentioned(issue, case):
            place = f" Where: {', '.join(f'`{address}`' for address in issue.where[:3])}." if issue.where else ""
            says = f"nothing about: {issue.title}"
            yield Finding(
                Kind.LACKS, 0, "", says, (f"{issue.category.value.capitalize()} in our review (issue #{issue.id}): {issue.problem}{place}",)
            )
    for read in case.reading.issues:
        yield from _unsupported(read, case)


def _mentioned(issue: Issue, case: Case) -> bool:
    """Whether a document has anything that an issue is about: an address, a type or its usual name, an argument, words of the title."""
    text = case.document
    for address in issue.where:
        for type_ in _TYPE.findall(address):
            nouns = [noun for noun in words().nouns if noun.types and noun.types.match(type_)]
            if type_ in text or any(re.search(rf"\b(?:{noun.words.pattern})\b", text, re.I) for noun in nouns):
                return True
        parts = [part for part in re.split(r"[.\[\]\"]+", address) if len(part) > 3 and part not in _GENERIC]
        if any(re.search(rf"(?<![\w-]){re.escape(part).replace('_', '[ _-]')}(?![\w-])", text, re.I) for part in parts):
            return True
    if any(value in text for value in re.findall(r"`([^`]{6,})`", issue.problem)):
        return True
    titled = [word for word in re.findall(r"[A-Za-z_]{5,}", issue.title) if word.lower() not in _COMMON]
    return not issue.where or any(word.lower() in text.lower() for word in titled)


_COMMON = frozenset(
    ["missing", "without", "should", "model", "ideal", "which", "there", "their", "other", "nothing", "cannot", "names", "every", "where"]
)


def _unsupported(issue: ReadIssue, case: Case) -> Iterator[Finding]:
    """Yield an issue whose resource types neither answer has and PROMPT does not speak of."""
    pieces = [piece for piece in case.reading.pieces if issue.line <= piece.line < _end(issue, case) and piece.kind is not Block.CODE]
    named = [type_ for piece in pieces for type_ in _TYPE.findall(piece.text)]
    types = sorted({type_ for type_ in named if not _known(type_, case)})
    titled = [word for word in re.findall(r"[A-Za-z]{5,}", issue.title) if word.lower() not in _COMMON]
    texts = " ".join(text.text.lower() for text in (case.model_text, case.ideal_text, case.prompt_text))
    elsewhere = issue.requirement is not None or any(word.lower() in texts for word in titled)
    if named and len(types) == len(set(named)) and not elsewhere:
        says = f'issue "{issue.title}"'
        listed = ", ".join(f"`{type_}`" for type_ in types[:3])
        yield Finding(
            Kind.UNSUPPORTED,
            issue.line,
            issue.id or issue.title,
            says,
            (f"Neither answer has {listed}, and PROMPT asks for nothing of the kind.",),
        )


def _known(type_: str, case: Case) -> bool:
    """Whether an answer has a type, or PROMPT has its service's name."""
    if type_ not in _types():
        return True
    service = type_.split("_")[1]
    texts = (case.model_text, case.ideal_text)
    return any(type_ in text.text for text in texts) or any(service in text.text.lower() for text in (*texts, case.prompt_text))


@cache
def _types() -> frozenset[str]:
    """Return the resource types and data sources of the providers that are known."""
    schemas = shipped(())
    bundles = [schemas.bundle(source, version) for source in sorted(schemas.files) for version in schemas.versions(source)]
    return frozenset(name for bundle in bundles if bundle for name in (*bundle.resource_types, *bundle.data_types))


def _end(issue: ReadIssue, case: Case) -> int:
    """Return the line on which the next issue begins."""
    return min((other.line for other in case.reading.issues if other.line > issue.line), default=len(case.document) + 1)
