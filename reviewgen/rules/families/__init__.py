"""The families of rules, in the order of their ids."""

from types import ModuleType

from . import acls, api, comments, data, endpoints, exposure, flow_logs, routes, security_groups

FAMILIES: tuple[ModuleType, ...] = (data, api, security_groups, exposure, routes, endpoints, acls, flow_logs, comments)
