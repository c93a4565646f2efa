"""The entry point: runs a command and turns whatever it raises into a message and an exit code."""

from __future__ import annotations

import os
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
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code; anything that is not the user's to mend keeps its traceback."""
    try:
        return _command(arguments)
    except UserError as error:
        console.error(str(error))
        return exits.USAGE
    except KeyboardInterrupt:
        console.error("interrupted")
        return exits.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: no error. Python would still complain when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.DONE
    except Exception:
        import traceback

        traceback.print_exc()
        console.error("this is a bug in reviewgen; please report it with the lines above")
        return exits.INTERNAL


def _command(arguments: list[str]) -> int:
    import typer

    from .app import command

    try:
        result = command().main(args=arguments, prog_name="reviewgen", standalone_mode=False)
    except typer.Abort:
        return exits.INTERRUPTED
    except typer.exceptions.TyperException as error:
        show = getattr(error, "show", None)
        if show is not None:
            show()
        return exits.USAGE
    return result if isinstance(result, int) else exits.DONE
