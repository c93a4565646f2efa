"""What version of the AWS provider a tree holds."""

from __future__ import annotations

from reviewgen.terraform import Graph
from reviewgen.terraform.schema.versions import Version, interval


def before(graph: Graph, version: Version) -> bool:
    """Whether a tree holds the AWS provider below a version; one without a constraint takes the newest."""
    held = _constraint(graph)
    return held is not None and interval([held]).high <= version


def since(graph: Graph, version: Version) -> bool:
    """Whether a tree holds the AWS provider at a version or above it; one without a constraint may take any."""
    held = _constraint(graph)
    return held is not None and interval([held]).low >= version


def _constraint(graph: Graph) -> str | None:
    block = graph.get("terraform.required_providers")
    aws = graph.argument(block, "aws") if block is not None else None
    held = aws.get("version") if isinstance(aws, dict) else None
    return held if isinstance(held, str) else None
