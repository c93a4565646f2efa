"""Which arguments Terraform's functions refuse, by theme; the words are those of Terraform 1.11.

``SHAPES`` look at the types and at what is known of the values, ``CHECKS`` at plain values once all of them are known. Each raises ``Refused``.
``shapes`` holds what signatures do not tell, ``formatting`` the verbs of ``format``, ``patterns`` and ``matching`` regular expressions, ``dates``
and ``durations`` points in time, ``tables`` what is decoded, ``networks`` CIDR blocks, ``numbers`` and ``sequences`` the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reviewgen.terraform.validate.evaluation.value import Value

from . import dates, formatting, networks, numbers, patterns, sequences, shapes, tables

__all__ = ["CHECKS", "SHAPES"]

SHAPES: Mapping[str, Callable[[Sequence[Value]], None]] = {
    **shapes.SHAPES,
    **sequences.SHAPES,
    **numbers.SHAPES,
    **formatting.SHAPES,
    **patterns.SHAPES,
}
CHECKS: Mapping[str, Callable[..., object]] = {
    **sequences.CHECKS,
    **numbers.CHECKS,
    **patterns.CHECKS,
    **dates.CHECKS,
    **tables.CHECKS,
    **networks.CHECKS,
}
