"""What the headings of PROMPTs announce: things that are asked, background, the form of the answer."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from .wording import wording


class Role(Enum):
    """What the lines below a heading are."""

    ASKED = "asked"
    CONTEXT = "context"
    OPTIONAL = "optional"
    OUTPUTS = "outputs"
    ANSWER = "answer"


_NOISE = re.compile(r"^[\W\d_]*(?:[a-z]\)|section \d+|step \d+|part \d+)?[\W\d_]*|\([^)]*\)|[\W_]+$", re.I)
_LONGEST = 300  # no heading that announces something is longer, and the patterns take the square of the length
_OPTIONAL = re.compile(r"\(\s*(?:optional|bonus|nice[ -]to[ -]have)", re.I)
_EXTRA = re.compile(r"(?:optional|bonus|stretch|nice[ -]to[ -]have|if time permits)\b", re.I)


@cache
def role(title: str) -> Role:
    """Return what the lines below a heading are."""
    if len(title) > _LONGEST:
        return Role.ASKED
    bare = _NOISE.sub("", title).strip()
    if _OPTIONAL.search(title):
        return Role.OPTIONAL
    return next((Role(kind) for kind, words in wording().sections.items() if words.fullmatch(bare)), Role.ASKED)


def is_extra(title: str) -> bool:
    """Whether a list item says of its details that they may be left out: "**Optional Enhancements** if time permits"."""
    return len(title) <= _LONGEST and bool(_OPTIONAL.search(title) or _EXTRA.match(_NOISE.sub("", title)))
