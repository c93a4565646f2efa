"""One issue as the templates need it: labels, captions and sentences computed from the review, no Markdown but code spans."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby

from reviewgen.model import (
    Category,
    Check,
    Impact,
    Issue,
    Place,
    Quote,
    Review,
    SampleClass,
    Severity,
    Stage,
    Status,
    ValueChange,
    tf,
)
from reviewgen.model.addresses import declaration
from reviewgen.model.prose import tells_of_each, tells_of_forms
from reviewgen.model.sight import Sight
from reviewgen.model.went import keeps_some

from . import altered, unsaid, words
from .hygiene import Safe, code, unmarked
from .issuemodel import Excerpt, IssueView, Located, Solution, ValueGroup, Verified
from .listed import at, elsewhere, ideal_code, in_ideal, in_model, language, model_code, whole
from .outcome import defective, left_out, outcome, seen

SIGNS = {Severity.CRITICAL: "🔴", Severity.HIGH: "🟠", Severity.MEDIUM: "🟡", Severity.LOW: "🟢"}
"""The coloured circles by which people mark severities."""

_LONGEST_VALUE = 100
_REMARKS = "RG901"
_EXPLANATION = re.compile("[:;].*")
_SIGNALS = {
    "diff": "the difference between MODEL and IDEAL",
    "prompt": "PROMPT",
    "validate": "validation",
    "deploy": "knowledge of what happens at deployment",
    "comment": "comments in the code",
    "scan": "other tools",
}
_OBSERVED = {"deploy": "a run of Terraform", "validate": "a run of Terraform"}
# Where MODEL declares nothing the trees are not compared: what shows it is MODEL by itself.
_READ = {"diff": "a reading of MODEL"}


def issue_view(issue: Issue, review: Review, part: str) -> IssueView:
    """Return the view of one issue of a review; ``part`` names its part of the document."""
    serious = issue.category is not Category.WARNING
    status, message, solution = outcome(issue, review), _message(issue), _solution(issue, review)
    quotes = tuple(_quote(quote, f"{'IDEAL' if issue.status is Status.INTRODUCED else 'MODEL'}'s own words") for quote in issue.quotes)
    where = placed(issue, review)
    return IssueView(
        id=issue.id,
        part=part,
        kind="Critical Issue" if issue.category is Category.BLOCKER else "Issue",
        label=issue.category.value.upper(),
        rank=issue.severity.value,
        sign=SIGNS[issue.severity],
        title=issue.title,
        level=Safe("##" if serious else "###"),
        severity=_severity(issue),
        status=status,
        outcome=_EXPLANATION.sub("", status),
        trees=defective(issue, review),
        requirement=unmarked(issue.requirement.text) if issue.requirement else "",
        requirement_place=_requirement_place(issue),
        context="" if issue.requirement else _context(issue, review),
        where=tuple(Located(address, _places(review.places.get(address, ()))) for address in where[: words.SHOWN]),
        more=max(0, len(where) - words.SHOWN),
        first=issue.where[:1],
        others=max(0, len(issue.where) - 1),
        problem=issue.problem,
        has=_has(issue, review),
        present=issue.present,
        absent=issue.absent,
        quotes=quotes,
        message=message,
        impact=(*issue.impact, *_training(issue, review)),
        lesson=issue.lesson,
        solution=solution,
        recommendation=issue.recommendation,
        verification=tuple(_verified(check, issue, review) for check in issue.verification),
        in_model=in_model(issue, review),
        in_ideal=in_ideal(issue, solution),
        model_code=model_code(issue, review, quotes),
        ideal_code=ideal_code(issue, review, solution),
        unverified=not issue.verification and issue.status is Status.FIXED,
        source=issue.source,
        curator=issue.curator,
    )


def _stage(stage: Stage | None) -> str:
    """Return ```terraform plan` ``, ``run time``, or nothing when the stage is not known."""
    if stage is None:
        return ""
    return "run time" if stage is Stage.RUNTIME else f"`terraform {stage.value}`"


def _severity(issue: Issue) -> str:
    """Return ``CRITICAL - Deployment Blocker (`terraform apply`)``."""
    stage = _stage(issue.stage)
    noun = {Category.BLOCKER: "Blocker", Category.CRITICAL: "Critical Issue", Category.WARNING: "Warning"}[issue.category]
    if issue.category is Category.BLOCKER and issue.stage not in (None, Stage.RUNTIME):
        noun = "Deployment Blocker"
    return f"{issue.severity.value} - {noun}" + (f" ({stage})" if stage else "")


def _has(issue: Issue, review: Review) -> str:
    """Return the line above what the code has and lacks; empty when there is nothing to list."""
    trees = defective(issue, review)
    if issue.present and issue.rule.startswith("need:"):
        return "What MODEL has of the same service"
    if issue.present:
        return f"What {trees} {'have' if ' and ' in trees else 'has'} for this"
    return f"What is missing in {trees}" if issue.absent else ""


def _requirement_place(issue: Issue) -> str:
    """Return where PROMPT asks: ``requirement #7, PROMPT line 12``."""
    asked = issue.requirement
    if asked is None:
        return ""
    parts = [f"requirement #{asked.number}" if asked.number else "", f"PROMPT line {asked.line}" if asked.line else ""]
    return ", ".join(filter(None, parts))


def _context(issue: Issue, review: Review) -> str:
    """Return what showed an issue that no words of PROMPT are quoted for."""
    known = _SIGNALS | (_OBSERVED if issue.observed else {}) | (_READ if issue.rule == "no-terraform" else {})
    found = list(dict.fromkeys(known[signal] for signal in issue.signals if signal in known))
    if found:
        return f"Found through {words.series(found)}."
    return "The sample has no PROMPT." if review.sample.prompt is None else "No requirement of PROMPT was matched to it."


def placed(issue: Issue, review: Review) -> list[str]:
    """Return the addresses of an issue without those whose place is that of something in them, which has been given with it."""
    ordered = sorted(issue.where)

    def is_given(address: str) -> bool:
        first, end = bisect_left(ordered, f"{address}."), bisect_left(ordered, f"{address}/")  # "/" comes right behind "."
        inside = {place for other in ordered[first:end] for place in review.places.get(other, ())}
        places = review.places.get(address, ())
        return bool(places) and inside.issuperset(places)

    return [address for address in issue.where if not is_given(address)]


def _places(places: Sequence[Place]) -> str:
    """Return ``MODEL `main.tf:3`, IDEAL `main.tf:5` ``."""
    return ", ".join(f"{place.side.upper()} {words.tick(f'{place.file}:{place.line}')}" for place in places)


def _quote(quote: Quote, caption: str) -> Excerpt:
    """Return a quotation with its place in the caption."""
    place = at(quote.file, quote.line, quote.end_line)
    return Excerpt(f"{caption} ({place}):" if place else f"{caption}:", quote.text, "")


def _message(issue: Issue) -> Excerpt | None:
    """Return the message that the defect gives, marked as observed or as expected."""
    if not issue.message.strip():
        return None
    stage = f" at {_stage(issue.stage)}" if issue.stage else ""
    return Excerpt(f"Message{stage} ({'observed' if issue.observed else 'expected, not run'}):", issue.message, "")


def _training(issue: Issue, review: Review) -> Iterator[Impact]:
    """Yield the deduction of the rubric, unless the issue's own impact speaks of training already or nothing was deducted."""
    before = any(issue.id in adjustment.issues and adjustment.points for adjustment in review.score.adjustments)
    after = any(issue.id in adjustment.issues and adjustment.points for adjustment in review.score.after_adjustments)
    if not issue.points or not (before or after) or any(impact.aspect == "Training" for impact in issue.impact):
        return
    when = "before and after the fixes" if before and after else "before the fixes" if before else "after the fixes"
    yield Impact("Training", f"{words.points(issue.points)} {when} (`{review.score.rubric}`).")


def _answer(issue: Issue, review: Review) -> str:
    """Say what IDEAL has where no difference shows it: instead of an answer that is none, one of so many resources."""
    if issue.rule == tf.MISSING_FILE:
        return "IDEAL delivers what is read there."
    if tf.is_twice(issue.rule):
        return "IDEAL has no second declaration."
    if issue.rule == _REMARKS:
        return f"IDEAL does not make {'this remark' if len(issue.quotes) == 1 else 'these remarks'}."
    if issue.rule not in ("no-terraform", "wrong-task"):
        return "IDEAL does not have the defect."
    facts = review.ideal_facts
    kinds = [words.count(facts.resources, "resource"), words.count(facts.data_sources, "data source")]
    held = words.series(kinds[: 2 if facts.data_sources else 1])
    return f"IDEAL declares {held} in {words.count(facts.files, 'file')} ({words.count(facts.lines, 'line')} of HCL)."


def _solution(issue: Issue, review: Review) -> Solution:
    """Return what IDEAL does about the issue, as far as the trees show it."""
    changed, sight = altered.sentence(issue, review.diff), Sight.of(review)
    lead = "" if issue.status in (Status.FIXED, Status.INTRODUCED) else "Not fixed"
    either = "" if review.sample.class_ == SampleClass.NO_MODEL_CODE else " either"
    if issue.status is Status.FIXED:
        heading, text = "Solution Applied", changed or _answer(issue, review)
    elif issue.status is Status.INTRODUCED:
        heading, text = (
            "What IDEAL Changed",
            changed or f"IDEAL has the defect{' here' if elsewhere(issue, review) else ''}, {whole(review)} does not.",
        )
    elif review.sample.class_ == SampleClass.NO_IDEAL_CODE:
        lead, heading, text = "Not compared", "Solution", "IDEAL declares no resource or module."
    elif issue.status is Status.UNMET and review.sample.class_ == SampleClass.SNIPPET_IDEAL:
        lead, heading, text = "Not shown", "Solution", "What IDEAL shows declares nothing that answers it either."
    elif issue.status is Status.UNMET:
        heading, text = "Solution", f"IDEAL declares nothing that answers it{either}."
    elif sight.loses(issue):
        lead, heading, text = "Not known", "Solution", unsaid.not_known(issue, sight)
    elif sight.leaves_unsaid(issue):
        heading, text = "Solution", unsaid.left(issue, sight, sentence=True)
    elif left_out(issue, review):
        kept = keeps_some(issue, review.diff)
        text = "IDEAL has the defect in what it does not leave out." if kept else "IDEAL does not declare all that takes part in it."
        heading = "Solution"
    elif tells_of_each(issue.problem) or tells_of_forms(issue.title, issue.problem):
        heading, text = "Solution", "What is wrong in IDEAL is told above."
    else:
        heading, text = "Solution", "IDEAL has the defect." if not either else "IDEAL has the same defect."
    passages = tuple(
        Excerpt(f"{at(passage.file, passage.start_line, passage.end_line)} of IDEAL:", passage.code, language(passage.file))
        for passage in issue.solution
    )
    reasons = tuple(_quote(quote, "IDEAL gives the reason") for quote in issue.reasons)
    return Solution(heading, lead, text, passages, tuple(_values(issue)), reasons)


def _values(issue: Issue) -> Iterator[ValueGroup]:
    """Yield the values before and after, grouped by declaration in the order of their first mention.

    Of a change between two long values the passages show what is new; their heights say nothing.
    """
    order: dict[str, int] = {}
    for change in issue.values:
        order.setdefault(declaration(change.address)[0], len(order))
    told = [change for change in issue.values if not (_long(change.before) and _long(change.after))]
    ranked = sorted(told, key=lambda change: order[declaration(change.address)[0]])
    for name, changes in groupby(ranked, key=lambda change: declaration(change.address)[0]):
        yield ValueGroup(name, tuple(_value(change) for change in changes))


def _value(change: ValueChange) -> Safe:
    """Return one value before and after; the argument's name is left out where the declaration is the value."""
    path = declaration(change.address)[1]
    name = f"{code(path)}: " if path else ""
    if change.before == change.after:
        return Safe(f"{name}{_shown(change.before)} in both")
    return Safe(f"{name}{_shown(change.before)} in MODEL, {_shown(change.after)} in IDEAL")


def _long(value: str | None) -> bool:
    """Whether a value is too long to be read in a line."""
    return value is not None and (len(" ".join(value.split())) > _LONGEST_VALUE or "<<" in value)


def _shown(value: str | None) -> Safe:
    """Return a value as code, or that it is too long to be read in a line."""
    if value is None:
        return Safe("not set")
    text = " ".join(value.split())
    if not text:
        return Safe("empty")
    if not _long(value):
        return code(text)
    lines = value.strip().count("\n") + 1
    return Safe(f"an expression of {words.count(lines, 'line')}" if lines > 1 else "a long expression")


def _verified(check: Check, issue: Issue, review: Review) -> Verified:
    """Return an assertion with its results; the mark is IDEAL's result, or MODEL's where IDEAL shows no code for it."""
    results = seen(check, issue, review)
    return Verified(
        "✅" if list(results.values())[-1] else "❌",
        check.check,
        ", ".join(f"{tree}: {words.yes(result)}" for tree, result in results.items()),
    )
