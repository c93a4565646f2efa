"""Names, limits and texts, and what Terraform itself refuses: RG6, and what comments say: RG9."""

from types import ModuleType

from . import (
    backends,
    comments,
    configuration,
    copies,
    indexes,
    locks,
    moments,
    names,
    patterns,
    preconditions,
    refused,
    regional,
    volatile,
)

FAMILIES: tuple[ModuleType, ...] = (
    backends,
    comments,
    configuration,
    copies,
    indexes,
    locks,
    moments,
    names,
    patterns,
    preconditions,
    refused,
    regional,
    volatile,
)
