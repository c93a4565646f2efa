"""The reader of what HCL rejects: tree-sitter's concrete syntax tree, which survives errors, to the vocabulary of ``reviewgen.model.hcl``."""

from .file import contents, whole

__all__ = ["contents", "whole"]
