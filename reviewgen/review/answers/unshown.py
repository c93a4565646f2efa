"""Files that MODEL delivers, and IDEAL names outside of its Terraform code without showing them: that they are missing there is not known.

A heading with a description below it, a line of a drawn tree, a command that runs a script, a test that looks for them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from reviewgen.model.source import Document, SourceFile
from reviewgen.terraform import is_configuration

_TOLD = (".tf", ".tfvars", ".md")


def unshown(model: Document, ideal: Document) -> Iterator[SourceFile]:
    """Yield the files of MODEL in other languages that IDEAL names in its own words and does not hold, with those beside them.

    Beside them is the same folder, where no Terraform code lies in it: what a function is made of is left out as a whole.
    """
    code = {line for file in ideal.files if is_configuration(file.path) for line in file.text.split("\n")}
    words = "\n".join(line for line in ideal.text.split("\n") if line not in code)
    held = {posixpath.basename(file.path) for file in ideal.files}
    absent = [f for f in model.files if not f.path.endswith(_TOLD) and posixpath.basename(f.path) not in held]
    named = {f.path for f in absent if re.search(rf"(?<![\w.-]){re.escape(posixpath.basename(f.path))}(?![\w-])", words)}
    folders = {posixpath.dirname(path) for path in named} - {posixpath.dirname(f.path) for f in model.files if is_configuration(f.path)}
    yield from (f for f in absent if f.path in named or posixpath.dirname(f.path) in folders - {""})
