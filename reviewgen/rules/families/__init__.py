"""The families of rules, in the order of their ids."""

from types import ModuleType

from . import api, comments, data, exposure, routes, security_groups

FAMILIES: tuple[ModuleType, ...] = (data, api, security_groups, exposure, routes, comments)
