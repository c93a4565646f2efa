"""What a reader has to know before the issues: where they say less than the counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.diagnostic import Validation
from reviewgen.model.prose import series
from reviewgen.model.source import SampleClass
from reviewgen.rules.changes.settings import provided_elsewhere
from reviewgen.terraform import Graph

from ..answers.unparsed import woven
from ..defects.undelivered import has_providers, hides_its_providers
from ..diagnostics import lacks_what_is_made
from ..inputs import Inputs

_PROVIDERS = "Provider configuration not present"
_NOBODYS, _OF_REGIONS = "providers that nothing configures", "the variable of their region"
_REGION = re.compile(r'An input variable with the name "\w*region\w*" has not been declared')
_DOWNLOADED = re.compile(r"This module is not yet installed")
# Two stacks of so many types of resources each, and none in common, are not one stack and its correction.
_FEWEST_TYPES = 5


def notes(inputs: Inputs) -> Iterator[str]:
    """Yield the notes of a sample's judgement."""
    found = (*inputs.model_validation.errors, *inputs.ideal_validation.errors)
    sides = (("MODEL", inputs.model, inputs.model_validation), ("IDEAL", inputs.ideal, inputs.ideal_validation))
    if provided_elsewhere(inputs.prompt):
        missed = [_NOBODYS] if any(d.summary == _PROVIDERS for d in found) else []
        missed += [_OF_REGIONS] if any(_misses_a_region(graph, validation) for _, graph, validation in sides) else []
        reason = "By PROMPT the providers are configured elsewhere, or are not to be configured here."
        yield from (f"{reason} Errors of the static check about {series(missed)} are no issues." for _ in missed[:1])
    elif _hides_them(inputs):
        yield (
            f"`{inputs.sample.ideal.name}` tells of a file with the providers and does not show it. Errors of the static check about {_NOBODYS} in "
            "IDEAL are no issues."
        )
    if any(_DOWNLOADED.match(d.detail) for d in found):
        yield "Errors of the static check about modules that `terraform init` downloads are no issues."
    if making := [name for name, graph, validation in sides if lacks_what_is_made(graph, validation)]:
        yield f"Errors of the static check about packages that a script of {series(making)} makes are no issues."
    for name, graph, _ in sides:
        for path in woven(graph):
            yield f"In `{path}` of {name} two texts are written into one another: what is said of its blocks, and what differs, is read as it stands."
    if _switches_off(inputs):
        yield "What IDEAL has as comments only, written out, is read as no longer declared."
    if _share_no_type(inputs):
        yield "No type of resource stands in both trees: IDEAL declares another stack than MODEL."


def _hides_them(inputs: Inputs) -> bool:
    """Whether IDEAL alone uses configurations of providers that may stand in a file of which it tells and which it does not show."""
    ours, theirs = (any(d.summary == _PROVIDERS for d in v.errors) for v in (inputs.model_validation, inputs.ideal_validation))
    return theirs and not ours and not inputs.ideal_validation.incomplete and hides_its_providers(inputs)


def _misses_a_region(graph: Graph, checked: Validation) -> bool:
    """Whether a tree without providers uses the variable of their region, which is declared beside them."""
    return not has_providers(graph) and any(_REGION.match(d.detail) for d in checked.errors)


def _switches_off(inputs: Inputs) -> bool:
    """Whether an answer that is a part has something of MODEL in comments only: else it would be read as unchanged."""
    if inputs.class_ is not SampleClass.SNIPPET_IDEAL:
        return False
    return any(inputs.model.get(address) is not None for address in inputs.switched_off)


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
