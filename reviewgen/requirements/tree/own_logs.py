"""Log groups that services create by themselves: what a tree says of those that it declares is not said of these."""

from __future__ import annotations

from collections.abc import Mapping

from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.naming import spelled

from .conditions import Evidence, Term

GROUP = "aws_cloudwatch_log_group"


@dataclass(frozen=True, slots=True)
class _Writer:
    """A service that writes to a log group of a fixed name, and creates it without a key and a retention when it is not there.

    Attributes:
        name: The argument of which the group has its name.
        prefix: What stands before it there.
        block: Nested block that may name another group, or turn the logs off.
        other: Its arguments that do.
    """

    name: str
    prefix: str
    block: tuple[str, ...]
    other: tuple[str, ...]


# AWS Lambda Developer Guide, "Working with Lambda function logs"; AWS CodeBuild User Guide, "Change a build project's settings".
_WRITERS: Mapping[str, _Writer] = {
    "aws_lambda_function": _Writer("function_name", "/aws/lambda/", ("logging_config",), ("log_group",)),
    "aws_codebuild_project": _Writer("name", "/aws/codebuild/", ("logs_config", "cloudwatch_logs"), ("group_name", "status")),
}


def all_declared(evidence: Evidence) -> bool:
    """Whether each function and build project of a tree certainly writes to a log group that the tree declares."""
    groups = evidence.declarations(Term(GROUP))
    writers = ((known, d) for type_, known in _WRITERS.items() for d in evidence.declarations(Term(type_)))
    return all(_names_another(known, writer) or _has_group(evidence.graph, known, writer, groups) for known, writer in writers)


def _names_another(known: _Writer, writer: Declaration) -> bool:
    return any(block.value(argument) is not None for block in writer.block.nested(*known.block) for argument in known.other)


def _has_group(graph: Graph, known: _Writer, writer: Declaration, groups: list[Declaration]) -> bool:
    name = spelled(graph, writer, known.name)
    for group in groups:
        if writer in graph.targets(group.block.value("name"), group.module):
            return True
        same = bool(name) and spelled(graph, group, "name") == f"{known.prefix}{name}"
        if same and ("${" not in name or group.module == writer.module):
            return True
    return False
