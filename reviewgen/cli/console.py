"""What reaches the terminal: data on stdout, messages on stderr, colour only where a person looks."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from reviewgen.errors import InputError
from reviewgen.records import dataclass

_USUAL_WIDTH = 80
_CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "bold": "1", "dim": "2"}


@dataclass
class Manner:
    """How is spoken. Set once a run, by the options.

    Attributes:
        level: -1 quiet, 0 usual, 1 verbose.
        color: The setting of that name.
    """

    level: int = 0
    color: str = "auto"


MANNER = Manner()


def error(message: str) -> None:
    """Say why nothing came of it; never silenced."""
    _message(f"{paint('error:', 'red', 'bold', on=colours(sys.stderr))} {plain(message)}")


def warn(message: str) -> None:
    """Say what needs attention, unless quiet."""
    say(f"{paint('warning:', 'yellow', 'bold', on=colours(sys.stderr))} {plain(message)}")


def say(message: str) -> None:
    """Say what was done, unless quiet."""
    if MANNER.level >= 0:
        _message(message)


def detail(message: str) -> None:
    """Say how it was done, when verbose."""
    if MANNER.level > 0:
        _message(message)


def progress(message: str) -> None:
    """Overwrite the line of progress, on a terminal only; an empty message takes it away."""
    if MANNER.level >= 0 and on_terminal():
        width = (os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH) - 1  # a terminal may not know how wide it is
        sys.stderr.write(f"\r{plain(message)[:width]:<{width}}" + ("" if message else "\r"))
        sys.stderr.flush()


def on_terminal() -> bool:
    """Whether a person may watch messages come."""
    return sys.stderr is not None and sys.stderr.isatty()


def data(text: str) -> None:
    """Write data to stdout as UTF-8, whatever the locale.

    A reader that has gone, as ``head`` does, wants no more: that is no error.

    Raises:
        InputError: It cannot be written, for example to a full disk.
    """
    if sys.stdout is None:  # closed by whoever called us
        raise InputError("cannot write to standard output: it is closed")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _leave(sys.stdout)
    except OSError as failure:
        raise unwritten(failure) from None


def unwritten(failure: OSError) -> InputError:
    """Give stdout up after a failure to write to it; return what to say."""
    _leave(sys.stdout)
    return InputError(f"cannot write to standard output: {failure.strerror or failure}")


def colours(stream: TextIO | None) -> bool:
    """Whether a stream takes colours: the setting decides, then ``NO_COLOR`` and ``FORCE_COLOR``, then the kind of stream."""
    if MANNER.color != "auto":
        return MANNER.color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb")


def paint(text: str, *styles: str, on: bool) -> str:
    """Return a text in some styles, when ``on``."""
    return f"\x1b[{';'.join(_CODES[s] for s in styles)}m{text}\x1b[0m" if on and text else text


def plain(text: str) -> str:
    """Return a text of the inputs without characters that drive a terminal or change the order in which it shows them."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in "\n\t" or c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _message(text: str) -> None:
    if sys.stderr is None:  # closed by whoever called us; print() would take stdout
        return
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:  # gone or full: there is no other place to say so
        _leave(sys.stderr)


def _leave(stream: TextIO) -> None:
    """Point a stream at nothing, or Python would complain when it flushes it at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
