"""Arguments to settings and documents; ``-`` is standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewgen import config
from reviewgen.config import Config
from reviewgen.errors import InputError

from . import console

if TYPE_CHECKING:
    from reviewgen.model.source import Document

STREAM = "-"


def settings(flags: Mapping[str, Any] | None = None) -> Config:
    """Return the configuration of this run, and speak accordingly from now on."""
    found = config.load(Path.cwd(), flags, os.environ)
    console.MANNER.color = found.color
    for name, origin in found.origins.items():
        if origin != "default":
            console.detail(f"{name} = {getattr(found, name)!r} ({origin})")
    return found


def workers(found: Config, tasks: int) -> int:
    """Return how many worker processes do some tasks: as the setting says, or one for each processor that this process may use."""
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(found.jobs or here, tasks)


def document(argument: str) -> Document:
    """Return the document that an argument names.

    Raises:
        InputError: It cannot be read.
    """
    from reviewgen import sample

    if argument == STREAM:
        text, notes = stdin()
        read = sample.read_markdown(text, "stdin")
        read = replace(read, notes=(*notes, *read.notes))
    else:
        read = sample.load_document(Path(argument), os.path.basename(os.path.realpath(argument)))
    console.detail(f"{argument}: {len(read.files)} files")
    return read


def tree(argument: str) -> Document:
    """Return the document that an argument names as a tree of Terraform files; one that holds none is named, for it may be a wrong path.

    Raises:
        InputError: It cannot be read.
    """
    read = document(argument)
    for note in read.notes:
        console.detail(f"note: {console.plain(note)}")
    if not any(file.path.endswith((".tf", ".tf.json")) for file in read.files):
        console.warn(f"{argument}: no Terraform files in it")
    return read


def stdin() -> tuple[str, tuple[str, ...]]:
    """Return standard input as text, and notes about what had to be assumed.

    Raises:
        InputError: It is too large, binary or closed.
    """
    from reviewgen.sample.text import MOST_BYTES, decode

    if sys.stdin is None:
        raise InputError("standard input is closed", hint="give a file")
    return decode(sys.stdin.buffer.read(MOST_BYTES + 1), "standard input")


def listed(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the folders and datasets that some arguments name; ``-`` is a list on standard input, one path a line.

    Raises:
        InputError: A pattern matches nothing, or standard input cannot be read.
    """
    from reviewgen.sample.sources import expand

    one_stream(*arguments)
    found: list[str] = []
    for argument in arguments:
        if argument == STREAM:
            found += [line for line in stdin()[0].split("\n") if line.strip()]
        else:
            found += expand(argument)
    return tuple(found)


def one_stream(*arguments: str | None) -> None:
    """Raise InputError when several arguments want standard input, which there is only once."""
    if arguments.count(STREAM) > 1:
        raise InputError("only one argument can be standard input", hint="give a file for the other")
