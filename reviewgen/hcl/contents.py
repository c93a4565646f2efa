"""What both readers of native syntax give."""

from __future__ import annotations

from typing import NamedTuple

from reviewgen.model.hcl import Attribute, Block, Comment


class Contents(NamedTuple):
    """What stands in a file.

    Attributes:
        blocks: Top-level blocks in file order; broken ones have ``complete=False``.
        attributes: Top-level attributes by name; of a name that is written twice the first.
        comments: All comments in file order.
    """

    blocks: tuple[Block, ...]
    attributes: dict[str, Attribute]
    comments: tuple[Comment, ...]
