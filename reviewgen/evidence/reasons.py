"""Steps that failed for reasons that are none of the tree's: a provider that is not there, a variable that nobody gave a value."""

from __future__ import annotations

import re

from reviewgen.model.evidence import Outcome, Step, StepRecord

_NOT_INSTALLED = re.compile(r"Failed to query available provider packages|Failed to install provider")
_WHICH = re.compile(r"provider\s+(?:[\w.-]+\.[a-z]+/)?([\w-]+/[\w-]+)")
_CONSTRAINT = re.compile(r"no\s+available\s+releases\s+match\s+the\s+given\s+constraints\s+([^\n]+)")
_NOT_STARTED = re.compile(
    r"Failed to load plugin schemas|Unrecognized remote plugin message|Could not load plugin|Failed to instantiate provider|"
    r"failed to instantiate provider|Plugin did not respond|Required plugins are not installed|Inconsistent dependency lock file"
)
_NO_VALUE = "No value for required variable"
_NAME = re.compile(r'variable "([^"]+)"')
# What Terraform says of the way in which its providers were installed.
_OF_A_MACHINE = ("Incomplete lock file information for providers",)


def excused(record: StepRecord) -> StepRecord:
    """Return a record in which only what says something about the tree has failed: for the rest it says why it was not run."""
    said = tuple(d for d in record.diagnostics if d.summary not in _OF_A_MACHINE)
    reason = _reason(record) if record.outcome is Outcome.FAILED and record.errors else ""
    if reason:
        return StepRecord(record.step, Outcome.NOT_RUN, reason)
    return StepRecord(record.step, record.outcome, record.reason, record.created, record.changed, record.destroyed, said)


def _reason(record: StepRecord) -> str:
    errors = record.errors
    if record.step is Step.INIT and all(_NOT_INSTALLED.match(d.summary) for d in errors):
        return _missing([d.detail for d in errors])
    if all(_NOT_STARTED.search(f"{d.summary} {d.detail}") for d in errors):
        return "a provider does not start on this machine"
    if record.step in (Step.PLAN, Step.DESTROY) and all(d.summary == _NO_VALUE for d in errors):
        names = dict.fromkeys(_NAME.findall(" ".join(d.detail for d in errors)))
        return f"no value for {', '.join(f'var.{name}' for name in names) or 'some variables'}"
    return ""


def _missing(details: list[str]) -> str:
    """Return which providers could not be had, as a phrase."""
    names = []
    for detail in details:
        which, version = _WHICH.search(detail), _CONSTRAINT.search(detail)
        names.append((which[1] if which else "of the tree") + (f" {version[1].strip()}" if version else ""))
    found = sorted(set(names))
    return f"provider {found[0]} is not installed" if len(found) == 1 else f"providers {', '.join(found)} are not installed"
