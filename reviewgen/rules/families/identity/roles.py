"""RG121 to RG125: roles that cannot be assumed, and AWS managed policies that do not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Statement

from ...base import Hit, Rule
from ...keys import created
from ...places import code, listed
from ...roles import Use, managed_name, managed_names, uses

# Tests that a request without the key passes.
_MET_WITHOUT = re.compile("null|not|ifexists")
# A name that is spelled almost like one of AWS's is a mistake; another one may be younger than the table.
_NEAR = 0.75


def unknown_managed_policies(graph: Graph) -> Iterator[Hit]:
    """An attachment names an AWS managed policy that does not exist, or not under this path."""
    seen: set[str] = set()
    for declaration, argument, arn in graph.policies.managed_arns():
        name = managed_name(arn)
        right = _meant(*name) if name else None
        if name is None or right is None or declaration.address in seen:
            continue
        seen.add(declaration.address)
        wrong = f"{name[0]}{name[1]}"
        bound = right.startswith(_LINKED)
        yield Hit(
            declaration.address,
            f"{code(f'{declaration.address}.{argument}')} names the AWS managed policy `{wrong[1:]}`, which does not exist; "
            + (
                f"`{right[1:]}` belongs to a service-linked role and cannot be attached."
                if bound
                else f"the policy is called `{right[1:]}`."
                if right.endswith(name[1])
                else f"the one with the nearest name is `{right[1:]}`."
            ),
            f"{code(declaration.address)} does not name `{wrong[1:]}`",
            attribute=argument,
            message=f"NoSuchEntity: Policy {arn.text if arn.known else f'arn:aws:iam::aws:policy{wrong}'} does not exist or is not attachable",
            recommendation=Recommendation(_ANOTHER) if bound else None,
        )


# Policies below this path belong to service-linked roles and cannot be attached.
_LINKED = "/aws-service-role/"
_ANOTHER = "Attach a policy that is meant for roles of your own, or let the service use its service-linked role."


def _meant(path: str, name: str) -> str | None:
    """Return path and name of the policy that a name means; None when the name is right, or means nothing that is known."""
    known = managed_names()
    if known.get(name) == path:
        return None
    if name in known:
        return f"{known[name]}{name}"
    import difflib

    attachable = [n for n, home in known.items() if not home.startswith(_LINKED)]
    near = difflib.get_close_matches(name, attachable, 1, _NEAR)
    return f"{known[near[0]]}{near[0]}" if near else None


def not_assumable(graph: Graph) -> Iterator[Hit]:
    """A role is handed to an AWS service that its trust policy does not admit."""
    for use in uses(graph):
        trust = graph.policies.trust(use.role)
        if (
            not trust.origins
            or not created(graph, use.user)
            or _is_idle(graph, use)
            or trust.allows("sts:AssumeRole", service=use.service) is not False
        ):
            continue
        service = f"{use.service}.amazonaws.com"
        admitted = sorted(trust.services())
        yield Hit(
            use.role.address,
            f"{code(use.user.address)} runs as {code(use.role.address)}, whose trust policy "
            + (f"admits {listed(admitted)} and not {code(service)}." if admitted else f"does not admit {code(service)}."),
            f"{code(use.user.address)} does not run as a role that does not admit {code(service)}",
            attribute="assume_role_policy",
            key=use.service,
            related=(f"{use.user.address}.{use.argument}",),
            message=use.refusal,
            stage=Stage.APPLY if use.refusal else None,
            impact=(_REFUSED,) if use.refusal else (),
        )


_REFUSED = ("Deployment", "The service tries the role as soon as it is handed over, and refuses the configuration.")
_MONITORING = "monitoring_role_arn"


def _is_idle(graph: Graph, use: Use) -> bool:
    """Whether nobody acts as the role: RDS does for an interval only."""
    interval = graph.argument(use.user, "monitoring_interval")
    return use.argument == _MONITORING and ("monitoring_interval" not in use.user.block.attributes or interval in (0, "0"))


def external_id(graph: Graph) -> Iterator[Hit]:
    """A trust policy admits an AWS service on condition of an external id, which services never send."""
    refused = _roles_of_functions(graph)
    tried = {use.role.address: use for use in uses(graph) if use.refusal and created(graph, use.user) and use.user.type not in _READ_ONLY}
    for hit in _external_ids(graph):
        use = tried.get(hit.address)
        if use is not None and hit.address not in refused and not _is_idle(graph, use):
            place = f"{use.user.address}.{use.argument}"
            yield replace(hit, stage=Stage.APPLY, message=use.refusal, category=Category.BLOCKER, impact=(_REFUSED,), related=(place,))
        elif hit.address not in refused:
            yield hit


# EKS reads in the trust policy whether the service is named, and does not try the role.
_READ_ONLY = frozenset(["aws_eks_node_group", "aws_eks_fargate_profile"])


def external_id_of_function(graph: Graph) -> Iterator[Hit]:
    """The role of a Lambda function admits Lambda on condition of an external id: Lambda assumes the role when the function is created."""
    functions = _roles_of_functions(graph)
    yield from (replace(hit, related=(functions[hit.address],)) for hit in _external_ids(graph) if hit.address in functions)


def _roles_of_functions(graph: Graph) -> dict[str, str]:
    """Return for each role of a Lambda function that comes into being the function's argument."""
    found: dict[str, str] = {}
    for function in graph.of_type("aws_lambda_function"):
        expr = function.block.value("role")
        roles = graph.policies.roles(expr, function.module) if expr is not None and created(graph, function) else ()
        if len(roles) == 1:
            found.setdefault(roles[0].address, f"{function.address}.role")
    return found


def _external_ids(graph: Graph) -> Iterator[Hit]:
    for role in graph.of_type("aws_iam_role"):
        trust = graph.policies.trust(role).statements
        for statement in trust:
            kinds = {kind for kind, _ in statement.principals}
            asked = any(c.variable.lower() == "sts:externalid" and not _MET_WITHOUT.search(c.test.lower()) for c in statement.conditions)
            if (
                statement.effect == "Allow"
                and statement.certain
                and kinds == {"Service"}
                and asked
                and not _admitted_twice(trust, statement)
            ):
                yield Hit(
                    role.address,
                    f"The trust policy of {code(role.address)} admits {listed([who.text for _, who in statement.principals])} only with "
                    "`sts:ExternalId`. A service that assumes a role sends none, so the condition never holds.",
                    f"no statement for services in the trust policy of {code(role.address)} demands an external id",
                    attribute="assume_role_policy",
                )


def _admitted_twice(trust: tuple[Statement, ...], statement: Statement) -> bool:
    """Whether another statement may admit what a statement admits."""
    services = [who.text.removesuffix(".amazonaws.com") for _, who in statement.principals]
    return any(s is not statement and s.effect != "Deny" and s.addresses(name) is not False for s in trust for name in services)


# What has an ARN that IAM takes for nobody's: units and accounts of an organization, groups, and what belongs to roles.
_NOBODY = frozenset([
    "aws_organizations_organization", "aws_organizations_organizational_unit", "aws_organizations_account",
    "aws_iam_group", "aws_iam_policy", "aws_iam_instance_profile",
])  # fmt: skip
_ARN = re.compile(r"\$\{[^{}]*\.arn\}")


def principal_of_nobody(graph: Graph) -> Iterator[Hit]:
    """A trust policy admits what is no principal: an organizational unit, a group, an instance profile."""
    for role in graph.of_type("aws_iam_role"):
        named = [
            target
            for statement in graph.policies.trust(role).statements if statement.certain
            for kind, who in statement.principals if kind == "AWS" and _ARN.fullmatch(who.text) and len(who.refs) == 1
            if (target := graph.get(who.refs[0])) is not None and target.type in _NOBODY
        ]  # fmt: skip
        if named and created(graph, role):
            yield Hit(
                role.address,
                f"The trust policy of {code(role.address)} names the ARN of {listed([t.address for t in named], 3)} as principal; IAM takes "
                "accounts, roles and users there.",
                f"the trust policy of {code(role.address)} names no ARN of {listed([t.address for t in named], 3)} as principal",
                attribute="assume_role_policy",
                related=tuple(t.address for t in named),
            )


_DOCS = "https://docs.aws.amazon.com"

RULES = (
    Rule(
        "RG121",
        "managed-policy-unknown",
        "AWS managed policy that does not exist",
        Category.BLOCKER,
        Severity.HIGH,
        unknown_managed_policies,
        f"{_DOCS}/aws-managed-policy/latest/reference/policy-list.html",
        stage=Stage.APPLY,
        message="NoSuchEntity: the policy does not exist or is not attachable",
        impact=(("Deployment", "The attachment is refused, and nobody gets these permissions by it."),),
        lesson="The ARN of a managed policy is looked up whole: its path and its prefix follow no rule.",
        advice="Use the name and path of the AWS managed policy reference.",
    ),
    Rule(
        "RG122",
        "role-not-assumable",
        "The role's trust policy does not admit the service that uses it",
        Category.BLOCKER,
        Severity.HIGH,
        not_assumable,
        f"{_DOCS}/IAM/latest/UserGuide/id_roles_create_for-service.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The service cannot act as the role, so that it refuses the configuration or does nothing."),),
        lesson="A role has two sides: what it may do, and who may become it; the service that runs the resource must stand in the trust policy.",
        advice="Name the service in the trust policy of the role.",
    ),
    Rule(
        "RG123",
        "external-id-on-service",
        "The trust policy demands an external id of an AWS service",
        Category.CRITICAL,
        Severity.HIGH,
        external_id,
        f"{_DOCS}/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The service cannot assume the role: what runs as it has no credentials."),),
        lesson="External ids are for roles that other accounts assume; services take part in no such agreement.",
        advice="Remove the condition from the statement for the service; where an external id is wanted, admit the accounts that are to assume the role.",
    ),
    Rule(
        "RG124",
        "external-id-on-function-role",
        "The trust policy demands an external id of Lambda",
        Category.BLOCKER,
        Severity.CRITICAL,
        external_id_of_function,
        f"{_DOCS}/lambda/latest/dg/lambda-intro-execution-role.html",
        stage=Stage.APPLY,
        message="InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
        impact=(("Deployment", "The function is not created: Lambda tries the role at once."),),
        lesson="External ids are for roles that other accounts assume; services take part in no such agreement.",
        advice="Remove the condition from the statement for the service.",
    ),
    Rule(
        "RG125",
        "principal-of-nobody",
        "Trust policy with a principal that cannot be one",
        Category.BLOCKER,
        Severity.CRITICAL,
        principal_of_nobody,
        f"{_DOCS}/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        stage=Stage.APPLY,
        message="MalformedPolicyDocument: Invalid principal in policy",
        impact=(("Deployment", "The role is not created."),),
        lesson="Principals are accounts, roles, users and services; units of an organization and groups of users are none.",
        advice="Name accounts or roles; units of an organization are admitted by the principal `*` with a condition on `aws:PrincipalOrgPaths`.",
    ),
)
