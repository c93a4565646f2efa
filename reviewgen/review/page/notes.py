"""What a reader has to know before the issues: where they say less than the counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.diagnostic import Validation
from reviewgen.rules.changes.settings import provided_elsewhere

from ..inputs import Inputs

_PROVIDERS = "Provider configuration not present"


def notes(inputs: Inputs) -> Iterator[str]:
    """Yield the notes of a sample's judgement."""
    found = (*inputs.model_validation.errors, *inputs.ideal_validation.errors)
    if any(d.summary == _PROVIDERS for d in found) and provided_elsewhere(inputs.prompt):
        reason = "By PROMPT the providers are configured elsewhere, or are not to be configured here."
        yield f"{reason} Errors of the static check about providers that nothing configures are no issues."


def told(inputs: Inputs) -> Validation:
    """Return what Terraform says of IDEAL, without the errors about providers that PROMPT wants elsewhere: they say nothing of IDEAL."""
    checked = inputs.ideal_validation
    if not provided_elsewhere(inputs.prompt):
        return checked
    return replace(checked, diagnostics=tuple(d for d in checked.diagnostics if d.summary != _PROVIDERS))
