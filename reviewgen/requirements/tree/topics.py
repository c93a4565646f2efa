"""Topics to which nothing sends: a line that says what a topic is for is not answered by one that nothing uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph, arguments
from reviewgen.terraform.graph import once

_TOPIC = "aws_sns_topic"
# What a topic is made of: these name it, and none of them sends to it.
_ITS_OWN = frozenset([_TOPIC, "aws_sns_topic_subscription", "aws_sns_topic_policy", "aws_sns_topic_data_protection_policy"])


def idle(graph: Graph, addresses: Iterable[str]) -> bool:
    """Whether what answers is topics only, and nothing of a tree that is all there refers to one of them: no alarm, no rule, no policy."""
    found = [graph.get(address) for address in addresses]
    named = {d.address for d in found if d is not None and d.type == _TOPIC}
    if not named or len(named) < len(found) or graph.tree.incomplete or graph.has_remote_modules:
        return False
    return not named & _referred_to(graph)


@once
def _referred_to(graph: Graph) -> frozenset[str]:
    """Return the topics to which anything but their own parts refers, through locals and modules."""
    return frozenset(
        target.address
        for user in _users(graph)
        for _, _, attribute in arguments(user.block)
        for target in graph.targets(attribute.expr, user.module)
        if target.type == _TOPIC
    )


def _users(graph: Graph) -> Iterator[Declaration]:
    for kind in ("resource", "data"):
        yield from (d for d in graph.of_kind(kind) if d.type not in _ITS_OWN)
