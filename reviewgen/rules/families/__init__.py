"""The families of rules, in the order of their ids."""

from types import ModuleType

from . import api, comments, data

FAMILIES: tuple[ModuleType, ...] = (data, api, comments)
