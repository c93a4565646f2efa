"""Files that MODEL delivers, and IDEAL names outside of its code without showing them: that they are missing there is not known.

A heading with a description below it, a line of a drawn tree, a command that runs a script.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from reviewgen.model.finding import Finding
from reviewgen.model.source import Document, SourceFile

from ..inputs import Inputs

# Rules about files that are not delivered: what a function reads, a package, what an archive is made of.
_RULES = frozenset(["tf:missing-file", "RG324", "RG325"])
_QUOTED = re.compile(r"`([^`]+\.\w+)`")


def is_named(finding: Finding, inputs: Inputs) -> bool:
    """Whether a file that IDEAL lacks, or the script that makes it, is one of those."""
    if finding.rule not in _RULES:
        return False
    missing = {posixpath.basename(path) for path in (*finding.names, *_QUOTED.findall(finding.problem))}
    return any(
        posixpath.basename(file.path) in missing or any(name in file.text for name in missing)
        for file in _unshown(inputs.sample.model, inputs.sample.ideal)
    )


def _unshown(model: Document, ideal: Document) -> Iterator[SourceFile]:
    """Yield the files of MODEL in other languages that IDEAL names in its own words and does not hold."""
    code = {line for file in ideal.files for line in file.text.split("\n")}
    words = "\n".join(line for line in ideal.text.split("\n") if line not in code)
    held = {posixpath.basename(file.path) for file in ideal.files}
    for file in model.files:
        name = posixpath.basename(file.path)
        if (
            not name.endswith((".tf", ".tfvars", ".md"))
            and name not in held
            and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", words)
        ):
            yield file
