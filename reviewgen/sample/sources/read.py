"""What a format gives of one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from reviewgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Read:
    """One row of a dataset.

    Attributes:
        number: Which one it is, as messages count.
        values: Its values by column.
        error: Why it cannot be read; empty when it can.
        own: The whole row as its format has it, for who writes it again; None where it was not asked for.
    """

    number: int
    values: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    own: Any = None
