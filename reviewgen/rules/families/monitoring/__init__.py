"""Alarms, dashboards and metrics: RG8."""
