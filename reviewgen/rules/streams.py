"""Log streams, to which log events are written; the provider gives the ARN of a log group without what stands for its streams."""

from __future__ import annotations

import re

from reviewgen.terraform.policies import Policy

# The ARN of a log group and nothing behind it. Streams are what ``logs:PutLogEvents`` is about:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
_GROUP = re.compile(r"\$\{aws_cloudwatch_log_group\.[\w-]+(?:\[[^\]}]*\])?\.arn\}")
LONGER = "the streams of a group, whose ARNs are longer (`:*` behind the group's)"


def are_left_out(policy: Policy, service: str = "") -> bool:
    """Whether a policy lets somebody write log events, and all that it names for that are ARNs of log groups alone.

    Args:
        policy: What is asked.
        service: Only what is allowed to this service.
    """
    allowed = [s for s in policy.allowing("logs:PutLogEvents") if not service or s.addresses(service) is not False]
    named = [text.text for s in allowed for text in s.resources]
    whole = policy.complete and not policy.managed and not any(s.not_resources for s in allowed)
    return whole and bool(named) and all(map(_GROUP.fullmatch, named))
