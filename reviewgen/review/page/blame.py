"""Of what the findings of a review say that it is not right: nothing else on the page calls it met, found or a strength."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Issue, Minor
from reviewgen.records import dataclass

MODEL, IDEAL = "model", "ideal"
# An index is no part of an address.
_INDEX = re.compile(r"\[[^\[\]]*\]")
_NAMED = re.compile(r"`([^`\s]+\.[^`\s]+)`")
# Steps of an address that lies in nothing longer: modules within modules, and the blocks of a resource.
_DEEPEST = 64
# An issue about what is missing says nothing of what is there.
_MISSING = "need:"
# One about a provider without a version names what uses the provider as an example, which is as it should be.
_UNBOUND = "RG629"
# One about drafts finds fault with the text around an answer: what the answer declares may be as it should be.
_DRAFTED = "tf:drafts"


@dataclass(frozen=True, slots=True)
class Blame:
    """What one finding says of.

    Attributes:
        id: Number of the issue; empty for one of the closing table.
        sides: The trees that have its defect.
        names: Addresses that it names, as the place of the defect or as what suffers from it, and all that they lie in.
        rule: The rule that leads.
        requirements: Ids of the requirements that led to it.
        grave: It is an issue that the coverage table names in the place of a verdict.
    """

    id: str
    sides: tuple[str, ...]
    names: frozenset[str]
    rule: str
    requirements: tuple[str, ...]
    grave: bool = False


def blames(issues: Iterable[Issue], minor: Iterable[Minor] = ()) -> tuple[Blame, ...]:
    """Return what the issues of a review, and the findings of its closing table, say of."""
    return (
        *(Blame(i.id, i.status.sides, frozenset(_names(i)), i.rule, i.requirements, i.category is not Category.WARNING) for i in issues),
        *(Blame("", m.status.sides, frozenset(_places(m.where, m.rule)), m.rule, m.requirements) for m in minor),
    )


def refused(side: str, findings: Iterable[Finding]) -> tuple[Blame, ...]:
    """Return what the rules say that AWS or Terraform refuses in one tree, told or kept back: nobody calls it met."""
    return tuple(
        Blame("", (side,), frozenset(_within([f"{f.address}.{f.attribute}".rstrip(".")])), f.rule, ())
        for f in findings
        if f.category is Category.BLOCKER and f.address
    )


def blamed(side: str, addresses: Iterable[str], told: Iterable[Blame]) -> bool:
    """Whether a finding of a tree names one of some addresses."""
    found = frozenset(addresses)
    return any(side in blame.sides and not blame.names.isdisjoint(found) for blame in told)


def _names(issue: Issue) -> Iterator[str]:
    if issue.rule.startswith(_MISSING):
        return
    texts = (issue.title, issue.problem, *(impact.text for impact in issue.impact))
    yield from _places((*issue.where, *(name for text in texts for name in _NAMED.findall(text))), issue.rule)


def _places(where: Iterable[str], rule: str) -> Iterator[str]:
    """Yield the places that a rule finds fault with, and all that they lie in."""
    if rule == _DRAFTED:
        return iter(())
    return _within(place for place in where if rule != _UNBOUND or place.startswith("terraform."))


def _within(places: Iterable[str]) -> Iterator[str]:
    """Yield places and all that they lie in: ``aws_x.y.rule.port`` lies in ``aws_x.y.rule`` and in ``aws_x.y``."""
    for place in places:
        steps = _INDEX.sub("", place).split(".")
        yield ".".join(steps)
        for length in range(2, min(len(steps), _DEEPEST)):
            yield ".".join(steps[:length])
