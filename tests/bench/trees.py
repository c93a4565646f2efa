"""What is measured: a corpus beside the clone, where there is one, and documents as files."""

from __future__ import annotations

from pathlib import Path

from reviewgen.model.source import Document
from tests.paths import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"


def write(document: Document, folder: Path) -> list[Path]:
    """Write a document's Terraform files, as our loader extracts them; return their paths."""
    written = []
    for file in document.files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, "utf-8")
        if file.path.endswith(".tf"):
            written.append(path)
    return written
