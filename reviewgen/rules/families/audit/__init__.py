"""Audit and delivery of logs: RG7."""
