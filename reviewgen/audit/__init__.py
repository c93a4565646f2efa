"""Documents of people held against the trees, PROMPT and our review: what they say that is not so, what they leave out.

A reported contradiction that is none is a bug: each check has a strict criterion, and where something is not certain it says nothing.
"""

from __future__ import annotations

from . import (
    asked,
    claims,
    code,
    companions,
    coverage,
    defects,
    described,
    files,
    functions,
    hardcoded,
    kept,
    layout,
    platform,
    quotations,
    schema,
    severity,
    strengths,
    tables,
    tags,
    totals,
    validity,
    values,
)
from .finding import EXPLAINED, Case, Finding, Kind
from .texts import Text
from .totals import fixed

_CHECKS = (
    code.check,
    claims.check,
    tables.check,
    values.check,
    files.check,
    layout.check,
    described.check,
    hardcoded.check,
    tags.check,
    companions.check,
    functions.check,
    strengths.check,
    kept.check,
    validity.check,
    defects.check,
    schema.check,
    platform.check,
    quotations.check,
    asked.check,
    totals.check,
    severity.check,
    coverage.check,
)


def audit(case: Case) -> tuple[Finding, ...]:
    """Return what is wrong with a document, in the order of its lines; what it lacks comes last."""
    found: dict[tuple[Kind, int, str], Finding] = {}
    for check in _CHECKS:
        for finding in check(case):
            found.setdefault((finding.kind, finding.line, finding.says), finding)
    order = list(Kind)
    return tuple(sorted(found.values(), key=lambda f: (f.line == 0, f.line, order.index(f.kind), f.says)))


__all__ = ["EXPLAINED", "Case", "Finding", "Kind", "Text", "audit", "fixed"]
