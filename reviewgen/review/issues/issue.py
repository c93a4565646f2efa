"""Drafts to issues: the words, addresses, assertions and counts of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from reviewgen.model.addresses import argument
from reviewgen.model.finding import Finding
from reviewgen.model.prose import with_rest
from reviewgen.model.requirement import Requirement
from reviewgen.model.review import Category, Evidence, Impact, Issue, Severity, Stage, Status
from reviewgen.model.source import SampleClass
from reviewgen.rules import changes
from reviewgen.rules.places import code, listed, type_of
from reviewgen.terraform import Graph

from ..answers import aside
from ..correction import Correction
from ..defects import remarks
from ..defects.unread import leaves_out
from ..draft import GAP, Draft
from ..inputs import Inputs
from ..needs import Need
from . import assertions, partly, recovery, statements
from .advice import advice
from .advised import yielded
from .where import declared, places_of

# What a document shows of long lists; further items are counted.
_MOST_GAPS = 3
_MOST_PRESENT = 6
_LONGEST_NAME = 80
# What the problem of an issue speaks of first; where it is told of each tree, what IDEAL's part does, for the finding is IDEAL's.
_SUBJECT = re.compile(r"(?:.*?In IDEAL: |In MODEL: )?`([^`]+)`")


def issue(inputs: Inputs, draft: Draft) -> Issue:
    """Return the issue of a draft, without number and points."""
    found = _of_need(inputs, draft, draft.need) if draft.need and not draft.defects else yielded(_of_finding(inputs, draft), inputs.prompt)
    found = partly.with_reserves(inputs, draft, found)
    rest = remarks.left_in_texts(inputs) if draft.status is Status.FIXED and found.rule == remarks.RULE else ""
    return replace(found, problem=with_rest(found.problem, code(rest))) if rest else found


# ---- issues that PROMPT raises


def _of_need(inputs: Inputs, draft: Draft, need: Need) -> Issue:
    known = need.capability
    dropped = draft.status is Status.INTRODUCED
    gaps = need.gaps if draft.status is Status.UNMET else need.gaps[:_MOST_GAPS]
    where = declared(inputs, (*need.answers[:_MOST_GAPS], *gaps, *need.answers, *sorted(draft.correction.addresses)))
    return Issue(
        id="",
        fingerprint=f"need:{known.id}:{where[0] if where else 'prompt'}",
        rule=f"need:{known.id}",
        title=_need_title(draft.status, need),
        category=known.category,
        severity=_severity_of(need),
        status=draft.status,
        problem=_absence(inputs, draft.status, need),
        where=where,
        fix_class=known.fix_class if draft.status is Status.FIXED else None,
        # What the configuration itself lacks shows at no stage: without a region in the code every run goes through.
        stage=None if known.service == "Terraform" else Stage.RUNTIME,
        requirement=need.requirement,
        present=() if dropped else tuple(_neighbours(inputs, need)),
        absent=(known.title,),
        quotes=draft.quotes,
        values=draft.correction.values,
        impact=(
            *(Impact(a, t) for a, t in known.impact),
            *recovery.impact(inputs, known.category, need.answers),
            _unanswered(need.requirement),
        ),
        solution=draft.correction.passages,
        reasons=draft.correction.reasons,
        verification=assertions.of_need(draft, need),
        signals=tuple(s for s, on in (("diff", bool(need.answers)), ("prompt", True), ("comment", bool(draft.quotes))) if on),
        lines_added=draft.correction.lines_added,
        lines_removed=draft.correction.lines_removed,
        source=known.source,
        evidence=(Evidence("requirement", f"{need.requirement.id}: {need.requirement.text}"), *_diff_evidence(draft.correction)),
        requirements=need.requirements,
        corrected=tuple(sorted(draft.correction.addresses)),
    )


def _severity_of(need: Need) -> Severity:
    return Severity.CRITICAL if need.capability.category is Category.BLOCKER else need.capability.severity


def _need_title(status: Status, need: Need) -> str:
    return f"IDEAL drops {need.capability.title}" if status is Status.INTRODUCED else f"Missing {need.capability.title}"


_ABSENCE = {
    Status.FIXED: "MODEL declares nothing that provides",
    Status.UNMET: "neither tree declares anything that provides",
    Status.INTRODUCED: "IDEAL no longer declares anything that provides",
}
# What is wider than its signs may be there in another way, as the encryption of a volume covers the way to it: it is said what was found.
_NOT_FOUND = {
    Status.FIXED: "nothing that provides it was found in MODEL",
    Status.UNMET: "nothing that provides it was found in either tree",
    Status.INTRODUCED: "nothing that provides it was found in IDEAL any more",
}


def _absence(inputs: Inputs, status: Status, need: Need) -> str:
    """Say what is asked and absent; where no tree shows what would provide it, of which types nothing is declared."""
    declared = {d.type for graph in (inputs.model, inputs.ideal) for d in graph.tree.declarations.values()}
    types = need.capability.types if status is Status.UNMET and declared.isdisjoint(need.capability.types) else ()
    alone = Status.FIXED if inputs.class_ is SampleClass.NO_IDEAL_CODE else status
    lacks = _NOT_FOUND[alone] if need.capability.coarse else f"{_ABSENCE[alone]} it"
    if inputs.class_ is SampleClass.SNIPPET_IDEAL:  # the rest of it may have it
        lacks = lacks.replace("neither tree", "neither MODEL nor what IDEAL shows").replace("either tree", "MODEL or what IDEAL shows")
    title = need.capability.title
    absent = f"{title[:1].upper()}{title[1:]}: PROMPT asks for it, and {lacks}" + (f" (looked for: {listed(types, 3)})." if types else ".")
    lacking = {"MODEL": (inputs.model, Status.INTRODUCED), "IDEAL": (inputs.ideal, Status.FIXED)}
    told = aside.said({side: graph for side, (graph, has) in lacking.items() if status is not has}, need.capability.types)
    return f"{absent} {told}".strip()


def _neighbours(inputs: Inputs, need: Need) -> Iterator[str]:
    """Name what MODEL has of the same service, but for types that do not exist: the reader sees how far it came."""
    # What provides it first is of its own service; a type further behind may be another way to the same, of another service.
    services = {_service(t.removeprefix("data.")) for t in need.capability.types[:1]}
    refused = " ".join(e.detail for e in inputs.model_validation.errors if e.summary == "Invalid resource type")
    found = [d for d in inputs.model.of_kind("resource") if _service(d.type) in services and f'resource type "{d.type}"' not in refused]
    found.sort(key=lambda d: (d.block.file, d.block.line))
    for declaration in found[:_MOST_PRESENT]:
        yield f"{code(declaration.address)} in {code(declaration.block.file)}"
    if len(found) > _MOST_PRESENT:
        yield f"{len(found) - _MOST_PRESENT} more"


def _service(type_: str) -> str:
    """``aws_lb_listener`` to ``aws_lb``; CloudWatch names services that have little to do with each other."""
    return "_".join(type_.split("_")[: 3 if type_.startswith("aws_cloudwatch_") else 2])


def _gap(requirement: Requirement) -> Impact:
    return Impact(GAP.aspect, f"PROMPT's {_named(requirement)}{GAP.text}")


def _unanswered(requirement: Requirement) -> Impact:
    return Impact("Requirement", f"PROMPT's {_named(requirement)} asks for it.")


def _named(requirement: Requirement) -> str:
    return f"requirement {requirement.number}" if requirement.number else f"line {requirement.line}"


# ---- issues that rules and Terraform raise


def _of_finding(inputs: Inputs, draft: Draft) -> Issue:
    lead = draft.lead
    assert lead is not None, "a draft without need has defects"
    requirement = draft.need.requirement if draft.need else lead.requirement
    category = _worst((lead.category, *(d.finding.category for d in draft.along), *(o.category for o in draft.others)), draft.need)
    taking_part = [a for d in draft.told for a in (d.finding.address, *d.finding.related) if inputs.model.get(a) or inputs.ideal.get(a)]
    said = draft.said or lead
    quotes = tuple(q for d in draft.told for q in d.finding.quotes) + draft.quotes
    return Issue(
        id="",
        fingerprint=f"{lead.rule}:{argument(lead.address, lead.attribute) or lead.group or lead.key}",
        rule=lead.rule,
        title=_title(draft),
        category=category,
        severity=_severity(category, draft),
        status=draft.status,
        problem=statements.problem(draft, lead),
        where=places_of(inputs, draft),
        fix_class=lead.fix_class if draft.status is Status.FIXED else None,
        removed=_is_removed(draft),
        stage=said.stage,
        message=statements.message(draft, said),
        observed=said.observed,
        requirement=requirement,
        present=lead.present,
        absent=statements.absent(draft, lead),
        quotes=quotes,
        values=draft.correction.values,
        impact=(
            *statements.consequences(draft, lead),
            *_dependents(inputs, draft),
            *recovery.impact(inputs, category, taking_part),
            *_missed(draft, requirement),
        ),
        lesson=lead.lesson,
        solution=draft.correction.passages,
        reasons=draft.correction.reasons,
        recommendation=None if draft.status is Status.FIXED else advice(draft, lead),
        verification=assertions.of_defects(draft),
        signals=_signals(inputs, draft, lead, asked=requirement is not None, quoted=bool(quotes)),
        lines_added=draft.correction.lines_added,
        lines_removed=draft.correction.lines_removed,
        source=lead.source,
        evidence=(
            *(Evidence("rule", f"{f.rule}: {f.problem}") for f in (lead, *(d.finding for d in draft.along))),
            *_run_evidence(said),
            *_diff_evidence(draft.correction),
        ),
        requirements=draft.need.requirements if draft.need else (requirement.id,) if requirement else (),
        corrected=tuple(sorted(draft.correction.addresses)),
    )


def _signals(inputs: Inputs, draft: Draft, lead: Finding, *, asked: bool, quoted: bool) -> tuple[str, ...]:
    """Return what an issue can be told by, each once: the difference of the trees, a deployment, PROMPT, MODEL's own words."""
    compared = inputs.compares and draft.status in (Status.FIXED, Status.INTRODUCED)
    found = [*(("diff",) if compared else ()), *lead.signals, *(s for o in draft.others for s in o.signals)]
    if lead.stage in (Stage.APPLY, Stage.RUNTIME):
        found.append("deploy")
    if asked:
        found.append("prompt")
    return tuple(dict.fromkeys([*(found or ["deploy"]), *(("comment",) if quoted else ())]))


def _is_removed(draft: Draft) -> bool:
    """Whether IDEAL puts nothing in the place of what had the defect."""
    correction = draft.correction
    # An argument that goes with a block is no repair either; one that goes alone may be.
    puts = correction.added or any(change.after is not None or not correction.removed for _, change in correction.changes)
    return draft.status is Status.FIXED and all(d.removed for d in draft.told) and (not puts or all(d.dropped for d in draft.told))


def _run_evidence(said: Finding) -> Iterator[Evidence]:
    if said.observed and said.stage is not None:
        yield Evidence("run", f"terraform {said.stage.value}: {said.message}")


def _missed(draft: Draft, requirement: Requirement | None) -> Iterator[Impact]:
    if requirement is not None and not (draft.need and draft.lead and draft.lead.present):
        yield _unanswered(requirement) if draft.need else _gap(requirement)


def _worst(categories: Iterable[Category], need: Need | None) -> Category:
    """What PROMPT asks for by name weighs as much as its absence does."""
    order = list(Category)
    return min((*categories, need.capability.category) if need else categories, key=order.index)


def _severity(category: Category, draft: Draft) -> Severity:
    """Return the lead's severity; the worst of the findings, or that of the need, which give the issue its category where those are others."""
    lead = draft.lead
    assert lead is not None
    heavy = [
        f.severity for f in (*(d.finding for d in draft.along), *draft.others) if f.category is category and lead.category is not category
    ]
    if draft.need and draft.need.capability.category is category and lead.category is not category:
        heavy.append(_severity_of(draft.need))
    return min((lead.severity, *heavy), key=list(Severity).index)


# What a title says is not there: none of the names is, neither the one nor the other.
_DENIED = re.compile(r"\bno (?:\w+ ){0,2}\{name\}")


def _title(draft: Draft) -> str:
    """Return the lead's title; where it names what the places are about, with the names of all of them."""
    lead = draft.lead
    assert lead is not None
    outweighed = draft.need and lead.category is Category.WARNING and draft.need.capability.category is not Category.WARNING
    if draft.need and (outweighed or lead.rule in changes.IDS - {changes.omitted.RULE}):
        return _need_title(draft.status, draft.need)
    # Of several types, or of several blocks of one type, each of which lacks something else.
    several = lead.many and max(len({d.finding.group for d in draft.defects}), len({d.finding.title for d in draft.defects})) > 1
    title = lead.many if several else lead.title
    if "{name}" not in title:
        return title
    names = [n for n in dict.fromkeys(n for d in draft.defects for n in d.finding.names) if len(n) <= _LONGEST_NAME]
    if not names:
        return re.sub(r"[^\w`]*\{name\}", "", title)
    told = listed(names, 3)
    if _DENIED.search(title) and len(names) <= 3:
        told = " or ".join(told.rsplit(" and ", 1))
    return title.replace("{name}", told)


def _dependents(inputs: Inputs, draft: Draft) -> Iterator[Impact]:
    """Say which resources refer to the one that stops the deployment, in the tree that has the defect; of what is left, in both."""
    lead = draft.lead
    if lead is None or lead.category is not Category.BLOCKER or lead.stage is not Stage.APPLY or not lead.address:
        return
    if leaves_out(lead) or type_of(lead.address).startswith("random_"):  # the one that uses it fails
        return
    graph = inputs.model if draft.status is Status.FIXED else inputs.ideal
    subject = _SUBJECT.match(lead.problem)
    if subject is not None and subject[1] != lead.address and any(_is_resource(g, subject[1]) for g in (inputs.model, inputs.ideal)):
        return  # it is what fails; a policy or a key which stands in its way is created
    taking_part = {a for d in draft.defects for a in (d.finding.address, *d.finding.related)}
    sources = {r.source for r in graph.incoming.get(lead.address, ()) if _is_resource(graph, r.source)}
    here, both = sources, ""
    if draft.status is Status.LEFT and inputs.model.get(lead.address) is not None:
        there = {inputs.later(r.source) for r in inputs.model.incoming.get(lead.address, ()) if _is_resource(inputs.model, r.source)}
        sources, both = here & there, " in both trees" if here != there else ""
    found = sorted(sources - taking_part)
    # Where one of them takes part, it is the one that fails, and not what it refers to.
    if found and not any(part == s or part.startswith(f"{s}.") for part in taking_part - {lead.address} for s in sources):
        yield Impact("Function", f"{listed(found, 4)} {'depends' if len(found) == 1 else 'depend'} on {code(lead.address)}{both}.")


def _is_resource(graph: Graph, address: str) -> bool:
    found = graph.get(address)
    return found is not None and found.kind == "resource"


def _diff_evidence(correction: Correction) -> Iterator[Evidence]:
    if correction.added:
        yield Evidence("diff", f"only IDEAL declares {listed(list(correction.added), 6)}")
    if correction.changes:
        yield Evidence("diff", f"changed: {listed([argument(a, c.path) for a, c in correction.changes], 6)}")
