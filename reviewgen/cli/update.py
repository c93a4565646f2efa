"""``reviewgen report --update``."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reviewgen import render
from reviewgen.batch.files import write
from reviewgen.config import Config, template_file
from reviewgen.documents import generated
from reviewgen.documents.file import load_text
from reviewgen.errors import InputError

from . import console, exits, gates
from .inputs import settings
from .report import formatted, given_sample, reviewed, tell


def update(
    folder: str | None,
    document: str,
    check: bool,
    sides: Mapping[str, str | None],
    overrides: str | None,
    evidence: Sequence[str],
    flags: Mapping[str, Any],
) -> int:
    """Write the generated parts of a document anew, or tell with ``check`` whether that would change it; see ``app.report``."""
    config = settings(flags)
    path = Path(document)
    text = load_text(path)
    old = generated.parted(text, document)
    templates = Path(config.templates) if config.templates else None
    if not flags.get("template"):
        config = replace(config, template=_template(old, config, templates))
    review = reviewed(given_sample(folder, sides, overrides), config, folder, evidence)
    new = generated.updated(old, generated.parted(formatted(review, config, "markdown"), f"template {config.template}"))
    if new == text:
        console.say(f"{document}: up to date")
        return gates.passed(review, config)
    if check:
        lines = difflib.unified_diff(text.splitlines(keepends=True), new.splitlines(keepends=True), document, f"{document} (updated)")
        console.data(console.plain("".join(line if line.endswith("\n") else f"{line}\n" for line in lines)))
        console.say(f"gate: {document} is stale")
        return exits.GATE
    write(path, new.replace("\n", "\r\n") if b"\r\n" in path.read_bytes() else new)
    tell(review, {"document": path})
    return gates.passed(review, config)


def _template(old: generated.Parted, config: Config, templates: Path | None) -> str:
    """Return the template that wrote a document: one by name, or the file that is configured.

    Raises:
        InputError: There is no such template any more; another one would write another document.
    """
    name, file = generated.template_of(old), template_file(config.template)
    if name in render.template_names(templates):
        return name
    if file is not None and file.name == name + render.SUFFIX:
        return config.template
    raise InputError(f"it was written with a template {name!r}, which is not known", hint="give the template with --template NAME|PATH")
