"""Several messages of Terraform, one mistake: defects of a tree that only follow from another one become one draft with it.

``following`` knows the causes, ``interfaces`` those of modules and their callers, ``moved`` takes defects from one draft to another.
"""

from __future__ import annotations

from .following import joined

__all__ = ["joined"]
