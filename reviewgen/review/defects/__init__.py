"""Findings of two trees to defects with a status.

``followed`` finds MODEL's findings again in IDEAL's (with ``forms``, where another rule has the defect, and ``remarks``, which are reworded),
``status`` says what became of them (with ``continued``, for what both trees have, ``heirs``, which stand in the place of what is gone, and
``undelivered``, where that may stand unseen),
``reported`` (with ``hidden`` and ``granted``) which of them are told, ``asserted`` what is checked on both trees.
"""

from .parts import OF_A_FILE
from .reported import quiet
from .status import Defect, defects

__all__ = ["OF_A_FILE", "Defect", "defects", "quiet"]
