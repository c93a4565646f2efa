"""RG145: denials of plain HTTP that hold under a further condition only."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Condition, Statement

from ...base import Hit, Rule
from ...places import code, listed
from ...statements import Written, written

_TLS = "aws:securetransport"
# By which statements spare the services of AWS, which call with TLS.
_OF_SERVICES = frozenset(["aws:principalisawsservice", "aws:viaawsservice", "aws:principalservicename", "aws:principalservicenameslist"])
# How PROMPTs ask for an exemption.
_EXEMPT = r"\b(?:except|exempt|unless)\w*\b[^\n]{0,80}\b(?:endpoints?|vpces?|tls|https?)\b"


def spared(graph: Graph) -> Iterator[Hit]:
    """A policy of a resource whose only denial of plain HTTP has more conditions, all of which have to hold; of several each may deny the rest."""
    for found in written(graph):
        if found.kind != "resource" or not found.policy.complete:
            continue
        denials = [s for s in found.policy.statements if s.effect == "Deny" and s.certain and any(map(_is_plain, s.conditions))]
        keys = list(dict.fromkeys(c.variable for c in _further(denials[0]))) if len(denials) == 1 else []
        if not keys:
            continue
        address, path = _where(graph, found)
        yield Hit(
            address,
            f"{code(found.place)} denies requests without TLS only where {'its condition' if len(keys) == 1 else 'its conditions'} on {listed(keys)} "
            f"{'is' if len(keys) == 1 else 'are'} met, too: all conditions of a statement have to hold. What does not meet "
            f"{'that one' if len(keys) == 1 else 'all of them'} is not denied for being sent over plain HTTP.",
            f"{code(found.place)} denies requests without TLS under no further condition",
            attribute=path,
            key=denials[0].sid,
            related=(found.place,),
            unless=_EXEMPT,
        )


def _where(graph: Graph, found: Written) -> tuple[str, str]:
    """Return (address, argument) of what a policy says: of the one document in which it is written, or of the policy itself."""
    read = {r.target for r in graph.outgoing.get(found.owner.address, ()) if r.path == found.argument}
    documents = [d for d in graph.data_of_type("aws_iam_policy_document") if d.address in read]
    return (documents[0].address, "statement") if len(documents) == 1 else (found.owner.address, found.argument)


def _is_plain(condition: Condition) -> bool:
    """Whether a condition is met by requests without TLS."""
    return condition.variable.lower() == _TLS and any(value.text.lower() == "false" for value in condition.values)


def _further(statement: Statement) -> list[Condition]:
    """Return the other conditions of a denial, but for those that spare services and those that any value meets."""
    others = [c for c in statement.conditions if c.variable.lower() not in (_TLS, *_OF_SERVICES)]
    return [c for c in others if "like" not in c.test.lower() or not any(value.text == "*" for value in c.values)]


RULES = (
    Rule(
        "RG145",
        "tls-denial-conditional",
        "Denial of plain HTTP that holds under a further condition only",
        Category.CRITICAL,
        Severity.MEDIUM,
        spared,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html",
        stage=Stage.RUNTIME,
        impact=(
            (
                "Security",
                "Requests over plain HTTP that the further condition spares are not denied: what they carry can be read on the way.",
            ),
        ),
        lesson="Conditions of one statement are joined by AND: what is to be denied for two reasons takes two statements.",
        advice="Deny requests without TLS in a statement of their own, with no other condition.",
    ),
)
