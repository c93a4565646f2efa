"""How a function says that it cannot be called with the arguments given."""

from __future__ import annotations


class Refused(Exception):
    """A call that must fail.

    Attributes:
        why: The reason, in Terraform's words.
        argument: Position of the argument that is to blame; None for the call as a whole.
    """

    def __init__(self, why: str, argument: int | None = None) -> None:
        """Keep both."""
        super().__init__(why)
        self.why = why
        self.argument = argument
