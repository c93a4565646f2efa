"""What was to work and is gone in IDEAL, whatever it writes in the place of its block: the mistake in it went, and nothing was put right."""

from __future__ import annotations

from reviewgen.model.finding import Finding
from reviewgen.rules.families.identity.statements import LITERAL_STAR
from reviewgen.rules.statements import Written, written
from reviewgen.terraform import Graph

from ..inputs import Inputs
from .parts import present

# What is wrong in what a trail selects: where IDEAL's trail selects nothing any more, the mistake went.
_OF_SELECTORS = ("RG704", "RG705", "RG707")
# Logs that are refused, and by which argument of who writes them they are asked for.
_ASKING = {"RG721": "access_logs", "RG722": "access_logs"}
# A snapshot whose name the provider refuses.
_MOMENT, _SNAPSHOT = "RG640", "final_snapshot_identifier"


def is_dropped(finding: Finding, heir: str, inputs: Inputs) -> bool:
    """Whether a fixed defect of MODEL went with what was to work.

    Args:
        finding: Of MODEL.
        heir: IDEAL's address of what stands in the place of its block, where that has another name.
        inputs: The pair.
    """
    own = heir or inputs.later(finding.address)
    if finding.rule in _OF_SELECTORS:
        return _selects_no_more(own, inputs.ideal)
    if finding.rule in _ASKING:
        return _asks_no_more(finding, _ASKING[finding.rule], inputs)
    if finding.rule == _MOMENT:
        return finding.attribute == _SNAPSHOT and inputs.ideal.get(own) is not None and not present(inputs.ideal, f"{own}.{_SNAPSHOT}")
    return finding.rule == LITERAL_STAR and _limits_no_more(finding, own, inputs)


def _selects_no_more(trail: str, ideal: Graph) -> bool:
    """Whether IDEAL has the trail of a mistake in its selectors, under whatever name, and that records no data events."""
    declared = ideal.get(trail)
    if declared is None:
        return False
    return not any(declared.block.nested("event_selector", "data_resource")) and not any(declared.block.nested("advanced_event_selector"))


def _asks_no_more(finding: Finding, argument: str, inputs: Inputs) -> bool:
    """Whether IDEAL has who asked for what is refused, and does not ask for it any more."""
    owned = (inputs.model.owner(place) for place in finding.related)
    asking = [inputs.later(address) for address, path in owned if path.partition(".")[0] == argument]
    return bool(asking) and all(inputs.ideal.get(a) is not None and not present(inputs.ideal, f"{a}.{argument}") for a in asking)


def _limits_no_more(finding: Finding, own: str, inputs: Inputs) -> bool:
    """Whether IDEAL has the policy of a wrong condition, names the condition's key nowhere, and asks for nothing there that MODEL's does not ask for."""
    ours = [p for p in written(inputs.model) if (p.owner.address, p.argument) == (finding.address, finding.attribute)]
    theirs = [p for p in written(inputs.ideal) if (p.owner.address, p.argument) == (own, finding.attribute)]
    if not ours or not theirs or not all(p.policy.complete for p in theirs):
        return False
    asked = {variable for p in ours for variable in _variables(p)}
    named = any(finding.key in file.text.lower() for file in inputs.ideal.files.values())
    return not named and {variable for p in theirs for variable in _variables(p)} <= asked


def _variables(found: Written) -> set[str]:
    return {condition.variable.lower() for statement in found.policy.statements for condition in statement.conditions}
