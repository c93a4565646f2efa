"""PROMPT to ``Requirement`` values, and which declaration of a tree answers which.

``parse`` reads requirements, ``trace`` judges both trees by the vocabulary, ``check`` by amounts,
prohibitions, tags and regions, ``contradictions`` says which exclude each other, ``services`` names the parts that PROMPT asks for,
``objectives`` how fast it wants to be back.
"""

from .contradictions import contradictions
from .judging.check import Checked, check
from .judging.each import Haves, haves
from .prompt.parse import parse
from .prompt.recovery import Objective, objectives
from .tables.capability import Capability, capabilities, capability
from .trace import services, trace

__all__ = [
    "Capability",
    "Checked",
    "Haves",
    "Objective",
    "capabilities",
    "capability",
    "check",
    "contradictions",
    "haves",
    "objectives",
    "parse",
    "services",
    "trace",
]
