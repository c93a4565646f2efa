"""Whom an instance is started by, and in whose words a start is refused."""

from __future__ import annotations

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
