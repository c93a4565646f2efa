"""Lists of what is to be checked, alarmed of or shown: their lines ask for a rule, an alarm or a test, and not for the thing itself."""

from __future__ import annotations

from collections.abc import Iterable

from reviewgen.model.requirement import Requirement

from .wording import Watch, wording
from .words import asks, normal

# No line that announces a list is longer.
_LONGEST = 300


def watch(row: Requirement, above: Iterable[Requirement]) -> Watch | None:
    """Return what the lines of the list ask for in which a requirement stands; None where they ask for what they say.

    Args:
        row: The requirement.
        above: Those that it details.
    """
    announced = [a.text for a in above]
    # Text goes on below a plain line that opened a list: what asks again there belongs to the list no more.
    if not asks(row.text) and not wording().lead.match(normal(row.text)):
        announced.append(row.section)
    lines = [normal(text).strip(" :.,_") for text in announced if len(text) <= _LONGEST]
    return next((kind for kind in wording().watched if any(kind.announced.search(line) for line in lines)), None)
