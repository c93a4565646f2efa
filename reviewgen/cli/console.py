"""What reaches the terminal: data on stdout, messages on stderr, colour only where a person looks."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TextIO

_CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "bold": "1", "dim": "2"}


@dataclass
class Verbosity:
    """How much is said: -1 quiet, 0 usual, 1 verbose. Set once, by the flags before the command."""

    level: int = 0


VERBOSITY = Verbosity()


def error(message: str) -> None:
    """Say why nothing came of it; never silenced."""
    print(f"reviewgen: {message}", file=sys.stderr)


def say(message: str) -> None:
    """Say what was done, unless quiet."""
    if VERBOSITY.level >= 0:
        print(message, file=sys.stderr)


def detail(message: str) -> None:
    """Say how it was done, when verbose."""
    if VERBOSITY.level > 0:
        print(message, file=sys.stderr)


def data(text: str) -> None:
    """Write data to stdout as UTF-8, whatever the locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def colours(stream: TextIO) -> bool:
    """Whether a stream takes colours: ``NO_COLOR`` and ``FORCE_COLOR`` decide before the kind of stream."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def paint(text: str, *styles: str, on: bool) -> str:
    """Return a text in some styles, when ``on``."""
    return f"\x1b[{';'.join(_CODES[s] for s in styles)}m{text}\x1b[0m" if on and text else text


def plain(text: str) -> str:
    """Return a text of the inputs without control characters, which could drive a terminal."""
    return "".join(c if c in "\n\t" or (c.isprintable() or c == " ") else "\N{REPLACEMENT CHARACTER}" for c in text)
