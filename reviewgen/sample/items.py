"""One of many samples before it is read: a folder, or a row of a dataset. Whoever reviews it need not know which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from reviewgen.errors import InputError
from reviewgen.model.source import Document, Sample
from reviewgen.records import dataclass

from .folder import load, of_documents
from .markdown import read_markdown
from .text import decode

FILES = {"prompt": "PROMPT.md", "model": "MODEL_RESPONSE.md", "ideal": "IDEAL_RESPONSE.md"}
"""As which files the texts of a row are read, by side: a row is reviewed as a folder with these files is."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A sample in a folder of its own."""

    id: str
    path: Path

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return str(self.path)

    def load(self) -> Sample:
        """Return the sample.

        Raises:
            InputError: It cannot be read.
        """
        return load(self.path, id=self.id)


@dataclass(frozen=True, slots=True)
class Row:
    """A sample in a row of a dataset, or a row that is none.

    Attributes:
        id: The sample's name, safe as that of a folder; of a row that is none its place.
        path: The dataset, as the user named it.
        number: The row: in JSONL the line, in Parquet counted from 1.
        texts: The texts by side; PROMPT may be missing.
        error: Why it is no sample; empty when it is one.
        own: All that the dataset has in the row, as its format reads it; None where nobody asked for it. ``bare`` leaves it behind.
    """

    id: str
    path: str
    number: int
    texts: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    own: Any = field(default=None, compare=False)

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.path}:{self.number}"

    def load(self) -> Sample:
        """Return the sample.

        Raises:
            InputError: The row is none, or a text is larger than a document may be, or binary.
        """
        if self.error:
            raise InputError(self.error, path=self.path, line=self.number)
        read = {side: _document(text, self.place, FILES[side]) for side, text in self.texts.items()}
        return of_documents(read["model"], read["ideal"], read.get("prompt"), self.id)

    def bare(self) -> Row:
        """Return what a worker needs of the row."""
        return replace(self, own=None)


Item = Folder | Row


def _document(text: str, place: str, name: str) -> Document:
    normal, notes = decode(text.encode("utf-8", "surrogatepass"), f"{place}/{name}")
    read = read_markdown(normal, name)
    return replace(read, notes=(*notes, *read.notes))
