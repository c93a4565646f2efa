"""Instances, containers and clusters: RG5."""
