"""What nothing uses: a topic or queue that nothing names, a rule without a target. It is no answer to a line that says what such a part is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph, arguments
from reviewgen.terraform.graph import once

_RULE, _TARGET = "aws_cloudwatch_event_rule", "aws_cloudwatch_event_target"
# What a part is made of: these name it, and none of them sends to it or reads from it.
_ITS_OWN = {
    "aws_sns_topic": frozenset(
        ["aws_sns_topic", "aws_sns_topic_subscription", "aws_sns_topic_policy", "aws_sns_topic_data_protection_policy"]
    ),
    "aws_sqs_queue": frozenset(["aws_sqs_queue_policy", "aws_sqs_queue_redrive_policy", "aws_sqs_queue_redrive_allow_policy"]),
    "aws_cloudwatch_event_bus": frozenset(
        [_RULE, _TARGET, "aws_cloudwatch_event_bus_policy", "aws_cloudwatch_event_permission", "aws_cloudwatch_event_archive"]
    ),
}


def idle(graph: Graph, addresses: Iterable[str]) -> bool:
    """Whether nothing of a tree shows that one of the parts that answer is used: no alarm, no function, no policy; of rules no target.

    Where the tree ends before its end, what follows may use them, and nobody knows.
    """
    found = [graph.get(address) for address in addresses]
    return bool(found) and not graph.has_remote_modules and all(d is not None and _is_idle(graph, d) for d in found)


def _is_idle(graph: Graph, part: Declaration) -> bool:
    if part.type == _RULE:
        return not any(_may_start(graph, target, part) for target in graph.of_type(_TARGET))
    return part.type in _ITS_OWN and part.address not in _used(graph)


def _may_start(graph: Graph, target: Declaration, rule: Declaration) -> bool:
    """Whether a target may be that of a rule: it leads to it, or to nothing that is declared, by a name that may be the rule's."""
    expr = target.block.value("rule")
    found = graph.targets(expr, target.module)
    if found or expr is None:
        return rule in found
    names = graph.constant(expr, target.module), graph.argument(rule, "name")
    return names[0] == names[1] or not all(isinstance(name, str) for name in names)


@once
def _used(graph: Graph) -> frozenset[str]:
    """Return the parts to which anything else than what they are made of refers, through locals and modules."""
    return frozenset(
        part.address
        for user in _users(graph)
        for _, _, attribute in arguments(user.block)
        for part in graph.targets(attribute.expr, user.module)
        if user.type not in _ITS_OWN.get(part.type, (user.type,)) and user != part
    )


def _users(graph: Graph) -> Iterator[Declaration]:
    for kind in ("resource", "data"):
        yield from graph.of_kind(kind)
