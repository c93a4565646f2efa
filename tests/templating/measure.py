"""How like their examples documents are that derived templates write: each example is tried on another sample's review."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reviewgen import render
from reviewgen.documents import read
from reviewgen.model import Review
from reviewgen.templating import derive, likeness

_WORD = re.compile(r"[A-Za-z0-9_]+")
_LEAST = 5


@dataclass(frozen=True)
class Measured:
    """What came of one example: likeness, what `templates check` says, fields that an issue lacks, lines of the example that stand in the output."""

    issues: float
    frame: float
    whole: float
    wrong: tuple[str, ...]
    lacking: tuple[str, ...]
    copied: tuple[str, ...]
    found: bool


def measure(example: str, name: str, review: Review) -> Measured:
    """Derive a template from an example and try it on a review.

    Raises:
        InputError: The example has fewer than two issues.
    """
    made = derive(example, name, "own")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.md.j2"
        path.write_text(made.text, "utf-8")
        wrong = tuple(map(str, render.errors(str(path))))
        document = "" if wrong else render.markdown(review, template=str(path))
    like = likeness(made.style, document)
    theirs = {line.strip() for line in example.splitlines() if len(_WORD.findall(line)) >= _LEAST}
    met = [line.strip() for line in (*document.splitlines(), *made.text.splitlines()) if line.strip() in theirs]
    # What the other sample's review says itself, such as a line of its code, was not taken from the example.
    copied = [line for line in met if not any(line in text for text in _texts(render.document(review)))]
    read_back = len(read(document).issues) == len(review.issues)
    return Measured(like.issues, like.frame, like.whole, wrong, like.lacking, tuple(copied), read_back)


def _texts(value: object) -> Iterator[str]:
    """Yield all texts of a review."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)
