"""Audit and delivery of logs: RG7."""

from types import ModuleType

from . import (
    deliveries,
    denied_deliveries,
    distribution_logs,
    event_selectors,
    recorders,
    trails,
)

FAMILIES: tuple[ModuleType, ...] = (
    deliveries,
    denied_deliveries,
    distribution_logs,
    event_selectors,
    recorders,
    trails,
)
