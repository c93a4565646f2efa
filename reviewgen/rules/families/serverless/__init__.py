"""APIs, functions, messages and events: RG3."""

from types import ModuleType

from . import (
    api,
    edge,
    event_permissions,
    event_targets,
    events,
    function_files,
    function_packages,
    function_rights,
    functions,
    handlers,
    key_rights,
    messaging,
    redrives,
    sources,
    stages,
    websockets,
    workflows,
)

FAMILIES: tuple[ModuleType, ...] = (
    api,
    edge,
    event_permissions,
    event_targets,
    events,
    function_files,
    function_packages,
    function_rights,
    functions,
    handlers,
    key_rights,
    messaging,
    redrives,
    sources,
    stages,
    websockets,
    workflows,
)
