"""Reviews and diagnostics as SARIF 2.1.0, within what code hosting sites take: their limits are GitHub's, "SARIF support for code scanning".

A result stands where MODEL has the defect, in the file that a person has: in a Markdown document on that document's line. Fingerprints are
those of the issues, so that a result stays the same one when lines move or issues are numbered anew.
"""

from __future__ import annotations

import heapq
import json
import posixpath
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from reviewgen import __version__
from reviewgen.model import Category, Diagnostic, Issue, Place, Review, SourceFile, Status, tf
from reviewgen.records import dataclass

from .hygiene import normal

VERSION = "2.1.0"
MOST_RESULTS = 5_000
MOST_BYTES = 20_000_000
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LONGEST_MESSAGE = 1_000
_MOST_RELATED = 10
_LEVELS = {Category.BLOCKER: "error", Category.CRITICAL: "error", Category.WARNING: "warning"}
_STATES = {
    Status.FIXED: "IDEAL fixes it",
    Status.LEFT: "IDEAL leaves it",
    Status.UNMET: "neither tree meets it",
    Status.INTRODUCED: "IDEAL introduces it",
}
_ORDER = ("error", "warning", "note")
_SURROGATE = re.compile("[\ud800-\udfff]")

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Result:
    """One result with the rule that gave it; sorts by level, file, line, fingerprint."""

    rank: tuple[int, str, int, str]
    rule: str
    title: str
    level: str
    body: Json


def of_reviews(reviews: Iterable[tuple[str, Review]]) -> str:
    """Return the issues of some reviews as one log.

    Args:
        reviews: Each with the folder of the sample, as the places of results should begin; read one by one.
    """
    return _log(result for base, review in reviews for issue in review.issues for result in [_of_issue(base, review, issue)])


def of_diagnostics(base: str, files: Iterable[SourceFile], diagnostics: Iterable[Diagnostic]) -> str:
    """Return what ``validate`` says of a tree as one log.

    Args:
        base: The document or folder that the tree was read from, as places should name it.
        files: The tree's files.
        diagnostics: What is said of them.
    """
    known = {file.path: file for file in files}
    return _log(_of_diagnostic(base, known, diagnostic) for diagnostic in diagnostics)


def _of_issue(base: str, review: Review, issue: Issue) -> Result:
    level = "note" if issue.severity == "LOW" else _LEVELS[issue.category]
    side = "ideal" if issue.status is Status.INTRODUCED else "model"
    every = [(address, place) for address in issue.where for place in review.places.get(address, ())]
    places = [pair for pair in every if pair[1].side == side]
    here = _location(base, review, *places[0]) if places else _document(base, review)
    uri, line = _place_of(here)
    text = normal(f"{issue.title}. {issue.problem} ({_STATES[issue.status]}.)").replace("\n", " ")
    body: Json = {
        "message": {"text": text if len(text) <= _LONGEST_MESSAGE else f"{text[: _LONGEST_MESSAGE - 4]} ..."},
        "locations": [here],
        "partialFingerprints": {"reviewgen/v1": f"{review.sample.id}:{issue.fingerprint}"},
        "properties": {"category": issue.category.value, "status": issue.status.value, "sample": review.sample.id},
    }
    more = [_location(base, review, *pair) for pair in (places[1:] if places else every)][:_MOST_RELATED]
    if more:
        body["relatedLocations"] = [{"id": n, **place} for n, place in enumerate(more, 1)]
    return Result((_ORDER.index(level), uri, line, issue.fingerprint), issue.rule, issue.title, level, body)


def _location(base: str, review: Review, address: str, place: Place) -> Json:
    name = review.sample.model if place.side == "model" else review.sample.ideal
    if place.document_line:
        found = _physical(_uri(base, name), place.document_line)
    else:
        found = _physical(_uri(base, name.removesuffix("/") if place.file == name else f"{name}/{place.file}"), place.line)
    return {**found, "logicalLocations": [{"fullyQualifiedName": address, "kind": "resource"}]}


def _document(base: str, review: Review) -> Json:
    """Return the place of what stands nowhere: the beginning of MODEL, of a folder of its first file that an issue names."""
    name = review.sample.model
    files = sorted({place.file for at in review.places.values() for place in at if place.side == "model"})
    return _physical(_uri(base, posixpath.join(name, files[0]) if name.endswith("/") and files else name), 1)


def _physical(uri: str, line: int) -> Json:
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": max(1, line)}}}


def _uri(base: str, path: str) -> str:
    """Return a relative reference; nothing of it leads out of where it begins."""
    joined = posixpath.normpath(posixpath.join(base, path)).lstrip("/")
    return quote("/".join(step for step in joined.split("/") if step not in ("", ".", "..")), errors="replace") or "MODEL_RESPONSE"


def _place_of(location: Json) -> tuple[str, int]:
    physical = location["physicalLocation"]
    assert isinstance(physical, dict)
    return str(physical["artifactLocation"]["uri"]), int(physical["region"]["startLine"])


def _of_diagnostic(base: str, files: dict[str, SourceFile], diagnostic: Diagnostic) -> Result:
    from reviewgen.review.diagnostics import rule_of

    rule = rule_of(diagnostic)
    where = diagnostic.range
    file = files.get(where.filename) if where is not None else None
    if where is None:
        here = _physical(_uri(base, ""), 1)
    elif file is not None and file.origin:
        here = _physical(_uri(base, ""), file.origin_line(where.start.line))
    else:
        own = base if base.endswith((".tf", ".tf.json")) else posixpath.join(base, where.filename)
        here = _physical(_uri("", own), where.start.line)
        _set_columns(here, diagnostic)
    if diagnostic.address:
        here["logicalLocations"] = [{"fullyQualifiedName": diagnostic.address, "kind": "resource"}]
    uri, line = _place_of(here)
    level = "error" if diagnostic.severity == "error" else "warning"
    text = " ".join(f"{diagnostic.summary}: {diagnostic.detail}".rstrip(": ").split())
    fingerprint = f"{rule}:{diagnostic.address or (where.filename if where else '')}:{text[:200]}"
    body: Json = {
        "message": {"text": text[:_LONGEST_MESSAGE] or "no message"},
        "locations": [here],
        "partialFingerprints": {"reviewgen/v1": fingerprint},
    }
    return Result((_ORDER.index(level), uri, line, fingerprint), rule, diagnostic.summary, level, body)


def _set_columns(location: Json, diagnostic: Diagnostic) -> None:
    where = diagnostic.range
    physical = location["physicalLocation"]
    assert isinstance(physical, dict) and where is not None
    ends = {"endLine": where.end.line, "endColumn": where.end.column} if where.end.line >= where.start.line else {}
    physical["region"] |= {"startColumn": where.start.column, **ends}


def _log(results: Iterable[Result]) -> str:
    """Return a log of the gravest results that fit, in a total order."""
    kept, number = _gravest(results)
    size = len(kept)
    while True:
        text = _written(kept[:size], number - size)
        excess = len(text.encode()) / MOST_BYTES
        if excess <= 1 or not size:
            return text
        size = min(size - 1, int(size / excess * 0.98))


def _gravest(results: Iterable[Result]) -> tuple[list[Result], int]:
    """Return the first results by rank, and how many there were; never more than twice as many are kept at a time."""
    kept: list[Result] = []
    number = 0
    for result in results:
        number += 1
        kept.append(result)
        if len(kept) >= 2 * MOST_RESULTS:
            kept = heapq.nsmallest(MOST_RESULTS, kept, key=lambda r: r.rank)
    return sorted(kept, key=lambda r: r.rank)[:MOST_RESULTS], number


def _written(results: list[Result], left: int) -> str:
    titles: dict[str, tuple[str, str]] = {}
    for result in results:
        titles.setdefault(result.rule, (result.title, result.level))
    order = {rule: index for index, rule in enumerate(sorted(titles))}
    invocation: Json = {"executionSuccessful": True}
    if left:
        said = f"{left} result{'' if left == 1 else 's'} beyond {len(results)} left out; they are in the reviews."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": said}}]
    run: Json = {
        "tool": {
            "driver": {
                "name": "reviewgen",
                "semanticVersion": __version__,
                "rules": [_descriptor(rule, *titles[rule]) for rule in sorted(titles)],
            }
        },
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [{"ruleId": r.rule, "ruleIndex": order[r.rule], "level": r.level, **r.body} for r in results],
    }
    text = json.dumps({"$schema": _SCHEMA, "version": VERSION, "runs": [run]}, ensure_ascii=False, indent=1) + "\n"
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _descriptor(rule: str, title: str, level: str) -> Json:
    """Return what is known of a rule: from the catalogue, from the table of Terraform's messages, else from the issue itself."""
    found = _known(rule)
    if found is not None:
        return found
    return {
        "id": rule,
        "shortDescription": {"text": normal(title)},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": ["terraform"]},
    }


@lru_cache(maxsize=1024)
def _known(id_: str) -> Json | None:
    from reviewgen.review.diagnostics.diagnosed import kinds
    from reviewgen.rules import CATALOGUE

    rule = next((r for r in CATALOGUE if r.id == id_), None)
    if rule is not None:
        level = "note" if rule.severity == "LOW" else _LEVELS[rule.category]
        help_ = " ".join(filter(None, [rule.advice, rule.lesson])) or rule.title
        return {
            "id": id_,
            "name": rule.slug,
            "shortDescription": {"text": normal(rule.title)},
            "fullDescription": {"text": normal(" ".join(text for _, text in rule.impact) or rule.title)},
            "help": {"text": normal(help_)},
            "helpUri": rule.source,
            "defaultConfiguration": {"level": level},
            "properties": {"tags": ["terraform", str(rule.category)]},
        }
    kind = next((k for k in kinds() if tf.PREFIX + k.id == id_), None)
    if kind is None:
        return None
    return {
        "id": id_,
        "name": kind.id,
        "shortDescription": {"text": _general(kind.title)},
        "help": {"text": normal(" ".join(filter(None, [kind.advice, kind.lesson])) or _general(kind.title))},
        "properties": {"tags": ["terraform", "validate"]},
    }


def _general(title: str) -> str:
    """Return a title without the names of one sample."""
    return normal(re.sub(r":?\s*`?\{name\}`?", "", title).replace("{type}", "The block").replace("{file}", "A file"))
