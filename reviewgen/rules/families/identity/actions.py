"""RG146 to RG148: policies that name actions which do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code, listed
from ...statements import Written, written
from ...tables import rows

_KEYS = ("aws_kms_key", "aws_kms_key_policy")
_SAR = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"


@cache
def _unknown() -> dict[str, tuple[str, ...]]:
    """Return what is checked in place of each name that is no action; names in lower case, as IAM compares them."""
    return {row["action"].lower(): tuple(row["instead"]) for row in rows("unknown_actions")}


def _named(found: Written, effect: str) -> dict[str, tuple[str, ...]]:
    """Return the names of statements of an effect that are no actions, unless the policy names something of what is meant as well.

    In the policy of a key each statement speaks of a principal of its own.
    """
    statements = [s for s in found.policy.statements if s.effect == effect]
    groups = [statements] if found.kind == "identity" else [[s] for s in statements]
    names: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for name in sorted({a.text for s in group for a in s.actions if a.text.lower() in _unknown()}):
            true = _unknown()[name.lower()]
            if all(s.names(action) is False for s in group for action in true):
                names[name] = true
    return names


def _concerned(graph: Graph) -> Iterator[Written]:
    """Yield the policies of which it is known that any name is taken: those of identities and keys."""
    yield from (found for found in written(graph) if found.kind == "identity" or found.owner.type in _KEYS)


def _meant(names: dict[str, tuple[str, ...]]) -> str:
    """Return what the names stand for, as the end of a sentence."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, true in names.items():
        alike.setdefault(true, []).append(name)
    return "; ".join(
        f"for {listed(those)} the action{' is' if len(true) == 1 else 's are'} {listed(true)}" for true, those in alike.items()
    )


def _none(names: dict[str, tuple[str, ...]]) -> str:
    return f"{listed(list(names))}, which {'is no action' if len(names) == 1 else 'are no actions'} of AWS"


def allowed_unknown(graph: Graph) -> Iterator[Hit]:
    """A policy of an identity or a key allows what is the name of no action, and does not allow what is meant."""
    return _without_effect(graph, "Allow", "allows", "given by")


def denied_unknown(graph: Graph) -> Iterator[Hit]:
    """A policy of an identity or a key denies what is the name of no action, and does not deny what is meant."""
    return _without_effect(graph, "Deny", "denies", "forbidden by")


def _without_effect(graph: Graph, effect: str, does: str, comes: str) -> Iterator[Hit]:
    for found in _concerned(graph):
        names = _named(found, effect)
        if names:
            yield Hit(
                found.owner.address,
                f"{code(found.place)} {does} {_none(names)}: nothing is {comes} {'it' if len(names) == 1 else 'them'}; {_meant(names)}.",
                f"{code(found.place)} {does} no {' or '.join(map(code, names))}",
                attribute=found.argument,
            )


def refused_unknown(graph: Graph) -> Iterator[Hit]:
    """A bucket policy names what S3 does not know as an action."""
    for found in written(graph):
        if found.owner.type != "aws_s3_bucket_policy":
            continue
        actions = {a.text for s in found.policy.statements for a in (*s.actions, *s.not_actions)}
        names = {name: _unknown()[name.lower()] for name in sorted(actions) if name.lower() in _unknown()}
        if names:
            yield Hit(
                found.owner.address,
                f"{code(found.place)} names {_none(names)}; {_meant(names)}.",
                f"{code(found.place)} names no {' or '.join(map(code, names))}",
                attribute=found.argument,
            )


RULES = (
    Rule(
        "RG146",
        "policy-action-unknown",
        "Policy allows actions that do not exist",
        Category.WARNING,
        Severity.MEDIUM,
        allowed_unknown,
        _SAR,
        stage=Stage.RUNTIME,
        impact=(("Function", "Unless another policy allows the calls that are meant, they are denied."),),
        lesson="Actions are not always called as the operations of the API are, and IAM refuses no name that it does not know.",
        advice="Name the actions as the Service Authorization Reference does.",
    ),
    Rule(
        "RG147",
        "policy-denial-of-nothing",
        "Policy denies actions that do not exist",
        Category.CRITICAL,
        Severity.MEDIUM,
        denied_unknown,
        _SAR,
        stage=Stage.RUNTIME,
        impact=(("Security", "What is to be forbidden is not, unless another policy forbids it."),),
        lesson="A denial holds for the names of actions only, and IAM refuses no name that it does not know.",
        advice="Name the actions as the Service Authorization Reference does.",
    ),
    Rule(
        "RG148",
        "bucket-policy-action-unknown",
        "Bucket policy with an action that S3 does not know",
        Category.BLOCKER,
        Severity.HIGH,
        refused_unknown,
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html",
        stage=Stage.APPLY,
        message="MalformedPolicy: Policy has invalid action",
        impact=(("Deployment", "S3 refuses the policy."),),
        lesson="IAM takes any name as an action; S3 takes those only that it knows.",
        advice="Name the actions as the Service Authorization Reference does.",
    ),
)
