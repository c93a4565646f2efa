"""Networks and edges: RG4."""

from types import ModuleType

from . import (
    acls,
    certificates,
    cloudfront,
    dns,
    endpoints,
    exposure,
    failovers,
    flow_logs,
    foreign_groups,
    gateways,
    health_checks,
    homes,
    reached_targets,
    route_tables,
    routes,
    security_groups,
    subnet_zones,
    waf,
    ways,
)

FAMILIES: tuple[ModuleType, ...] = (
    acls,
    certificates,
    cloudfront,
    dns,
    endpoints,
    exposure,
    failovers,
    flow_logs,
    foreign_groups,
    gateways,
    health_checks,
    homes,
    reached_targets,
    route_tables,
    routes,
    security_groups,
    subnet_zones,
    waf,
    ways,
)
