"""The two families of errors: what a user can mend, and bugs.

Everything that a user can mend is a ``UserError``: it names the file, the line where there is one, and the remedy, and the command line
prints it as one line and exits with 2. Any other exception is a bug of ours and keeps its traceback (exit 70).
"""

from __future__ import annotations


class UserError(Exception):
    """Something the user can mend.

    Attributes:
        message: What is wrong, in one sentence without a trailing full stop.
        path: The file or folder concerned, as the user wrote it; empty when there is none.
        line: 1-based line within ``path``; 0 when there is none.
        hint: The remedy, an imperative sentence; empty when the message already is one.
    """

    def __init__(self, message: str, *, path: str = "", line: int = 0, hint: str = "") -> None:
        """Keep the parts apart so that a caller can print or serialise them."""
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        """Return ``path:line: message (hint)``, as compilers print it."""
        place = f"{self.path}:{self.line}: " if self.path and self.line else f"{self.path}: " if self.path else ""
        return f"{place}{self.message}" + (f" ({self.hint})" if self.hint else "")


class InputError(UserError):
    """A sample, document or path that cannot be read as what it should be."""


class ConfigError(UserError):
    """A configuration value, key or file that is not valid."""


class DataError(UserError):
    """A data file of the tool (rubric, knowledge table, schema bundle, template) that is not valid."""
