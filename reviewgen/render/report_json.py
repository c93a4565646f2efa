"""Review to review.json, the machine-readable review (format version 1.0): a plain mapping, every key always there, lists never null."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from reviewgen import KNOWLEDGE, __version__
from reviewgen.model import (
    Adjustment,
    Changed,
    Coverage,
    Diff,
    Issue,
    Listing,
    Minor,
    Passage,
    Place,
    Quote,
    Requirement,
    Review,
    Score,
    StepResult,
    TreeFacts,
    Validation,
)

from . import indented
from .hygiene import normal

FORMAT_VERSION = "1.0"
_SCHEMA = Path(__file__).with_name("review.schema.json")

Json = dict[str, object]


def document(review: Review) -> Json:
    """Return review.json as a mapping."""
    sample = review.sample
    return {
        "format_version": FORMAT_VERSION,
        "generator": {"name": "reviewgen", "version": __version__, "knowledge": KNOWLEDGE},
        "sample": {
            "id": sample.id,
            "class": sample.class_,
            "prompt": sample.prompt,
            "model": sample.model,
            "ideal": sample.ideal,
            "notes": list(sample.notes),
            "content": {
                "prompt": sample.content.prompt or None,
                "model": sample.content.model,
                "ideal": sample.content.ideal,
                "blocks": " ".join(sample.content.blocks),
            },
            **({"described": list(sample.described)} if sample.described else {}),
        },
        "facts": {"model": _facts(review.model_facts), "ideal": _facts(review.ideal_facts)},
        "diff": difference(review.diff),
        "validation": {"model": validation(review.model_validation), "ideal": validation(review.ideal_validation)},
        "requirements": [_coverage(entry) for entry in review.coverage],
        "contradictions": [
            {
                "subject": found.subject,
                "requirements": [found.first.id, found.second.id],
                "text": normal(found.text),
                "asked": [_need(found.first), _need(found.second)],
            }
            for found in review.contradictions
        ],
        "corrections": [{"file": quote.file, "line": quote.line, "text": quote.text} for quote in review.corrections],
        "issues": [_issue(issue, review) for issue in review.issues],
        "minor": [_minor(finding, review) for finding in review.minor],
        "dismissed": [
            {"title": normal(entry.title), "fingerprint": entry.fingerprint, "reason": entry.reason} for entry in review.dismissed
        ],
        "stale_overrides": list(review.stale),
        "strengths": [{"title": strength.title, "evidence": strength.evidence} for strength in review.strengths],
        "score": score(review.score),
        "verification": {step.step: _step(step) for step in review.verification},
        "assessment": list(review.assessment),
        "listings": [_listing(address, listing) for address, found in review.listings.items() for listing in found],
    }


def dumps(review: Review) -> str:
    """Return review.json as text: the same review gives the same bytes, and it always encodes as UTF-8."""
    return indented.dumps(document(review)) + "\n"


@lru_cache(maxsize=1)
def _schema_text() -> str:
    """Return the text of the published schema."""
    return _SCHEMA.read_text(encoding="utf-8")


def schema() -> dict[str, Any]:
    """Return the published JSON Schema of review.json (draft 2020-12); a fresh mapping at each call."""
    loaded: dict[str, Any] = json.loads(_schema_text())
    return loaded


def _number(value: float) -> float:
    """Return whole numbers as int, so that they are written without a fraction."""
    return int(value) if value == int(value) else value


def _step(step: StepResult) -> Json:
    """Return what is known of one step; what a record says beyond the outcome only where there is one."""
    known: Json = {"model": step.model, "ideal": step.ideal, "source": step.source}
    more = {"model": step.model_detail, "ideal": step.ideal_detail}
    return known | {"detail": more} if any(more.values()) else known


def _optional(value: float | None) -> float | None:
    """Return a number as it is written, or None."""
    return None if value is None else _number(value)


def _facts(facts: TreeFacts) -> Json:
    """Return the counts of one tree."""
    return {
        "files": facts.files,
        "lines": facts.lines,
        "resources": facts.resources,
        "data_sources": facts.data_sources,
        "modules": facts.modules,
        "services": list(facts.services),
        "unreached": facts.unreached,
    }


def difference(diff: Diff) -> Json:
    """Return the semantic diff; ``details`` has the values beside the attribute paths of the contract."""
    return {
        "added": list(diff.added),
        "removed": list(diff.removed),
        "changed": [_changed(entry) for entry in diff.changed],
        "renamed": [{"from": entry.before, "to": entry.after, "evidence": list(entry.evidence)} for entry in diff.renamed],
        "moved": [{"address": entry.address, "from": entry.before, "to": entry.after} for entry in diff.moved],
        "unchanged": diff.unchanged,
        "notes": list(diff.notes),
        **({"apart": True} if diff.apart else {}),
    }


def _changed(entry: Changed) -> Json:
    """Return one changed declaration."""
    return {
        "address": entry.address,
        "model_address": entry.model_address,
        "attributes": [change.path for change in entry.attributes],
        "details": [
            {
                "path": change.path,
                "before": change.before,
                "after": change.after,
                "block": change.block,
                "model_line": change.model_line,
                "model_end_line": change.model_end_line,
                "ideal_line": change.ideal_line,
                "ideal_end_line": change.ideal_end_line,
            }
            for change in entry.attributes
        ],
    }


def validation(validation: Validation | None) -> Json | None:
    """Return a validation in the shape of ``terraform validate -json``; None when a side has no code to validate.

    It tells of the files as delivered. Where the review reads directories of the answer as one, that verdict is ``as_read``.
    """
    if validation is None:
        return None
    if validation.delivered is not None:
        return {**_verdict(validation.delivered), "as_read": _verdict(validation)}
    return _verdict(validation)


def _verdict(validation: Validation) -> Json:
    """Return what Terraform says of one directory and what it calls."""
    return {
        "format_version": "1.0",
        "valid": validation.valid,
        "error_count": len(validation.errors),
        "warning_count": sum(diagnostic.severity == "warning" for diagnostic in validation.diagnostics),
        "incomplete": validation.incomplete,
        "source": validation.source,
        "unchecked": list(validation.unchecked),
        "diagnostics": [diagnostic.as_json() for diagnostic in validation.diagnostics],
    }


def _coverage(entry: Coverage) -> Json:
    """Return one requirement with its verdicts."""
    asked = entry.requirement
    return {
        "id": asked.id,
        "number": asked.number,
        "text": asked.text,
        "line": asked.line,
        "section": asked.section,
        "forbids": asked.forbids,
        "parent": asked.parent,
        "model": entry.model.value,
        "ideal": entry.ideal.value,
        "capability": entry.capability,
        "model_addresses": list(entry.model_addresses),
        "ideal_addresses": list(entry.ideal_addresses),
        "issues": list(entry.issues),
    }


def _issue(issue: Issue, review: Review) -> Json:
    """Return one issue: the contract's keys first, then what the document shows beside them."""
    asked, advice = issue.requirement, issue.recommendation
    return {
        "id": issue.id,
        "fingerprint": issue.fingerprint,
        "rule": issue.rule,
        "title": normal(issue.title),
        "category": issue.category.value,
        "severity": issue.severity.value,
        "status": issue.status.value,
        "fix_class": issue.fix_class,
        "removed": issue.removed,
        "requirement": _need(asked) if asked else None,
        "signals": list(issue.signals),
        "where": list(issue.where),
        "problem": issue.problem,
        "impact": [{"aspect": impact.aspect, "text": impact.text} for impact in issue.impact],
        "solution": [_passage(passage) for passage in issue.solution],
        "verification": [{"check": check.check, "model": check.model, "ideal": check.ideal} for check in issue.verification],
        "lines_added": issue.lines_added,
        "lines_removed": issue.lines_removed,
        "points": _number(issue.points),
        "stage": issue.stage.value if issue.stage else None,
        "message": issue.message,
        "observed": issue.observed,
        "present": list(issue.present),
        "absent": list(issue.absent),
        "quotes": _quotes(issue.quotes),
        "values": [{"address": value.address, "before": value.before, "after": value.after} for value in issue.values],
        "lesson": issue.lesson,
        "reasons": _quotes(issue.reasons),
        "recommendation": {"text": advice.text, "code": advice.code} if advice else None,
        "source": issue.source,
        "evidence": [{"kind": link.kind, "text": link.text} for link in issue.evidence],
        "curator": issue.curator,
        "places": _places(issue.where, review),
        "requirements": list(issue.requirements),
        "corrected": list(issue.corrected),
    }


def _need(asked: Requirement) -> Json:
    """Return one requirement as issues and contradictions quote it."""
    return {"id": asked.id, "number": asked.number, "text": asked.text, "line": asked.line}


def _minor(finding: Minor, review: Review) -> Json:
    """Return one finding of the closing table."""
    return {
        "title": normal(finding.title),
        "where": list(finding.where),
        "status": finding.status.value,
        "rule": finding.rule,
        **({"removed": True} if finding.removed else {}),
        **({"requirements": list(finding.requirements)} if finding.requirements else {}),
        "places": _places(finding.where, review),
    }


def _places(where: Iterable[str], review: Review) -> list[Json]:
    """Return the lines of some addresses in both trees."""
    return [_place(address, place) for address in where for place in review.places.get(address, ())]


def _listing(address: str, listing: Listing) -> Json:
    """Return the code of one declaration in one tree, verbatim."""
    return {
        "address": address,
        "side": listing.side,
        "file": listing.file,
        "start_line": listing.start_line,
        "end_line": listing.end_line,
        "code": listing.code,
    }


def _place(address: str, place: Place) -> Json:
    """Return where a tree has an address."""
    return {
        "address": address,
        "side": place.side,
        "file": place.file,
        "line": place.line,
        "document_line": place.document_line,
    }


def _passage(passage: Passage) -> Json:
    """Return one passage of IDEAL, verbatim."""
    return {"file": passage.file, "start_line": passage.start_line, "end_line": passage.end_line, "code": passage.code}


def _quotes(quotes: Iterable[Quote]) -> list[Json]:
    """Return quotations, verbatim."""
    return [{"file": quote.file, "line": quote.line, "end_line": quote.end_line, "text": quote.text} for quote in quotes]


def _adjustments(adjustments: Sequence[Adjustment]) -> list[Json]:
    """Return the rows of a sum."""
    return [{"points": _number(row.points), "issues": list(row.issues), "reason": row.reason, "rule": row.rule} for row in adjustments]


def score(found: Score) -> Json:
    """Return both rubrics' results."""
    learning = found.learning_value
    return {
        "rubric": found.rubric,
        "base": _number(found.base),
        "adjustments": _adjustments(found.adjustments),
        "before": _optional(found.before),
        "after": _optional(found.after),
        "after_adjustments": _adjustments(found.after_adjustments),
        "learning_value": {
            "rubric": learning.rubric,
            "base": _number(learning.base),
            "adjustments": _adjustments(learning.adjustments),
            "final": _optional(learning.final),
            "threshold": _number(learning.threshold),
            "accepted": learning.accepted,
        }
        if learning
        else None,
    }
