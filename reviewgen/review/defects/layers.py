"""Where MODEL takes a library from that the code of a function in IDEAL lacks: from a layer, which may have no package either."""

from __future__ import annotations

from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.prose import listed
from reviewgen.rules.packages import path_of

from ..inputs import Inputs

_LIBRARY, _PACKAGE = "RG327", "RG324"


def with_layers(finding: Finding, inputs: Inputs) -> Finding:
    """Say of a library that IDEAL's function lacks that MODEL has nothing but a layer for it whose package nobody delivers."""
    function = inputs.model.get(inputs.earlier(finding.address)) if finding.rule == _LIBRARY else None
    expr = function.block.value("layers") if function is not None else None
    layers = list(inputs.model.targets(expr, function.module)) if function is not None else []
    missing = {f.address for f in inputs.model_findings if f.rule == _PACKAGE}
    if not layers or not missing.issuperset(d.address for d in layers):
        return finding
    paths = [path for d in layers if (path := path_of(inputs.model, d.block.value("filename"), d.module))]
    one = len(layers) == 1
    return replace(
        finding,
        problem=f"{finding.problem} MODEL takes it from {'the layer' if one else 'layers'} {listed([d.address for d in layers])}, whose "
        f"{'package' if one else 'packages'} {listed(paths)} {'is' if one else 'are'} not delivered either.",
    )
