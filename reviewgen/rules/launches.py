"""Whom an instance is started by, in whose words a start is refused, and whether Terraform is there to hear it."""

from __future__ import annotations

import re

from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from .places import type_of


def unknown_image(graph: Graph, holder: Declaration, image: str) -> str:
    """Return the message about an image that does not exist; empty where it is not known who starts instances from a template."""
    words = f"The image id '[{image}]' does not exist"
    if holder.type == "aws_launch_configuration":
        words = f"AMI {image} is invalid: {words}"
    return _refused(graph, holder, "InvalidAMIID.NotFound", words)


def unknown_key(graph: Graph, holder: Declaration, name: str) -> str:
    """Return the message about a key pair that does not exist; empty where it is not known who starts instances from a template."""
    return _refused(graph, holder, "InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")


def _refused(graph: Graph, holder: Declaration, by_ec2: str, words: str) -> str:
    """Return a refusal of EC2 under its code, or of Auto Scaling, which knows one code for all that is wrong with what it starts from.

    A launch configuration is refused itself. A launch template is taken as it is, and the Auto Scaling group that uses it is refused
    (issue 173 of Guimove/terraform-aws-bastion).
    """
    if holder.type == "aws_launch_configuration":
        return f"ValidationError: {words}"
    if holder.type != "aws_launch_template":
        return f"{by_ec2}: {words}"
    users = {type_of(r.source) for r in graph.incoming.get(holder.address, ())}
    if "aws_autoscaling_group" in users:
        return f"ValidationError: You must use a valid fully-formed launch template. {words}"
    return f"{by_ec2}: {words}" if "aws_instance" in users else ""


# A duration of nothing, as the provider reads it: `0`, `0s`, `0m`.
_NO_TIME = re.compile(r"0+(?:\.0+)?(?:ns|us|ms|s|m|h)?")


def waits_for_instances(graph: Graph, group: Declaration) -> bool:
    """Whether an apply waits for the instances of an Auto Scaling group, so that it fails where none can start.

    The provider does not wait for a time of nothing, nor for a group that starts with none: ``desired_capacity`` counts, without it (or with 0)
    ``min_size``, and ``min_elb_capacity`` and ``wait_for_elb_capacity`` beside them.
    https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/autoscaling_group#waiting-for-capacity
    """
    time = graph.argument(group, "wait_for_capacity_timeout")
    if time == 0 or (isinstance(time, str) and _NO_TIME.fullmatch(time)):
        return False
    given = [n for n in ("desired_capacity", "min_size", "min_elb_capacity", "wait_for_elb_capacity") if n in group.block.attributes]
    return not given or any(graph.argument(group, name) not in (0, "0") for name in given)
