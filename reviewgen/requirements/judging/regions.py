"""The regions that PROMPT names, against the region that a tree's default provider deploys to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from reviewgen.hcl import UNKNOWN, text_of
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Traversal
from reviewgen.model.prose import code, listed
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Category, Impact, Recommendation, Severity, Stage

from ..tree.conditions import Evidence
from ..tree.delivered import chosen
from ..tree.settled import is_set, loaded, settled
from .judgement import Judgement

RULE = "wrong-region"
_BY_DEFAULT = "wrong-region-default"
SUBJECT = "region"
_REGION = re.compile(
    r"\b(?:us|eu|ap|ca|sa|me|af|il|mx)-(?:gov-)?(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d\b"
)
_EXCLUDED = re.compile(
    rf"(?:\bexclud\w+|\bexcept\w*|\bother than|\bnot(?: in| be| use)?|\bavoid\w*|\bnever)\W+(?:the |in |to )*[`*\"']*({_REGION.pattern})",
    re.I,
)


def named(text: str) -> frozenset[str]:
    """Return the regions that a text names."""
    return frozenset(region.lower() for region in _REGION.findall(text))


# What stands in a region of its own, under another configuration of the provider.
_APART = re.compile(r"\balias\w*|lambda\s?@\s?edge|\bcloudfront\b|\bacm\b|\bcertificates?\b|\bwaf\w*", re.I)
_PLACE = re.compile(r"\b(?:regions?|deploy\w*|provision\w*|provider)\b", re.I)


# Users, roles, distributions and the like stand in no region: where a provider makes these alone it makes nothing elsewhere.
_IMPACT = "What the default provider creates in a region comes into being in another one than PROMPT names."


class Regions:
    """What PROMPT says of regions.

    Attributes:
        named: Regions that PROMPT names anywhere, but for those that it excludes.
        excluded: Regions that it excludes.
        requirement: The line that names one; None when no line does.
    """

    def __init__(self, rows: Iterable[Requirement], prompt: str) -> None:
        """Read the regions.

        Args:
            rows: PROMPT's requirements.
            prompt: PROMPT's whole text: what it mentions anywhere is no wrong region.
        """
        found = tuple(rows)
        self.excluded = frozenset(m[1].lower() for m in _EXCLUDED.finditer(prompt))
        self.named = frozenset(r.lower() for r in _REGION.findall(prompt)) - self.excluded
        speaking = [r for r in found if r.binding and self._speaks(r)]
        self.requirement = min(speaking, key=lambda r: (not _PLACE.search(r.text), len(r.text), r.line), default=None)

    def _speaks(self, row: Requirement) -> bool:
        names = {r.lower() for r in _REGION.findall(row.text)}
        return bool(names & (self.named or self.excluded))

    def allows(self, region: str) -> bool:
        """Whether a stack may go to a region."""
        return region not in self.excluded and (not self.named or region in self.named)


def judge(asked: Regions, requirement: Requirement, evidence: Evidence) -> Judgement:
    """Return a tree's answer: unmet when the default provider's region is one that PROMPT does not name.

    Unknown where the line is about another region than PROMPT's others, or about what does not stand in the stack's.
    """
    provider = evidence.graph.get("provider.aws")
    expr = provider.block.value("region") if provider is not None else None
    if provider is None:
        return _by_variable(asked, requirement, evidence)
    if expr is None:
        return Judgement(requirement, SUBJECT, Verdict.UNKNOWN)
    given = loaded(evidence.graph, expr, provider.module)
    region = settled(evidence.graph, chosen(evidence.graph, expr, provider.module), provider.module) if given is UNKNOWN else given
    if region is UNKNOWN or not isinstance(region, str) or not _REGION.fullmatch(region):
        return Judgement(requirement, SUBJECT, Verdict.UNKNOWN)
    if _is_another(asked, requirement.text, region):
        return Judgement(requirement, SUBJECT, Verdict.UNKNOWN)
    if asked.allows(region):
        return Judgement(requirement, SUBJECT, Verdict.MET, (provider.address,))
    source = evidence.graph.resolve(expr, provider.module) if isinstance(expr, Traversal) else None
    related = (source.address,) if source is not None else ()
    finding = _finding(asked, requirement, region, related, given is not UNKNOWN)
    if asked.named and (guards := _guards(asked, evidence, region)):
        advice = f"{finding.recommendation.text if finding.recommendation else ''} {_along(guards, region)}"
        finding = replace(finding, recommendation=Recommendation(advice))
    return Judgement(requirement, SUBJECT, Verdict.UNMET, (provider.address,), finding)


# Blocks whose condition stops a run that does not meet it.
_GUARDS = ("precondition", "postcondition", "validation")


def _guards(asked: Regions, evidence: Evidence, region: str) -> list[str]:
    """Return the addresses of what stops whoever deploys elsewhere: a condition that names a tree's region, and none that PROMPT names."""
    found = []
    for declaration in evidence.graph.tree.declarations.values():
        blocks = declaration.block.walk() if declaration.attribute is None else ()
        conditions = [block.value("condition") for block in blocks if block.type in _GUARDS]
        regions = [named(text_of(c)) for c in conditions if c is not None]
        if any(region in of_one and not of_one & asked.named for of_one in regions):
            found.append(declaration.address)
    return sorted(found)


def _along(guards: list[str], region: str) -> str:
    one = len(guards) == 1
    what = f"{'A condition' if one else 'Conditions'} of {listed(guards)} {'names' if one else 'name'} {code(region)}"
    return f"{what}: {'it has' if one else 'they have'} to change along with it."


# The variable that a provider of another file takes its region from.
_VARIABLE = ("var.aws_region", "var.region")


def _by_variable(asked: Regions, requirement: Requirement, evidence: Evidence) -> Judgement:
    """Return the answer of a tree that configures no provider: that of its one variable for the region, where the default is a wrong one."""
    graph = evidence.graph
    variables = [d for d in graph.of_kind("variable") if d.module == graph.tree.root and "region" in d.name.lower()]
    default = graph.constant(variables[0].block.value("default"), variables[0].module) if len(variables) == 1 else UNKNOWN
    plain = (
        evidence.settings_certain
        and not graph.of_kind("provider")
        and not any(d.block.value("provider") for d in graph.of_kind("resource"))
    )
    if (
        not plain
        or not isinstance(default, str)
        or not _REGION.fullmatch(default)
        or variables[0].address not in _VARIABLE
        or is_set(graph, variables[0].name)
        or asked.allows(default)
        or _is_another(asked, requirement.text, default)
    ):
        return Judgement(requirement, SUBJECT, Verdict.UNKNOWN, silent=_is_silent(asked, evidence))
    return Judgement(
        requirement, SUBJECT, Verdict.UNMET, (variables[0].address,), _default_finding(asked, requirement, default, variables[0].address)
    )


def _default_finding(asked: Regions, requirement: Requirement, region: str, variable: str) -> Finding:
    wanted = sorted(asked.named)
    one = code(wanted[0]) if len(wanted) == 1 else f"one of {listed(wanted)}" if wanted else f"another than {code(region)}"
    says = f"PROMPT names {listed(wanted)}" if wanted else f"PROMPT excludes {code(region)}"
    return Finding(
        rule=_BY_DEFAULT,
        title=f"The region is {region} by default, which PROMPT {'does not name' if wanted else 'excludes'}",
        category=Category.CRITICAL,
        severity=Severity.HIGH,
        address=variable,
        problem=f"{says}; the default of {code(variable)} is {code(region)}.",
        check=f"the default of {code(variable)} is {one}",
        attribute="default",
        key=region,
        fix_class="B",
        impact=(Impact("Deployment", "What takes its region from the variable is set up for another one than the task's."),),
        lesson="The region of the task is the default of the variable for it, wherever the provider is configured.",
        recommendation=Recommendation(f"Set the default to {one}." if wanted else "Choose another region as default."),
        signals=("prompt",),
        requirement=requirement,
    )


def _is_silent(asked: Regions, evidence: Evidence) -> bool:
    """Whether a tree without a default provider says nothing of regions that PROMPT does not name: neither does the default of a variable."""
    variables = (d for d in evidence.graph.of_kind("variable") if "region" in d.name.lower())
    defaults = (evidence.graph.constant(d.block.value("default"), d.module) for d in variables)
    return evidence.settings_certain and not any(isinstance(v, str) and _REGION.fullmatch(v) and not asked.allows(v) for v in defaults)


def _is_another(asked: Regions, text: str, region: str) -> bool:
    """Whether a line names regions of which the default provider's need not be one: of another environment, or of what stands apart."""
    own = named(text) - asked.excluded
    if region in own or region in asked.excluded:
        return False
    return bool(own) and (asked.allows(region) or _APART.search(text) is not None)


def _finding(asked: Regions, requirement: Requirement, region: str, related: tuple[str, ...], given: bool) -> Finding:
    wanted = sorted(asked.named)
    one = code(wanted[0]) if len(wanted) == 1 else f"one of {listed(wanted)}" if wanted else f"another than {code(region)}"
    says = f"PROMPT names {listed(wanted)}" if wanted else f"PROMPT excludes {code(region)}"
    what = (
        "the value that a delivered file gives " if given else "the default of " if not any(".local." in f".{r}" for r in related) else ""
    )
    through = f" through {what}{code(related[0])}" if related else ""
    return Finding(
        rule=RULE,
        title=_title(wanted, region),
        category=Category.CRITICAL,
        severity=Severity.HIGH,
        address="provider.aws",
        problem=f"{says}; `provider.aws` deploys to {code(region)}{through}.",
        check=f"`provider.aws` deploys to {one}",
        attribute="region",
        key=region,
        fix_class="B",
        related=related,
        stage=Stage.APPLY,
        impact=(Impact("Deployment", _IMPACT),),
        lesson="The region of the task is the provider's, or the default of the variable behind it.",
        recommendation=Recommendation(f"Set the region to {one}." if wanted else "Choose another region as default."),
        source="https://registry.terraform.io/providers/hashicorp/aws/latest/docs",
        signals=("prompt",),
        requirement=requirement,
    )


def _title(wanted: list[str], region: str) -> str:
    """Of several regions some may be reached through other configurations of the provider: the default one goes to none of them."""
    if len(wanted) > 1:
        return f"The default provider goes to {region}, which PROMPT does not name"
    return f"The stack goes to {region} instead of {wanted[0]}" if wanted else f"The stack goes to the excluded region {region}"
