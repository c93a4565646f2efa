"""The account that PROMPT names, against the account that a tree's default provider is bound to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.hcl import UNKNOWN
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Tuple
from reviewgen.model.prose import code, listed
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Category, Impact, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration

from ..tree.conditions import Evidence
from ..tree.settled import settled
from .judgement import Judgement

RULE = "wrong-account"
_SUBJECT = "account"
_ID = r"(?<![\w.-])(\d{12}|\d{4}-\d{4}-\d{4})(?![\w-])"
_NUMBER = re.compile(_ID)
_PLACED = re.compile(
    rf"\b(?:deploy\w*|provision\w*|creat\w*|build|run\w*|target\w*|belongs?)\b[^.\n]{{0,60}}\baccount\b(?: (?:id|number))?[^.\n\d]{{0,20}}{_ID}",
    re.I,
)
_ROLE = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):role/")
# AWS's own documentation writes these for "your account".
_EXAMPLES = re.compile(r"123456789012|210987654321|(\d)\1{11}")


class Accounts:
    """What PROMPT says of accounts.

    Attributes:
        named: Accounts that PROMPT mentions anywhere: none of them is a wrong one.
        requirement: The line by which the stack goes to an account; None when no line says so.
    """

    def __init__(self, rows: Iterable[Requirement], prompt: str) -> None:
        """Read the accounts.

        Args:
            rows: PROMPT's requirements.
            prompt: PROMPT's whole text.
        """
        self.named = frozenset(found.replace("-", "") for found in _NUMBER.findall(prompt))
        speaking = [row for row in rows if row.binding and not row.forbids and self._speaks(row)]
        self.requirement = min(speaking, key=lambda row: (len(row.text), row.line), default=None)

    def _speaks(self, row: Requirement) -> bool:
        place = _PLACED.search(row.text)
        return place is not None and not _EXAMPLES.fullmatch(place[1].replace("-", ""))


def judge(asked: Accounts, requirement: Requirement, evidence: Evidence) -> Judgement:
    """Return a tree's answer: unmet when the default provider may only work in accounts that PROMPT does not name."""
    provider = evidence.graph.get("provider.aws")
    bound = dict(_bound(provider, evidence)) if provider is not None else {}
    if provider is None or not bound:
        return Judgement(requirement, _SUBJECT, Verdict.UNKNOWN)
    if any(accounts & asked.named for accounts in bound.values()):
        return Judgement(requirement, _SUBJECT, Verdict.MET, (provider.address,))
    argument, accounts = next(iter(bound.items()))
    return Judgement(requirement, _SUBJECT, Verdict.UNMET, (provider.address,), _finding(asked, requirement, argument, sorted(accounts)))


def _bound(provider: Declaration, evidence: Evidence) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield (argument, accounts) of the arguments that bind a provider to accounts, where their values are certain."""
    allowed = provider.block.value("allowed_account_ids")
    if isinstance(allowed, Tuple):
        found = [settled(evidence.graph, item, provider.module) for item in allowed.items]
        if found and all(isinstance(account, str) and _NUMBER.fullmatch(account) for account in found):
            yield "allowed_account_ids", frozenset(found)
    for role in provider.block.nested("assume_role"):
        arn = role.value("role_arn")
        value = settled(evidence.graph, arn, provider.module) if arn is not None else UNKNOWN
        if isinstance(value, str) and (match := _ROLE.match(value)):
            yield "assume_role.role_arn", frozenset([match[1]])


def _finding(asked: Accounts, requirement: Requirement, argument: str, accounts: list[str]) -> Finding:
    wanted = listed(sorted(asked.named))
    return Finding(
        rule=RULE,
        title=f"The stack goes to account {accounts[0]}, which PROMPT does not name",
        category=Category.CRITICAL,
        severity=Severity.HIGH,
        address="provider.aws",
        problem=f"PROMPT names {wanted}; {code(f'provider.aws.{argument}')} binds the default provider to {listed(accounts)}.",
        check=f"`provider.aws` is bound to {wanted}",
        attribute=argument,
        key=accounts[0],
        fix_class="B",
        stage=Stage.PLAN,
        impact=(Impact("Deployment", "The default provider works in another account than PROMPT names, or refuses to work at all."),),
        lesson="The account of the task is the one that the provider is bound to.",
        recommendation=Recommendation(f"Bind the provider to {wanted}."),
        source="https://registry.terraform.io/providers/hashicorp/aws/latest/docs",
        signals=("prompt",),
        requirement=requirement,
    )
