"""What a reader has to know before the issues: where they say less than the counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.diagnostic import Validation
from reviewgen.model.prose import series
from reviewgen.model.source import SampleClass
from reviewgen.rules.changes.settings import provided_elsewhere

from ..diagnostics import lacks_what_is_made
from ..inputs import Inputs

_PROVIDERS = "Provider configuration not present"
# Two stacks of so many types of resources each, and none in common, are not one stack and its correction.
_FEWEST_TYPES = 5


def notes(inputs: Inputs) -> Iterator[str]:
    """Yield the notes of a sample's judgement."""
    found = (*inputs.model_validation.errors, *inputs.ideal_validation.errors)
    if any(d.summary == _PROVIDERS for d in found) and provided_elsewhere(inputs.prompt):
        reason = "By PROMPT the providers are configured elsewhere, or are not to be configured here."
        yield f"{reason} Errors of the static check about providers that nothing configures are no issues."
    sides = (("MODEL", inputs.model, inputs.model_validation), ("IDEAL", inputs.ideal, inputs.ideal_validation))
    if making := [name for name, graph, validation in sides if lacks_what_is_made(graph, validation)]:
        yield f"Errors of the static check about packages that a script of {series(making)} makes are no issues."
    if _share_no_type(inputs):
        yield "No type of resource stands in both trees: IDEAL declares another stack than MODEL."


def _share_no_type(inputs: Inputs) -> bool:
    """Whether MODEL and IDEAL, each a stack of its own and wholly delivered, have no resource of one type."""
    sides = (inputs.model, inputs.ideal)
    if inputs.class_ is not SampleClass.PAIR or any(g.has_remote_modules or g.tree.incomplete for g in sides):
        return False
    ours, theirs = ({d.type for d in graph.of_kind("resource")} for graph in sides)
    return min(len(ours), len(theirs)) >= _FEWEST_TYPES and ours.isdisjoint(theirs)


def told(inputs: Inputs) -> Validation:
    """Return what Terraform says of IDEAL, without the errors about providers that PROMPT wants elsewhere: they say nothing of IDEAL."""
    checked = inputs.ideal_validation
    if not provided_elsewhere(inputs.prompt):
        return checked
    return replace(checked, diagnostics=tuple(d for d in checked.diagnostics if d.summary != _PROVIDERS))
