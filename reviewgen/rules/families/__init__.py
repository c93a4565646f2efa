"""The families of rules, in rooms by the first digit of their ids; the catalogue sorts their rules by id."""

from types import ModuleType

from . import audit, compute, identity, language, monitoring, network, serverless, storage

FAMILIES: tuple[ModuleType, ...] = tuple(
    family for room in (audit, compute, identity, language, monitoring, network, serverless, storage) for family in room.FAMILIES
)
