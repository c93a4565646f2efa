"""Alarms, dashboards and metrics: RG8."""

from types import ModuleType

from . import (
    alarm_actions,
    alarm_meaning,
    alarms,
    canaries,
    dashboards,
    filter_words,
    log_metrics,
)

FAMILIES: tuple[ModuleType, ...] = (
    alarm_actions,
    alarm_meaning,
    alarms,
    canaries,
    dashboards,
    filter_words,
    log_metrics,
)
