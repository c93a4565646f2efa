"""Trees, their references, provider schemas and the static validator."""

from .graph import Graph, Reference, arguments, local_address
from .tree import build

__all__ = ["Graph", "Reference", "arguments", "build", "local_address"]
