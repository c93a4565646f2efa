"""review.json back to a Review: what is written is read as the same value, as far as any document or page shows it.

``document(read(document(review)))`` equals ``document(review)``, and both reviews give the same documents. What only the making of a review
needs (how a requirement was judged, the values in a diagnostic's snippet) is not written, and so not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reviewgen.model import (
    Adjustment,
    AttributeChange,
    Category,
    Changed,
    Check,
    Content,
    Contradiction,
    Coverage,
    Diagnostic,
    Diff,
    Dismissed,
    Evidence,
    Impact,
    Issue,
    LearningValue,
    Listing,
    Minor,
    Moved,
    Passage,
    Place,
    Position,
    Quote,
    Range,
    Recommendation,
    Renamed,
    Requirement,
    Review,
    SampleInfo,
    Score,
    Severity,
    Snippet,
    Stage,
    Status,
    StepResult,
    Strength,
    TreeFacts,
    Validation,
    ValueChange,
    Verdict,
)

Json = Mapping[str, Any]


def read(found: Json) -> Review:
    """Return the review that a parsed review.json of this format version tells.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: It is none.
    """
    coverage = tuple(map(_coverage, found["requirements"]))
    asked = {entry.requirement.id: entry.requirement for entry in coverage}
    facts, validation = found["facts"], found["validation"]
    return Review(
        sample=_sample(found["sample"]),
        diff=_difference(found["diff"]),
        model_validation=_validation(validation["model"]),
        ideal_validation=_validation(validation["ideal"]),
        coverage=coverage,
        issues=tuple(_issue(issue, asked) for issue in found["issues"]),
        minor=tuple(map(_minor, found["minor"])),
        strengths=tuple(Strength(s["title"], s["evidence"]) for s in found["strengths"]),
        score=_score(found["score"]),
        verification=tuple(_step(step, said) for step, said in found["verification"].items()),
        model_facts=_facts(facts["model"]),
        ideal_facts=_facts(facts["ideal"]),
        assessment=tuple(found["assessment"]),
        dismissed=tuple(Dismissed(d["title"], d["fingerprint"], d["reason"]) for d in found["dismissed"]),
        stale=tuple(found["stale_overrides"]),
        places=_places([*found["issues"], *found["minor"]]),
        contradictions=tuple(_contradiction(c, asked) for c in found["contradictions"]),
        corrections=_quotes({"end_line": q["line"], **q} for q in found["corrections"]),
        listings=_listings(found["listings"]),
    )


def _minor(said: Json) -> Minor:
    removed, asked = said.get("removed", False), tuple(said.get("requirements", ()))
    return Minor(said["title"], tuple(said["where"]), Status(said["status"]), said["rule"], removed, asked)


def _sample(said: Json) -> SampleInfo:
    found = said["content"]
    blocks = tuple(found["blocks"].split(" ")) if found["blocks"] else ()
    content = Content(found["prompt"] or "", found["model"], found["ideal"], blocks)
    described = tuple(said.get("described", ()))
    return SampleInfo(said["id"], said["class"], said["prompt"], said["model"], said["ideal"], tuple(said["notes"]), content, described)


def _step(step: str, said: Mapping[str, Any]) -> StepResult:
    more = said.get("detail", {})
    return StepResult(step, said["model"], said["ideal"], said["source"], more.get("model", ""), more.get("ideal", ""))


def _facts(facts: Json) -> TreeFacts:
    services = tuple(facts["services"])
    return TreeFacts(
        facts["files"], facts["lines"], facts["resources"], facts["data_sources"], facts["modules"], services, facts.get("unreached", 0)
    )


def _difference(diff: Json) -> Diff:
    return Diff(
        added=tuple(diff["added"]),
        removed=tuple(diff["removed"]),
        changed=tuple(Changed(c["address"], c["model_address"], tuple(map(_change, c["details"]))) for c in diff["changed"]),
        renamed=tuple(Renamed(r["from"], r["to"], tuple(r["evidence"])) for r in diff["renamed"]),
        moved=tuple(Moved(m["address"], m["from"], m["to"]) for m in diff["moved"]),
        unchanged=diff["unchanged"],
        notes=tuple(diff["notes"]),
        apart=diff.get("apart", False),
    )


def _change(change: Json) -> AttributeChange:
    lines = {name: change[name] for name in ("model_line", "ideal_line", "model_end_line", "ideal_end_line")}
    return AttributeChange(change["path"], change["before"], change["after"], change["block"], **lines)


def _validation(found: Json | None) -> Validation | None:
    if found is None:
        return None
    if "as_read" in found:
        return _verdict(found["as_read"], _verdict(found))
    return _verdict(found)


def _verdict(found: Json, delivered: Validation | None = None) -> Validation:
    diagnostics = tuple(map(_diagnostic, found["diagnostics"]))
    return Validation(diagnostics, found["incomplete"], tuple(found["unchecked"]), found["source"], delivered)


def _diagnostic(found: Json) -> Diagnostic:
    place, shown = found["range"], found["snippet"]
    return Diagnostic(
        found["severity"],
        found["summary"],
        found["detail"],
        found["address"],
        Range(place["filename"], _position(place["start"]), _position(place["end"])) if place else None,
        Snippet(shown["context"], shown["code"], shown["start_line"]) if shown else None,
    )


def _position(found: Json) -> Position:
    return Position(found["line"], found["column"], found["byte"])


def _coverage(found: Json) -> Coverage:
    asked = Requirement(
        found["id"], found["number"], found["text"], found["line"], found["section"], found["forbids"], found["parent"]
    )  # fmt: skip
    return Coverage(
        asked,
        Verdict(found["model"]),
        Verdict(found["ideal"]),
        tuple(found["model_addresses"]),
        tuple(found["ideal_addresses"]),
        found["capability"],
        tuple(found["issues"]),
    )


def _contradiction(found: Json, asked: Mapping[str, Requirement]) -> Contradiction:
    first, second = (_need(need, asked) for need in found["asked"])
    return Contradiction(found["subject"], first, second, found["text"])


def _issue(found: Json, asked: Mapping[str, Requirement]) -> Issue:
    need, advice = found["requirement"], found["recommendation"]
    return Issue(
        id=found["id"],
        fingerprint=found["fingerprint"],
        rule=found["rule"],
        title=found["title"],
        category=Category(found["category"]),
        severity=Severity(found["severity"]),
        status=Status(found["status"]),
        problem=found["problem"],
        where=tuple(found["where"]),
        fix_class=found["fix_class"],
        removed=found["removed"],
        stage=Stage(found["stage"]) if found["stage"] else None,
        message=found["message"],
        observed=found["observed"],
        requirement=_need(need, asked) if need else None,
        present=tuple(found["present"]),
        absent=tuple(found["absent"]),
        quotes=_quotes(found["quotes"]),
        values=tuple(ValueChange(v["address"], v["before"], v["after"]) for v in found["values"]),
        impact=tuple(Impact(i["aspect"], i["text"]) for i in found["impact"]),
        lesson=found["lesson"],
        solution=tuple(Passage(p["file"], p["start_line"], p["end_line"], p["code"]) for p in found["solution"]),
        reasons=_quotes(found["reasons"]),
        recommendation=Recommendation(advice["text"], advice["code"]) if advice else None,
        verification=tuple(Check(c["check"], c["model"], c["ideal"]) for c in found["verification"]),
        signals=tuple(found["signals"]),
        lines_added=found["lines_added"],
        lines_removed=found["lines_removed"],
        points=found["points"],
        source=found["source"],
        evidence=tuple(Evidence(e["kind"], e["text"]) for e in found["evidence"]),
        requirements=tuple(found["requirements"]),
        curator=found["curator"],
        corrected=tuple(found["corrected"]),
    )


def _need(found: Json, asked: Mapping[str, Requirement]) -> Requirement:
    """Return the requirement of an issue: its own words, and what only the list of requirements tells of it."""
    known = asked.get(found["id"]) or Requirement(found["id"], None, "", 0)
    return replace(known, number=found["number"], text=found["text"], line=found["line"])


def _quotes(found: Iterable[Json]) -> tuple[Quote, ...]:
    return tuple(Quote(q["file"], q["line"], q["end_line"], q["text"]) for q in found)


def _places(entries: Iterable[Json]) -> dict[str, tuple[Place, ...]]:
    """Return the places of all addresses; an address that several entries name has the same ones in each."""
    found: dict[str, dict[Place, None]] = {}
    for entry in entries:
        for place in entry["places"]:
            found.setdefault(place["address"], {})[Place(place["side"], place["file"], place["line"], place.get("document_line", 0))] = None
    return {address: tuple(places) for address, places in found.items()}


def _listings(found: Iterable[Json]) -> dict[str, tuple[Listing, ...]]:
    listings: dict[str, tuple[Listing, ...]] = {}
    for entry in found:
        listing = Listing(entry["side"], entry["file"], entry["start_line"], entry["end_line"], entry["code"])
        listings[entry["address"]] = (*listings.get(entry["address"], ()), listing)
    return listings


def _adjustments(found: Iterable[Json]) -> tuple[Adjustment, ...]:
    return tuple(Adjustment(a["points"], a["reason"], tuple(a["issues"]), a["rule"]) for a in found)


def _score(found: Json) -> Score:
    learning = found["learning_value"]
    return Score(
        found["rubric"],
        found["base"],
        _adjustments(found["adjustments"]),
        found["before"],
        found["after"],
        _adjustments(found["after_adjustments"]),
        LearningValue(
            learning["rubric"],
            learning["base"],
            _adjustments(learning["adjustments"]),
            learning["final"],
            learning["threshold"],
            learning["accepted"],
        )
        if learning
        else None,
    )
