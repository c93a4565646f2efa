"""Statements that need a check of their own, held against a site in three files whose correction Terraform rejects."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.audit import Kind
from reviewgen.config import Config
from reviewgen.model.source import Turns
from tests.paths import CASES

SITE = sample.load(CASES / "audit" / "site")
TITLE = "# Model Response Failures\n\n"


def said(text: str, turns: Turns | None = None) -> list[tuple[Kind, int]]:
    """Return kinds and lines of the findings, lines counted below the title."""
    findings = pipeline.audit_sample(SITE, turns or Turns(), TITLE + text, "x.md", Config())[1]
    return [(f.kind, f.line - 2) for f in findings if f.kind is not Kind.LACKS]


CONTRADICTED = {
    "hardcoded": ("## 1. Hardcoded Availability Zones\n\n**Issue**: The account IDs were hardcoded.\n", [(Kind.ABSENT, 1), (Kind.ABSENT, 3)]),
    "hardcoded, at the end of a list": ("**Issue**: It hardcoded regions and AMI IDs.\n", [(Kind.ABSENT, 1)]),
    "tags": ("**Issue**: Missing or inconsistent Environment tags.\n", [(Kind.PRESENT, 1)]),
    "one thing beside each bucket": ("**Issue**: The S3 bucket lacked versioning and proper lifecycle policies.\n", [(Kind.PRESENT, 1)]),
    "protocol": ("**Issue**: HTTP-only load balancer.\n", [(Kind.PRESENT, 1)]),
    "zones": ("**Issue**: Single-AZ RDS is no good.\n", [(Kind.PRESENT, 1)]),
    "switch": ("**Issue**: Deletion protection was enabled on the database.\n", [(Kind.ABSENT, 1)]),
    "files": ("## 1. Lack of File Organization\n\nBad.\n", [(Kind.PRESENT, 1)]),
    "file that nobody has": ("**Issue**: Provider blocks were duplicated between main.tf and versions.tf.\n", [(Kind.ABSENT, 1), (Kind.ABSENT, 1)]),
    "no answer": ("**Issue**: No initial MODEL_RESPONSE.md was provided.\n", [(Kind.PRESENT, 1)]),
    "function": ("## Fixes applied\n\n- Used substr() to shorten names\n", [(Kind.ABSENT, 3)]),
    "strength": ("## Strengths\n\n- Good use of `depends_on`\n- Clear CloudTrail for audits\n", [(Kind.ABSENT, 3), (Kind.ABSENT, 4)]),
    "praise": ("The remote state backend is S3.\n\n- S3 backend with locking implemented correctly\n", [(Kind.ABSENT, 3)]),
    "kept": ("## Fixes applied\n\n- Replaced AMI data source with an ID\n- Removed `multi_az`\n", [(Kind.KEPT, 3), (Kind.KEPT, 4)]),
    "in place of another": ("## Fixes applied\n\n- Used name_prefix instead of name for target groups\n", [(Kind.PRESENT, 3)]),
    "valid": ("## Summary\n\nThe corrected infrastructure is now production-ready.\n", [(Kind.VALID, 3)]),
    "schema": ("**Issue**: `aws_lb` no longer accepts `subnets`.\n", [(Kind.DEFECT, 1)]),
    "schema, in a block": ("**Issue**: `redirect` is not supported in `aws_lb_listener`'s `default_action` block.\n", [(Kind.DEFECT, 1)]),
    "platform": ("## 1. Outputs\n\n**Issue**: The CloudFormation template has none.\n", [(Kind.UNSUPPORTED, 3)]),
    "asked": ("**Issue**: While MFA Delete was mentioned in requirements, it is not set.\n", [(Kind.QUOTATION, 1)]),
    "pattern": ("**Issue**: It used a naming pattern `${var.app}-${var.stage}` for all.\n", [(Kind.ABSENT, 1)]),
    "before": ('**Fix**:\n\n```hcl\n# BEFORE\nport = 8443\n\n# AFTER\nport = 9443\n```\n', [(Kind.CODE, 5), (Kind.CODE, 8)]),
    "label of an example": ("**Example from Model Response**:\n\n```hcl\nport = 8443\n```\n", [(Kind.CODE, 4)]),
    "provider": ("## 1. Missing Provider Configuration\n\nThere is none.\n", [(Kind.PRESENT, 1)]),
    "has, said at the end": ("**MODEL_RESPONSE Issue**:\n- CloudTrail configured, but badly\n", [(Kind.ABSENT, 2)]),
}  # fmt: skip
SILENT = {
    "not hardcoded": "**Issue**: Names should not be hardcoded account IDs, and hardcoded values of regions are avoided.\n",
    "anti-patterns": "## Anti-Patterns Avoided\n\n1. **Hardcoded Account IDs**: none\n",
    "tags of another key": "**Issue**: Missing Owner tags.\n",
    "a bucket lacks another thing": "**Issue**: The S3 bucket lacked encryption and access logging.\n",
    "what an error indicates": "**Issue**: The error indicates that the bucket lacked versioning.\n",
    "advice on a switch": "**Issue**: It should have deletion protection enabled.\n",
    "PROMPT wants one file": "**Requirement**: All code in a single file, without file separation\n",
    "files of tests": "**Issue**: There are multiple test files instead of a single one.\n",
    "function of another": "## Fixes applied\n\n- Replaced substr() by a name prefix\n- Used helper() in tests\n",
    "strength of IDEAL": "## Strengths (IDEAL_RESPONSE)\n\n- CloudTrail for audits\n",
    "no strength": "## Strengths\n\n- Understood the need for CloudTrail, but has none\n",
    "removed in tests": "## Fixes applied\n\n- Removed `multi_az` from the tests\n",
    "removed in a part": "## Fixes applied\n\n- Removed subnets from the list of sources\n",
    "not yet valid": "## Summary\n\nThe infrastructure is production-ready once the quota is raised.\n",
    "valid, of tests": "## Summary\n\nTests should pass terraform validate.\n",
    "a combination": "**Issue**: `aws_lb` does not support `subnets` together with a mapping.\n",
    "read-only": "**Issue**: `aws_lb` does not support `arn_suffix`.\n",
    "platform of tests": "## 1. Tests\n\n**Issue**: The tests read a CloudFormation stack.\n",
    "asked for": "**Issue**: While TLS was mentioned in requirements, it is not set.\n",
    "a pattern of ours": "**Issue**: It used a naming pattern `${var.app}-resource-${var.stage}`.\n",
    "wrong, of nobody": "**Fix**:\n\n```hcl\n# WRONG\nport = 8443\n\n# CORRECT\nport = 9443\n```\n",
    "another provider": "## 1. Missing Provider Configuration\n\nThe random provider is not declared.\n",
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTED)
def test_contradicted(name: str) -> None:
    text, wanted = CONTRADICTED[name]
    assert sorted(said(text)) == sorted(wanted)


@pytest.mark.parametrize("name", SILENT)
def test_near_misses_are_left_alone(name: str) -> None:
    assert said(SILENT[name]) == []


@pytest.mark.parametrize("name", ["hardcoded", "switch", "strength", "praise"])
def test_a_later_turn_may_have_it(name: str) -> None:
    later = '```hcl\ndepends_on = 1\naws_cloudtrail\nbackend "s3" {}\ndeletion_protection = true\nx = "123456789012 eu-west-1a"\n```\n'
    assert said(CONTRADICTED[name][0], Turns(model=(later,))) == []
