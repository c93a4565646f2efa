"""IAM policies as Terraform trees write them: documents, who has them, and what they allow.

``graph.policies`` answers; every answer is True, False or None for "not certain". Statements come from ``jsonencode``, heredocs with JSON,
``file``, ``aws_iam_policy_document`` (with its sources, overrides and dynamic statements), followed through locals, variables and modules.
"""

from .index import Policies
from .statements import Condition, Policy, Statement, Text, some

__all__ = ["Condition", "Policies", "Policy", "Statement", "Text", "some"]
