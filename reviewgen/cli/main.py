"""The entry point: runs a command and turns whatever it raises into a message and an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import NoReturn

from reviewgen.errors import UserError

from . import console, exits


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit.

    Args:
        arguments: Without the program's name; those of the process when None.
    """
    # Nearly all that a start makes lives until the end: looking through it for garbage, often while it grows and once more at the exit,
    # is an eighth of the time of a report.
    gc.set_threshold(100_000)
    code = run(list(sys.argv[1:] if arguments is None else arguments))
    gc.freeze()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; anything that is not the user's to mend keeps its traceback."""
    console.MANNER.level, console.MANNER.color = 0, "auto"
    try:
        code = _command(list(arguments))
    except UserError as error:
        console.progress("")
        console.error(str(error))
        return exits.USAGE
    except KeyboardInterrupt:
        code = exits.INTERRUPTED
    except Exception:
        import traceback

        traceback.print_exc()
        console.error("this is a bug in reviewgen; please report it with the lines above")
        return exits.INTERNAL
    if code == exits.INTERRUPTED:
        console.progress("")
        console.error("interrupted")
    return code


def _command(arguments: list[str]) -> int:
    """Return a command's exit code; typer prints what is wrong with the arguments, with the code of wrong usage."""
    from .app import command

    try:
        command().main(args=arguments, prog_name="reviewgen")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else exits.DONE
    return exits.DONE
