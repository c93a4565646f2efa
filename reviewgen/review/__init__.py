"""Fusing what earlier stages found into a few issues: the judgement of a sample.

``defects`` gives findings a status, ``needs`` does the same for what PROMPT asks, ``drafts`` joins what has one root cause, ``correction``
finds IDEAL's repair, ``issues`` writes the words, ``rank`` orders and numbers.
"""

from __future__ import annotations

from reviewgen.model.review import Issue, Minor

from .assess import assessment
from .classify import classify
from .coverage import by_requirement
from .defects import defects
from .degraded import no_answer
from .diagnostics import findings as diagnostic_findings
from .drafts import drafts
from .inputs import Inputs
from .issues import issue
from .needs import needs
from .places import places
from .rank import ranked
from .strengths import strengths

__all__ = ["Inputs", "assessment", "by_requirement", "classify", "judge", "places", "strengths"]


def judge(inputs: Inputs, most: int) -> tuple[tuple[Issue, ...], tuple[Minor, ...]]:
    """Return the numbered issues of a sample, the worst first, and the findings for the closing table."""
    instead = no_answer(inputs)
    if instead is not None:
        return ranked([instead], most)
    model = (*inputs.model_findings, *diagnostic_findings(inputs.model, inputs.model_validation))
    ideal = (*inputs.ideal_findings, *diagnostic_findings(inputs.ideal, inputs.ideal_validation))
    found = drafts(inputs, defects(inputs, model, ideal), needs(inputs))
    return ranked([issue(inputs, draft) for draft in found], most)
