"""RG104: keys of volumes that Auto Scaling has to use."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...keys import created, key_of
from ...launches import waits_for_instances
from ...places import code, listed

# A managed node group of EKS is an Auto Scaling group, which EKS creates.
_NODES = "aws_eks_node_group"
_GROUPS = ("aws_autoscaling_group", _NODES)


def auto_scaling(graph: Graph) -> Iterator[Hit]:
    """An Auto Scaling group starts instances whose volumes are encrypted with a key that its service-linked role may not use."""
    users: dict[str, tuple[Declaration, list[Declaration], list[Declaration]]] = {}
    for group in (g for g in graph.of_type(*_GROUPS) if created(graph, g) and not _is_empty(graph, g)):
        for template in _templates(graph, group):
            for block in template.block.nested("block_device_mappings", "ebs"):
                expr = block.value("kms_key_id")
                key = key_of(graph, expr, template.module) if expr is not None else None
                if key is not None:
                    _, templates, groups = users.setdefault(key.address, (key, [], []))
                    templates.append(template)
                    groups.append(group)
    for key, templates, groups in users.values():
        policy = graph.policies.on(key)
        if policy is None or not policy.complete or _admits_scaling(graph, key):
            continue
        by, starting = list(dict.fromkeys(t.address for t in templates)), list(dict.fromkeys(g.address for g in groups))
        places = dict.fromkeys(d.address for pair in zip(templates, groups, strict=True) for d in pair)
        address, _, attribute = (policy.origins[0] if policy.origins else f"{key.address}.policy").rpartition(".")
        lead = "the default key policy, which admits the account and has no" if not policy.origins else "a policy without a"
        verb = "encrypts" if len(by) == 1 else "encrypt"
        yield Hit(
            address,
            f"{listed(by)} {verb} volumes with {code(key.address)} for {listed(starting)}, and that key has {lead} statement for the "
            "service-linked role `AWSServiceRoleForAutoScaling`.",
            f"no volume of an Auto Scaling group is encrypted with {code(key.address)} while its policy does not name the service-linked role",
            attribute=attribute,
            key="autoscaling",
            shut_out=("AutoScaling",),
            related=(*(f"{p}.block_device_mappings.ebs.kms_key_id" if p in by else p for p in places), key.address),
            stage=None if any(g.type == _NODES or waits_for_instances(graph, g) for g in groups) else Stage.RUNTIME,
            message="AsgInstanceLaunchFailures" if all(g.type == _NODES for g in groups) else "",
            needs=tuple(starting),
        )


def _is_empty(graph: Graph, group: Declaration) -> bool:
    """Whether EKS creates a node group without a node, which nothing can keep from starting."""
    return group.type == _NODES and graph.argument(group, "scaling_config", "desired_size") == 0


def _templates(graph: Graph, group: Declaration) -> list[Declaration]:
    found: dict[str, Declaration] = {}
    for path in (("launch_template",), ("mixed_instances_policy", "launch_template", "launch_template_specification")):
        for block in group.block.nested(*path):
            for name in ("id", "name", "launch_template_id", "launch_template_name"):
                expr = block.value(name)
                found |= {
                    t.address: t for t in graph.targets(expr, group.module) if t.type == "aws_launch_template" and t.kind == "resource"
                }
    return [found[a] for a in sorted(found)]


def _admits_scaling(graph: Graph, key: Declaration) -> bool:
    """Whether a key's policy, or a grant, may let the role use it: it is named, or everybody, or somebody who is not known is."""
    policy = graph.policies.on(key)
    for statement in policy.statements if policy else ():
        for kind, who in statement.principals if statement.effect == "Allow" else ():
            if kind not in ("AWS", "*", "Service") or who.anything or "autoscaling" in who.text.lower():
                return True
            # A hole that leads to nothing in the tree could be the role: only the account and roles of the tree are not.
            if kind == "AWS" and not who.known and ":root" not in who.text and not who.refs:
                return True
            # One that is looked up may be it.
            if any("service_linked_role" in ref or "data.aws_iam_role" in ref for ref in who.refs):
                return True
    return any(key.address in {t.address for t in graph.targets(g.block.value("key_id"), g.module)} for g in graph.of_type("aws_kms_grant"))


RULES = (
    Rule(
        "RG104",
        "kms-autoscaling-role-missing",
        "The key of the volumes does not admit Auto Scaling",
        Category.BLOCKER,
        Severity.HIGH,
        auto_scaling,
        "https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
        stage=Stage.APPLY,
        message="Client.InternalError: Client error on launch",
        impact=(("Function", "Each instance of the group is terminated while it starts: the group stays empty."),),
        lesson="Auto Scaling starts instances as its service-linked role, which has no KMS permission unless the key policy or a grant gives it.",
        advice="Let `arn:aws:iam::<account>:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling` use the key and "
        "call `kms:CreateGrant` (for AWS resources) in the key policy.",
    ),
)
