"""The families of rules; the catalogue sorts their rules by id."""

from types import ModuleType

from . import (
    acls,
    api,
    comments,
    data,
    endpoints,
    exposure,
    flow_logs,
    rds,
    routes,
    security_groups,
)

FAMILIES: tuple[ModuleType, ...] = (
    acls,
    api,
    comments,
    data,
    endpoints,
    exposure,
    flow_logs,
    rds,
    routes,
    security_groups,
)
