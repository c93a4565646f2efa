"""Names of samples from a dataset: the same for the same row wherever it is read, and safe as names of folders."""

from __future__ import annotations

import re
from hashlib import sha256

_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}(?<!\.)")
_UNSAFE = re.compile(r"[^A-Za-z0-9_+-]+")
# Names of devices, which Windows has in every folder, and of the file that a batch writes beside the samples' folders.
_TAKEN = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?|summary\.md", re.IGNORECASE)
_MOST_KEPT = 60


def of_value(value: object) -> str:
    """Return a sample's name from what a dataset says; empty when it says nothing that can be one.

    What is no safe name of a folder gets one that still tells it from all others: what is safe of it, and a digest of the whole.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    text = str(value).strip()
    if not text or (_SAFE.fullmatch(text) and not _TAKEN.fullmatch(text)):
        return text
    kept = _UNSAFE.sub("-", text).strip("-")[:_MOST_KEPT]
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{kept}-{digest}" if kept else digest


def of_row(dataset: str, number: int) -> str:
    """Return the name of a row that says none: dataset without suffix and number, with zeros in front so that names sort as rows do."""
    return of_value(f"{dataset.rpartition('.')[0]}-{number:06}")
