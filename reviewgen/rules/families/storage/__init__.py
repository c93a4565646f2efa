"""Databases and storage: RG2."""

from types import ModuleType

from . import (
    data,
    directory_buckets,
    mfa_delete,
    migration,
    nosql,
    rds,
    rds_networks,
    rds_protection,
    rds_settings,
    replica_keys,
    replication,
    s3,
)

FAMILIES: tuple[ModuleType, ...] = (
    data,
    directory_buckets,
    mfa_delete,
    migration,
    nosql,
    rds,
    rds_networks,
    rds_protection,
    rds_settings,
    replica_keys,
    replication,
    s3,
)
