"""What a tree says of CloudWatch metrics: who reads them, and who publishes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reviewgen.hcl import UNKNOWN
from reviewgen.hcl.evaluate import text
from reviewgen.model.hcl import Block, Expression, Literal, Object
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import once

from .texts import known, pieces


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric that an alarm reads.

    Attributes:
        owner: The alarm.
        block: The block that names the metric: the alarm's own or one inside it.
        path: Path of the block that names the metric; empty for the alarm itself, ``metric_query.metric`` inside one.
        namespace: Its namespace; empty when it is not certain.
        metric: Its name; empty when it is not certain.
        dimensions: Values by name; None when the names are not certain.
    """

    owner: Declaration
    block: Block
    path: str
    namespace: str
    metric: str
    dimensions: Mapping[str, Expression] | None


@once
def readings(graph: Graph) -> tuple[Reading, ...]:
    """Return what the metric alarms of a tree read."""
    return tuple(_readings(graph))


def _readings(graph: Graph) -> Iterator[Reading]:
    for alarm in graph.of_type("aws_cloudwatch_metric_alarm"):
        if "metric_name" in alarm.block.attributes:
            yield _reading(graph, alarm, alarm.block, "")
        for block in alarm.block.nested("metric_query", "metric"):
            yield _reading(graph, alarm, block, "metric_query")


def _reading(graph: Graph, alarm: Declaration, block: Block, path: str) -> Reading:
    namespace, metric = (word(graph, block, name, alarm.module) for name in ("namespace", "metric_name"))
    return Reading(alarm, block, path, namespace, metric, _dimensions(block))


def word(graph: Graph, block: Block, name: str, module: str) -> str:
    """Return the constant text of an argument, or nothing."""
    value = text(graph.constant(block.value(name), module))
    return value if isinstance(value, str) else ""


def _dimensions(block: Block) -> Mapping[str, Expression] | None:
    expr = block.value("dimensions")
    if expr is None:
        return {}
    if not isinstance(expr, Object) or not all(isinstance(k, Literal) for k, _ in expr.items):
        return None
    return {str(k.value): v for k, v in expr.items if isinstance(k, Literal)}


@dataclass(frozen=True, slots=True)
class Filter:
    """A metric that a log metric filter publishes; a part is ``UNKNOWN`` when it is not constant."""

    owner: Declaration
    namespace: object
    metric: object

    def may_be(self, namespace: str, metric: str) -> bool:
        """Whether the filter publishes a metric, as far as its parts are known."""
        return self.namespace in (namespace, UNKNOWN) and self.metric in (metric, UNKNOWN)


def filters(graph: Graph) -> list[Filter]:
    """Return the metrics that log metric filters publish."""
    return [
        Filter(d, graph.constant(b.value("namespace"), d.module), graph.constant(b.value("name"), d.module))
        for d in graph.of_type("aws_cloudwatch_log_metric_filter")
        for b in d.block.nested("metric_transformation")
    ]


def custom_namespace(graph: Graph, block: Block, module: str) -> str:
    """Return the known part of a namespace that is certainly none of AWS's own; empty otherwise."""
    parts = pieces(graph, block.value("namespace"), module)
    first = parts[0].text if parts else None
    if first is None or not known(parts).strip():
        return ""
    return "" if first.startswith(OWN) else "".join(p.text if p.text is not None else "..." for p in parts)


# Namespaces of AWS, of the CloudWatch agent and of Container Insights: others publish there than what stands in a tree.
OWN = (
    "AWS/",
    "CWAgent",
    "ContainerInsights",
    "ECS/ContainerInsights",
    "CloudWatchSynthetics",
    "System/",
    "LambdaInsights",
    "Glue",
    "WAF",
    "/aws/",
    "AmazonMWAA",
    "ApplicationSignals",
    "MediaLive",
)
