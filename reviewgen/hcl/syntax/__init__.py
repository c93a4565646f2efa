"""What Terraform says of files that do not parse.

tree-sitter finds that something is wrong, but not what HCL calls it. This recognizer follows the scanner and the recursive-descent parser
of HCL's native syntax (hashicorp/hcl, package hclsyntax, MPL-2.0), with its recovery, and says nothing but diagnostics. It runs on what
the strict reader refuses.
"""

from .diagnose import diagnose, diagnose_json, diagnose_template

__all__ = ["diagnose", "diagnose_json", "diagnose_template"]
