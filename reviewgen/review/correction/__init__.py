"""How IDEAL repairs a defect: the blocks, arguments and lines of it that do, and nothing else.

``repair`` chooses what belongs to the correction of a defect; ``behind`` looks behind an argument, ``brought`` and ``newly_named`` at what new blocks
need, ``parsed`` at code that cannot be parsed, ``named`` at the part of a long value that was wrong,
``exclusive`` at what cannot stand beside what was there. ``spans`` and ``passages`` say which lines
that are.
"""

from .repair import (
    NOTHING,
    Correction,
    of_answers,
    of_circle,
    of_code,
    of_defects,
    of_heirs,
    of_modules,
    of_parsed,
    of_places,
    place,
    together,
)

__all__ = [
    "NOTHING", "Correction", "of_answers", "of_circle", "of_code", "of_defects", "of_heirs", "of_modules", "of_parsed", "of_places", "place", "together",
]  # fmt: skip
