"""The families of rules; the catalogue sorts their rules by id."""

from types import ModuleType

from . import (
    acls,
    alarms,
    api,
    comments,
    configuration,
    dashboards,
    data,
    endpoints,
    exposure,
    flow_logs,
    keys,
    log_metrics,
    names,
    rds,
    routes,
    security_groups,
    volatile,
)

FAMILIES: tuple[ModuleType, ...] = (
    acls,
    alarms,
    api,
    comments,
    configuration,
    dashboards,
    data,
    endpoints,
    exposure,
    flow_logs,
    keys,
    log_metrics,
    names,
    rds,
    routes,
    security_groups,
    volatile,
)
