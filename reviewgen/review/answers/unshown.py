"""Files that MODEL delivers, and IDEAL names outside of its code without showing them: that they are missing there is not known.

A heading with a description below it, a line of a drawn tree, a command that runs a script.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from reviewgen.model.source import Document, SourceFile


def unshown(model: Document, ideal: Document) -> Iterator[SourceFile]:
    """Yield the files of MODEL in other languages that IDEAL names in its own words and does not hold."""
    code = {line for file in ideal.files for line in file.text.split("\n")}
    words = "\n".join(line for line in ideal.text.split("\n") if line not in code)
    held = {posixpath.basename(file.path) for file in ideal.files}
    for file in model.files:
        name = posixpath.basename(file.path)
        if name.endswith((".tf", ".tfvars", ".md")) or name in held:
            continue
        if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", words):
            yield file
