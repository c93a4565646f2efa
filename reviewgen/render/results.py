"""Results as the templates need them: the rubrics' sums, and what is known of each Terraform step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reviewgen.model import Adjustment, Review, SampleClass, Score, StepResult, TreeFacts, Validation

from . import words
from .viewmodel import Deduction, ScoreView

_STEPS = ("fmt", "init", "validate", "plan", "apply", "destroy")
# Only what a record tells of these is shown.
_ASIDE = ("fmt", "init")
_NOT_RUN = "not run"
_OWN_CHECKS = ("static", "syntax")
_MARKS = {"passed": "✅ ", "successful": "✅ ", "failed": "❌ "}


def _deductions(adjustments: Sequence[Adjustment]) -> tuple[Deduction, ...]:
    """Return the rows of a sum."""
    return tuple(
        Deduction(
            ("Issues " if len(row.issues) > 1 else "Issue ") + words.series([f"#{id_}" for id_ in row.issues], 20) if row.issues else "",
            words.points(row.points),
            row.reason,
        )
        for row in adjustments
    )


def _only_after(score: Score) -> tuple[Deduction, ...]:
    """Return the rows that only the sum after the fixes has, and say so: without them nobody finds what its terms are."""
    known = {(row.rule, row.issues) for row in score.adjustments}
    added = _deductions([row for row in score.after_adjustments if (row.rule, row.issues) not in known])
    return tuple(replace(row, points=f"{row.points} after the fixes") for row in added)


def score_view(score: Score) -> ScoreView:
    """Return the arithmetic of both rubrics as text."""
    learning = score.learning_value
    result = ""
    if learning is not None and learning.final is not None:
        result = _sum(learning.base, learning.adjustments, learning.final) or words.number(learning.final)
        result += f"; threshold {words.number(learning.threshold)}: {'accepted' if learning.accepted else 'not accepted'}"
    return ScoreView(
        rubric=score.rubric,
        base=words.number(score.base),
        deductions=(*_deductions(score.adjustments), *_only_after(score)),
        before="" if score.before is None else words.number(score.before),
        after="" if score.after is None else words.number(score.after),
        before_sum=_sum(score.base, score.adjustments, score.before),
        after_sum=_sum(score.base, score.after_adjustments, score.after),
        learning_rubric=learning.rubric if learning else "",
        learning=_deductions(learning.adjustments) if learning else (),
        learning_result=result,
    )


def _sum(base: float, adjustments: Sequence[Adjustment], result: float | None) -> str:
    """Return a sum with its terms; nothing where nothing was added or judged."""
    terms = [row.points for row in adjustments if row.points]
    return words.total(base, terms, result) if terms and result is not None else ""


def steps(review: Review) -> Iterator[str]:
    """Yield one line a Terraform step: what is known of it, and who says so."""
    known = {step.step: step for step in review.verification}
    names = [*(name for name in _STEPS if name not in _ASIDE or name in known), *(name for name in known if name not in _STEPS)]
    for name in names:
        step = known.get(name, StepResult(name, _NOT_RUN, _NOT_RUN))
        line = f"`terraform {name}`: {_outcome(step)}"
        own = step.source in (*_OWN_CHECKS, "") or _NOT_RUN in (step.model, step.ideal)
        if name == "validate" and own and (checked := _checked(review)):
            line += f"; {checked}"
        yield line


def _outcome(step: StepResult) -> str:
    """Return ``not run``, or the result on each tree with its source. What only our own check says is no run of Terraform."""
    told = [(name, detail) for name, detail in (("MODEL", step.model_detail), ("IDEAL", step.ideal_detail)) if detail]
    if step.source in _OWN_CHECKS or {step.model, step.ideal} <= {_NOT_RUN, ""}:
        return _NOT_RUN + (f" ({'; '.join(f'{name}: {detail}' for name, detail in told)})" if told else "")
    details = dict(told)
    sides = [
        f"{name} {_MARKS.get(result, '')}{result or _NOT_RUN}" + (f" ({details[name]})" if name in details else "")
        for name, result in (("MODEL", step.model), ("IDEAL", step.ideal))
    ]
    return ", ".join(sides) + (f" (source: {words.tick(step.source)})" if step.source else "")


def _checked(review: Review) -> str:
    """Return what the built-in check found in the two trees: a clause, or nothing where it did not look."""
    no_code = {SampleClass.NO_IDEAL_CODE.value: "IDEAL", SampleClass.NO_MODEL_CODE.value: "MODEL"}.get(review.sample.class_)
    trees = (("MODEL", review.model_validation, review.model_facts), ("IDEAL", review.ideal_validation, review.ideal_facts))
    sides = [
        (name, validation)
        for name, validation, facts in trees
        if validation is not None and validation.source in _OWN_CHECKS and name != no_code and facts.files
    ]
    if not sides:
        return ""
    kinds = {validation.source for _, validation in sides}
    subject = "the built-in check of the syntax" if kinds == {"syntax"} else "the built-in static check"
    unreached = _unreached([(name, facts) for name, validation, facts in trees if (name, validation) in sides]) if "static" in kinds else ""
    aside = f"{unreached}{_unchecked([validation for _, validation in sides])}"
    if len(sides) > 1 and all(validation.valid and not validation.incomplete for _, validation in sides):
        return f"{subject} found no errors in MODEL and IDEAL{aside}"
    return f"{subject} found {words.series([f'{_errors(validation)} in {name}' for name, validation in sides])}{aside}"


def _unchecked(found: Sequence[Validation]) -> str:
    """Name the types of resources of which the check knows no arguments."""
    types = sorted({type_ for validation in found for type_ in validation.unchecked})
    return f"; without the schema of their providers it did not look at the arguments of {words.ticks(types)}" if types else ""


def _unreached(trees: Sequence[tuple[str, TreeFacts]]) -> str:
    """Say at how much of a tree the check looked: as Terraform does, at what the root reaches; of the rest at the syntax."""
    some = [f"{facts.modules - facts.unreached} of {facts.modules} modules of {name}" for name, facts in trees if facts.unreached]
    return f"; it looked at {words.series(some)}, those that the root reaches, and at the syntax of the others" if some else ""


def _errors(validation: Validation) -> str:
    """Return ``no errors``, ``2 errors``; a tree that is a part only says so, and errors of a kind that its rest may settle are none of the answer."""
    if not validation.incomplete:
        return words.count(len(validation.errors), "error")
    own = [error for error in validation.errors if not error.needs_whole_tree]
    rest = "; errors of a kind that its rest may settle do not count" if len(own) < len(validation.errors) else ""
    return f"{words.count(len(own), 'error')} (a part only{rest})"
