"""The families of rules, in rooms by the first digit of their ids: each module of each room has ``RULES``, which the catalogue sorts by id."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def _modules(package: ModuleType) -> list[ModuleType]:
    return [import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__)]


FAMILIES: tuple[ModuleType, ...] = tuple(family for room in _modules(import_module(__name__)) for family in _modules(room))
