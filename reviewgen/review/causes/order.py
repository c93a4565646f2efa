"""What Terraform says when it puts the blocks in order: it ends there before it checks any of them (tried with Terraform 1.11)."""

from __future__ import annotations

from collections.abc import Iterable

from reviewgen.model import tf
from reviewgen.model.finding import Finding

from ..draft import Draft

_OF_THE_GRAPH = (tf.PROVIDER_ALIAS, tf.CYCLE)
# What it says there of the call of a module, and of other blocks only once it checks them: it needs to know what each module takes.
_OF_CALLS = (tf.MISSING_ARGUMENT, tf.UNSUPPORTED_ARGUMENT)


def first(draft: Draft) -> tuple[Finding, ...]:
    """Return what Terraform says first of the mistakes of a draft: the first finding of each kind, in the order of the draft."""
    return kinds(d.finding for d in draft.told if _is_of_the_graph(d.finding))


def calls(draft: Draft) -> set[str]:
    """Return the calls of modules of whose arguments a draft tells; Terraform ends with the first that it comes to, whichever that is."""
    return {d.finding.address for d in draft.told if d.finding.rule in _OF_CALLS and _is_call(d.finding.address)}


def kinds(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the first finding of each kind, in their order."""
    found: dict[str, Finding] = {}
    for finding in findings:
        found.setdefault(finding.rule, finding)
    return tuple(found.values())


def _is_of_the_graph(finding: Finding) -> bool:
    return finding.rule in _OF_THE_GRAPH or (finding.rule in _OF_CALLS and _is_call(finding.address))


def _is_call(address: str) -> bool:
    return address.split(".")[-2:-1] == ["module"]
