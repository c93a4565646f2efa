"""PROMPT to ``Requirement`` values, and which declaration of a tree answers which.

``parse`` reads requirements, ``trace`` judges both trees by the vocabulary, ``services`` names the parts that PROMPT asks for.
"""

from .capability import Capability, capabilities, capability
from .parse import parse
from .trace import services, trace

__all__ = ["Capability", "capabilities", "capability", "parse", "services", "trace"]
