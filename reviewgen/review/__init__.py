"""Fusing what earlier stages found into a few issues: the judgement of a sample.

The rooms in the order of the data, of which each knows only those before it: ``answers`` (what each side offers), ``inputs``, ``diagnostics`` (what
Terraform says), ``correction`` (IDEAL's repair), ``defects`` and ``needs`` (findings with a status), ``draft``, ``causes`` and ``drafts`` (one root
cause is one draft), ``issues`` (words, order and numbers) and ``page`` (what is told beside them).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.review import Dismissed, Issue, Minor
from reviewgen.model.source import SampleClass

from .answers.classify import classify
from .answers.described import described, without_described
from .answers.drafted import declared_twice
from .defects import defects, quiet
from .diagnostics import findings as diagnostic_findings
from .diagnostics.snippets import carried
from .drafts import drafts
from .inputs import Inputs
from .issues.degraded import no_answer, of_ideal
from .issues.issue import issue
from .issues.overrides import decided
from .issues.rank import ranked
from .needs import needs
from .page.assess import assessment, idle_blockers, untold_blocker
from .page.calls import called
from .page.content import content
from .page.corrections import corrections
from .page.coverage import borne_out, by_requirement, worded
from .page.listings import listings
from .page.notes import notes, told
from .page.places import places
from .page.secrets import quoted, redacted
from .page.strengths import strengths

__all__ = [
    "Inputs", "assessment", "borne_out", "by_requirement", "called", "classify", "content", "corrections", "described", "idle_blockers", "judge", "listings",
    "notes", "places", "quoted", "redacted", "said", "strengths", "told", "untold_blocker", "without_described", "worded",
]  # fmt: skip


# Findings of MODEL and of IDEAL.
Sides = tuple[tuple[Finding, ...], tuple[Finding, ...]]
# A document with fewer issues has room for what both trees have and nobody asks about, in its closing table.
_FEW = 5


def said(inputs: Inputs) -> Sides:
    """Return what Terraform says of MODEL and of IDEAL, as findings."""
    sides = (inputs.model, inputs.model_validation), (inputs.ideal, inputs.ideal_validation)
    model, ideal = (tuple(diagnostic_findings(graph, validation)) for graph, validation in sides)
    return model, ideal


def judge(
    inputs: Inputs, by_terraform: Sides, most: int
) -> tuple[tuple[Issue, ...], tuple[Minor, ...], tuple[Dismissed, ...], tuple[str, ...]]:
    """Return the judgement of a sample.

    Args:
        inputs: The pair.
        by_terraform: What Terraform says of both trees.
        most: So many issues are numbered.

    Returns:
        The numbered issues, the worst first; the findings for the closing table; the issues that the curator dismissed; the fingerprints of
        the curator's decisions that no issue has.
    """
    instead = no_answer(inputs)
    model, ideal = _findings(inputs, by_terraform)
    issues = _issues(inputs, model, ideal, instead)
    aside: list[Issue] = []
    if len(issues) < _FEW and instead is None:
        aside = [issue(inputs, draft) for draft in drafts(inputs, defects(inputs, model, ideal, quiet), ())]
    kept, dismissed, stale = decided([*issues, *aside], inputs.sample.overrides)
    return *ranked(kept, most, {i.fingerprint for i in aside}, inputs.diff), dismissed, stale


def _findings(inputs: Inputs, by_terraform: Sides) -> Sides:
    """Return what rules and Terraform find in MODEL and in IDEAL."""
    model, ideal = by_terraform[0], [*by_terraform[1]]
    model += _taken_as_delivered(inputs, model, ideal) + declared_twice(inputs.sample.model, inputs.model.tree)
    ideal += declared_twice(inputs.sample.ideal, inputs.ideal.tree)
    if inputs.class_ is SampleClass.SNIPPET_IDEAL:
        known = [replace(finding, line=0) for finding in ideal]  # the lines of a snippet are others
        ideal += [finding for finding in carried(inputs, model) if replace(finding, line=0) not in known]
    return (*inputs.model_findings, *model), (*inputs.ideal_findings, *ideal)


def _issues(inputs: Inputs, model: Sequence[Finding], ideal: Sequence[Finding], instead: Issue | None) -> list[Issue]:
    judged = defects(inputs, model, ideal)
    if instead is not None:
        return [instead, *(issue(inputs, draft) for draft in drafts(inputs, of_ideal(judged), ()))]
    return [issue(inputs, draft) for draft in drafts(inputs, judged, needs(inputs))]


def _taken_as_delivered(inputs: Inputs, model: Collection[Finding], ideal: Collection[Finding]) -> tuple[Finding, ...]:
    """Return what Terraform says of an answer that breaks off, and of IDEAL at the same places: what it lacks there is lacking in both."""
    if not inputs.model_validation.incomplete:
        return ()
    whole = diagnostic_findings(inputs.model, replace(inputs.model_validation, incomplete=False))
    known, there = ({(f.rule, f.address, f.attribute, f.key) for f in side} for side in (model, ideal))
    return tuple(f for f in whole if (f.rule, f.address, f.attribute, f.key) in there - known)
