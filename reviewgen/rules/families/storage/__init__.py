"""Databases and storage: RG2."""
