"""Trees, their references, provider schemas and the static validator."""

from .graph import Graph, Reference, arguments, local_address
from .tree import build, is_configuration

__all__ = ["Graph", "Reference", "arguments", "build", "is_configuration", "local_address"]
