"""HCL that is right, read straight from its bytes.

Follows HCL's own grammar (hclsyntax, "HCL Native Syntax Specification") and refuses whatever it would refuse, and the little that it does not
know; so what it reads needs no further look for errors. What it refuses is for the reader that survives errors (``reviewgen.hcl.tolerant``), with
which it agrees to the byte on everything that both read (tests/hcl/test_strict.py).
"""

from .body import contents
from .cursor import Refused

__all__ = ["Refused", "contents"]
