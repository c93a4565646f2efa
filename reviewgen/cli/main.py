"""The entry point: runs a command and turns whatever it raises into a message and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from reviewgen.errors import InputError, UserError

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
    except KeyboardInterrupt:
        code = exits.INTERRUPTED
    except Exception as error:
        if mendable := _mendable(error):
            console.progress("")
            console.error(str(mendable))
            return exits.USAGE
        import traceback

        traceback.print_exc()
        console.error("this is a bug in reviewgen; please report it with the lines above")
        return exits.INTERNAL
    if code == exits.INTERRUPTED:
        console.progress("")
        console.error("interrupted")
    return code


def _mendable(error: Exception) -> UserError | None:
    """Return what the user can mend; with what the system refuses to do with a path that nobody has looked at before."""
    if isinstance(error, OSError) and error.filename and not isinstance(error, FileNotFoundError):
        return InputError(error.strerror or "cannot be used", path=os.fsdecode(error.filename), hint="check the path and its permissions")
    return error if isinstance(error, UserError) else None


def _command(arguments: list[str]) -> int:
    """Return a command's exit code; typer prints what is wrong with the arguments, with the code of wrong usage.

    Raises:
        InputError: An argument is empty: as a path it would mean the current folder, which nobody wrote; or stdout cannot be written.
    """
    from .app import command

    if any(not argument or (argument.startswith("--") and argument.endswith("=")) for argument in arguments):
        raise InputError("an argument is empty", hint="perhaps a variable of the shell is not set")
    stdout = sys.stdout
    try:
        command().main(args=arguments, prog_name="reviewgen")
    except SystemExit as done:
        gone = sys.stdout is not stdout  # typer puts a stream aside whose reader wants no more of the help
        return done.code if isinstance(done.code, int) and not gone else exits.DONE
    except OSError as failure:
        if _is_typers(failure):
            raise console.unwritten(failure) from None
        raise
    return exits.DONE


def _is_typers(failure: OSError) -> bool:
    """Whether it happened to typer itself, which touches nothing but the streams: where it writes help."""
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals["__name__"].startswith("typer.")
