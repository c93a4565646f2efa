"""Identity, keys and secrets: RG1."""

from types import ModuleType

from . import (
    actions,
    condition_keys,
    grants,
    key_arns,
    keys,
    log_keys,
    roles,
    secrets,
    statements,
    stored_passwords,
    transport,
    volume_keys,
)

FAMILIES: tuple[ModuleType, ...] = (
    actions,
    condition_keys,
    grants,
    key_arns,
    keys,
    log_keys,
    roles,
    secrets,
    statements,
    stored_passwords,
    transport,
    volume_keys,
)
