"""Arguments to samples and documents; ``-`` is standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reviewgen import config, sample
from reviewgen.config import Config
from reviewgen.errors import InputError
from reviewgen.model.source import Document


def settings(flags: Mapping[str, Any]) -> Config:
    """Return the configuration of this run."""
    return config.load(Path.cwd(), flags, os.environ)


def document(argument: str) -> Document:
    """Return the document that an argument names.

    Raises:
        InputError: It cannot be read.
    """
    if argument == "-":
        from reviewgen.sample.text import decode

        text, notes = decode(sys.stdin.buffer.read(), "standard input")
        read = sample.read_markdown(text, "stdin")
        return replace(read, notes=(*notes, *read.notes))
    path = Path(argument)
    if not path.exists():
        raise InputError("no such file or folder", path=argument, hint="check the path")
    return sample.load_document(path, path.resolve().name)
