"""IDEAL as snippets: what Terraform says of MODEL and holds with the snippets laid over it as well."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.tree import LAID_UNDER
from reviewgen.terraform.tree import local_source

from ..inputs import Inputs


def carried(inputs: Inputs, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what Terraform says of MODEL's blocks that no snippet shows, and of shown ones that are as wrong in the snippet.

    What a reference or the call of a module leads to may be in a snippet: then it is there, whoever refers to it.
    """
    said = {f"{d.severity.capitalize()}: {d.summary}\n{d.detail}".strip() for d in inputs.ideal_validation.diagnostics}
    for finding in found:
        declared = finding.targets and all(inputs.ideal.get(target) is not None for target in finding.targets)
        if not declared and not _delivered(inputs, finding) and (not _shown(inputs, finding) or finding.message in said):
            yield finding


def _delivered(inputs: Inputs, finding: Finding) -> bool:
    """Whether IDEAL holds files of a directory that a call of MODEL names and MODEL does not have."""
    call = inputs.ideal.get(inputs.later(finding.address)) if finding.rule == tf.MISSING_MODULE else None
    return call is not None and not inputs.ideal.is_remote(call)


def _shown(inputs: Inputs, finding: Finding) -> bool:
    """Whether a snippet of IDEAL has the block of a finding or, where none is concerned, the file that cannot be read."""
    if not finding.address:
        return any(file.path == finding.group for file in inputs.sample.ideal.files)
    declaration = inputs.ideal.get(inputs.later(finding.address))
    if declaration is None or declaration.block.file.endswith(LAID_UNDER):
        return False
    if finding.rule != tf.PROVIDER_UNDEFINED:
        return True
    # It is the module that names its providers, not the call.
    directory = local_source(declaration.block, declaration.module)
    return any(directory == posixpath.dirname(file.path) for file in inputs.sample.ideal.files)
