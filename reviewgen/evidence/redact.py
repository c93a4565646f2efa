"""What a record must not keep: secrets, account ids, tokens. And what changes from run to run and says nothing: ids of requests."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.evidence import StepRecord
from reviewgen.review.page.secrets import MASK, redacted

ACCOUNT = "************"

# Keys: IAM User Guide, "IAM identifiers". Account ids have twelve digits. The rest by what stands before the secret.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), MASK),
    (re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA|ANPA|AGPA)[0-9A-Z]{16}\b"), MASK),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), MASK),
    (re.compile(r"\b(?:ghp|gho|ghs|ghr|github_pat|glpat|xox[abprs])[_-][\w-]{16,}"), MASK),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{12,}"), rf"\1 {MASK}"),
    (re.compile(r"(?i)(x-amz-(?:security-token|signature|credential)=)[^&\s\"']+"), rf"\1{MASK}"),
    (
        re.compile(r"(?i)((?:secret_?(?:access_?)?key|session_?token|password|passwd|api_?key|auth_?token)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;}]{4,}"),
        rf"\1{MASK}",
    ),
    (re.compile(r"(\w+://[^/\s:@]+:)[^/\s@]+@"), rf"\1{MASK}@"),
    (re.compile(r"(?<![\d.])\d{12}(?![\d.]\d|\d)"), ACCOUNT),
    (re.compile(r"(?i)\b((?:request|host) ?id:? ?)(?=[\w-]*\d)[\w/+=-]{8,}"), r"\1..."),
)  # fmt: skip


def text(value: str) -> str:
    """Return a text without what a record must not keep."""
    for pattern, instead in _PATTERNS:
        value = pattern.sub(instead, value)
    return value


def diagnostic(value: Diagnostic) -> Diagnostic:
    """Return a diagnostic without it."""
    snippet = value.snippet and replace(value.snippet, code=text(value.snippet.code))
    return replace(value, summary=text(value.summary), detail=text(value.detail), snippet=snippet)


def steps(records: Iterable[StepRecord], secrets: Iterable[str] = ()) -> tuple[StepRecord, ...]:
    """Return records of steps without it.

    Args:
        records: As they were read.
        secrets: Literal secrets of the tree, the longest first.
    """
    known = tuple(secrets)
    return tuple(
        redacted(replace(record, reason=text(record.reason), diagnostics=tuple(map(diagnostic, record.diagnostics))), known)
        for record in records
    )
