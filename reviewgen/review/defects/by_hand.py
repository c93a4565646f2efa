"""What the guide of an answer has made by hand before Terraform runs."""

from __future__ import annotations

import re

from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Literal

from ..inputs import Inputs

# The rule about a backend whose bucket is not there yet.
_BACKEND = "RG622"
_MADE = re.compile(
    r"\bs3 mb s3://(?P<mb>[\w.-]+)|\bs3api create-bucket\b(?:[^\n\\]|\\\n|\\)*?--bucket[ =]+[\"']?(?P<api>[\w.-]+)",
)


def is_made_by_hand(finding: Finding, inputs: Inputs) -> bool:
    """Whether a document has the backend's bucket made by a command: who follows it has one of that name, placeholder or not."""
    if finding.rule != _BACKEND or finding.related:
        return False
    named = {made["mb"] or made["api"] for text in (inputs.sample.model.text, inputs.sample.ideal.text) for made in _MADE.finditer(text)}
    values = (d.block.value("bucket") for side in (inputs.model, inputs.ideal) if (d := side.get(finding.address)) is not None)
    return any(isinstance(value, Literal) and value.value in named for value in values)
