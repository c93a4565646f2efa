"""RG8xx: alarms that cannot fire, or that tell nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reviewgen.hcl import traversals
from reviewgen.model.hcl import Attr, Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from .. import tables
from ..base import Hit, Rule
from ..metrics import Reading, custom_namespace, filters, readings
from ..places import code, listed, region

_CLOUDWATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring"


def _path(reading: Reading, name: str) -> str:
    return f"{reading.path}.{name}" if reading.path else name


def unknown_metric(graph: Graph) -> Iterator[Hit]:
    """A metric that its AWS namespace does not have."""
    lists = {r["namespace"]: r["metrics"] for r in tables.rows("metrics")}
    for reading in readings(graph):
        names = lists.get(reading.namespace)
        if names is None or not reading.metric or reading.metric in names:
            continue
        said = "to which AWS publishes nothing" if not names else f"which has no metric {code(reading.metric)}"
        yield Hit(
            reading.owner.address,
            f"{code(reading.owner.address)} reads {code(reading.metric)} of the namespace {code(reading.namespace)}, {said}: "
            "it never gets data.",
            f"{code(reading.owner.address)} reads a metric that exists",
            attribute=_path(reading, "metric_name" if names else "namespace"),
            related=(f"{reading.owner.address}.{_path(reading, 'namespace')}", f"{reading.owner.address}.{_path(reading, 'metric_name')}"),
        )


def unpublished_metric(graph: Graph) -> Iterator[Hit]:
    """A metric of the user's own that nothing in the tree publishes."""
    if graph.has_remote_modules or graph.tree.incomplete:
        return
    published = filters(graph)
    for reading in readings(graph):
        alarm = reading.owner
        block = next(alarm.block.nested("metric_query", "metric")) if reading.path else alarm.block
        namespace = custom_namespace(graph, block, alarm.module)
        if not namespace or not reading.metric or _mentioned(graph, alarm, reading.metric):
            continue
        if any(f.may_be(namespace if reading.namespace else reading.namespace, reading.metric) for f in published) or _unsure(
            published, reading
        ):
            continue
        yield _unpublished(graph, reading, namespace, [f.owner for f in published])


def _unsure(published: list[Any], reading: Reading) -> bool:
    """Whether the namespace is not fully known and a filter publishes a metric of this name."""
    return not reading.namespace and any(f.may_be("", reading.metric) or f.metric == reading.metric for f in published)


def _mentioned(graph: Graph, alarm: Declaration, metric: str) -> bool:
    """Whether anything but alarms and dashboards speaks of a metric: code, user data, an agent's configuration."""
    readers = [
        (d.block.file, d.block.line, d.block.end_line)
        for d in graph.of_type("aws_cloudwatch_metric_alarm", "aws_cloudwatch_dashboard", "aws_cloudwatch_composite_alarm", "aws_autoscaling_policy")
    ]  # fmt: skip
    quoted = re.compile(rf"(?<![\w-]){re.escape(metric)}(?![\w-])")
    for path, file in graph.files.items():
        if metric not in file.text or path.endswith((".md", ".txt")):
            continue
        for number, line in enumerate(file.text.split("\n"), 1):
            if quoted.search(line) and not any(path == f and a <= number <= b for f, a, b in readers):
                return True
    return False


def _unpublished(graph: Graph, reading: Reading, namespace: str, owners: list[Declaration]) -> Hit:
    alarm = reading.owner
    missing = graph.argument(alarm, "treat_missing_data")
    state = "stays in ALARM, for missing data counts as breaching" if missing == "breaching" else "never fires"
    near = f" The metric filters of the tree publish others: {listed([o.address for o in owners], 2)}." if owners else ""
    return Hit(
        alarm.address,
        f"{code(alarm.address)} reads {code(reading.metric)} of the namespace {code(namespace)}; no metric filter and no code of this tree "
        f"publishes it, so the alarm {state}.{near}",
        f"{code(alarm.address)} reads a metric that something publishes",
        attribute=_path(reading, "metric_name"),
        related=(
            f"{alarm.address}.{_path(reading, 'namespace')}",
            *((f"{alarm.address}.treat_missing_data",) if missing == "breaching" else ()),
            *(o.address for o in owners[:2]),
        ),
    )


def wrong_dimensions(graph: Graph) -> Iterator[Hit]:
    """An alarm whose dimensions name no data."""
    for reading in readings(graph):
        if reading.dimensions is None or not reading.metric:
            continue
        row = next((r for r in tables.rows("metric_dimensions") if _is_about(r, reading)), None)
        fault = _fault(row, reading) if row is not None else ""
        if fault:
            yield Hit(
                reading.owner.address,
                f"{code(reading.owner.address)} reads {code(reading.metric)} of {code(reading.namespace)} {fault}: it never gets data.",
                f"{code(reading.owner.address)} names the dimensions that its metric has",
                attribute=_path(reading, "dimensions"),
                related=(f"{reading.owner.address}.{_path(reading, 'metric_name')}",),
            )


def _is_about(row: Any, reading: Reading) -> bool:
    names = row.get("metrics", ())
    return bool(row["namespace"] == reading.namespace and (not names or reading.metric in names))


def _fault(row: Any, reading: Reading) -> str:
    named = set(reading.dimensions or ())
    missing = [d for d in row.get("needs", ()) if d not in named]
    superfluous = [d for d in row.get("never", ()) if d in named]
    if missing:
        return f"without the dimension {listed(missing)}, without which it is not published"
    return f"with the dimension {listed(superfluous)}, which it does not have" if superfluous else ""


def wrong_dimension_value(graph: Graph) -> Iterator[Hit]:
    """A dimension that is given an attribute that is not its value."""
    rows = tables.rows("dimension_values")
    for reading in readings(graph):
        for name, expr in (reading.dimensions or {}).items():
            last = expr.steps[-1] if isinstance(expr, Traversal) and expr.steps else None
            target = graph.resolve(expr, reading.owner.module) if isinstance(expr, Traversal) else None
            if target is None or not isinstance(last, Attr):
                continue
            for row in rows:
                if row["dimension"] == name and row["type"] == target.type and last.name in row["wrong"] and not _older(graph, target, row):
                    yield _misnamed(reading, name, target, last.name, row)


def _older(graph: Graph, target: Declaration, row: Any) -> bool:
    """Whether the tree holds a provider of a major version before 5, where ``id`` of a database was its identifier."""
    block = graph.get("terraform.required_providers") if row["type"] == "aws_db_instance" else None
    aws = graph.argument(block, "aws") if block is not None else None
    version = aws.get("version") if isinstance(aws, dict) else None
    return isinstance(version, str) and bool(re.match(r"\s*(?:~>|=)?\s*[0-4]\.", version))


def _misnamed(reading: Reading, name: str, target: Declaration, attribute: str, row: Any) -> Hit:
    alarm = reading.owner
    right = f"; the value is {code(target.local + '.' + row['right'])}" if row["right"] else ""
    return Hit(
        alarm.address,
        f"{code(alarm.address)} gives the dimension {code(name)} the value {code(f'{target.local}.{attribute}')}, under which nothing is "
        f"published: {row['why']}{right}.",
        f"{code(alarm.address)} gives the dimension {code(name)} the value that CloudWatch uses",
        attribute=_path(reading, "dimensions"),
        key=name,
        related=(target.address,),
    )


def wrong_region(graph: Graph) -> Iterator[Hit]:
    """An alarm in a region to which its metric is not published."""
    for reading in readings(graph):
        here = region(graph, reading.owner)
        for row in tables.rows("metric_dimensions"):
            only = row.get("region")
            if only and here and here != only and row["namespace"] == reading.namespace:
                yield Hit(
                    reading.owner.address,
                    f"{code(reading.owner.address)} is created in {code(here)}, and the metrics of {code(reading.namespace)} are published "
                    f"in {code(only)} only: it never gets data.",
                    f"{code(reading.owner.address)} is created in {code(only)}",
                    attribute=_path(reading, "namespace"),
                    related=("provider.aws.region",),
                )


_ACTIONS = ("alarm_actions", "ok_actions", "insufficient_data_actions")


def no_action(graph: Graph) -> Iterator[Hit]:
    """Alarms that do nothing in any state, variables at their defaults."""
    composed = _composed(graph)
    topics = [t.address for t in graph.of_type("aws_sns_topic")]
    there = f" {code(topics[0])} is declared and not used for it." if topics else " The tree has no SNS topic."
    for alarm in graph.of_type("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"):
        values = [graph.constant(alarm.block.value(n), alarm.module) for n in _ACTIONS if n in alarm.block.attributes]
        if alarm.address in composed or any(v not in ([], None, [""]) for v in values):
            continue
        defaults = tuple(v for n in _ACTIONS for v in _defaults(graph, alarm, n))
        yield Hit(
            alarm.address,
            f"{code(alarm.address)} has no action for any state{' with the default values' if defaults else ''}: when it fires nobody is told."
            + there,
            f"{code(alarm.address)} has an action",
            attribute="alarm_actions",
            related=(*defaults[:1], *topics[:1]),
        )


def _defaults(graph: Graph, alarm: Declaration, argument: str) -> Iterator[str]:
    expr = alarm.block.value(argument)
    for traversal in traversals(expr) if expr is not None else ():
        target = graph.resolve(traversal, alarm.module)
        if target is not None and target.kind == "variable":
            yield f"{target.address}.default"


def _composed(graph: Graph) -> set[str]:
    """Return the alarms that a composite alarm or a health check reads."""
    readers = graph.of_type(
        "aws_cloudwatch_composite_alarm", "aws_route53_health_check", "aws_codedeploy_deployment_group", "aws_appconfig_environment"
    )
    return {r.target for d in readers for r in graph.outgoing.get(d.address, ())}


def quoted_composite(graph: Graph) -> Iterator[Hit]:
    """Single quotes around the names in a composite alarm's rule."""
    for alarm in graph.of_type("aws_cloudwatch_composite_alarm"):
        block = alarm.block.attributes.get("alarm_rule")
        text = graph.files[alarm.block.file].text.encode()[block.start : block.end].decode(errors="replace") if block else ""
        if re.search(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*'", text):
            yield Hit(
                alarm.address,
                f"The rule of {code(alarm.address)} puts the alarm names in single quotes, which become a part of the names: "
                "no alarm of such a name exists.",
                f"{code(alarm.address)} names alarms without quotes or in double quotes",
                attribute="alarm_rule",
                related=tuple(sorted({t.address for t in graph.targets(alarm.block.value("alarm_rule"), alarm.module)}))[:3],
            )


_SILENT = (
    ("Function", "The alarm has no data: what it is to watch can fail without anybody noticing."),
    ("Operations", "A dashboard or list that shows the alarm as in order, or as insufficient data, says nothing about the service."),
)

RULES = (
    Rule(
        "RG801",
        "alarm-unknown-metric",
        "Alarm on a metric that AWS does not publish",
        Category.CRITICAL,
        Severity.HIGH,
        unknown_metric,
        f"{_CLOUDWATCH}/aws-services-cloudwatch-metrics.html",
        fix_class="B",
        stage=Stage.RUNTIME,
        impact=_SILENT,
        lesson="CloudWatch accepts an alarm on any name: whether the metric exists must be looked up.",
        advice="Use a metric that the service publishes, metric math on such metrics, or a metric filter on its logs.",
    ),
    Rule(
        "RG802",
        "alarm-unpublished-metric",
        "Alarm on a custom metric that nothing publishes",
        Category.CRITICAL,
        Severity.HIGH,
        unpublished_metric,
        f"{_CLOUDWATCH}/publishingMetrics.html",
        stage=Stage.RUNTIME,
        impact=_SILENT,
        lesson="A custom metric exists once something publishes it: a metric filter, an agent or code.",
        advice="Add the metric filter or the code that publishes it, with exactly this namespace and name.",
    ),
    Rule(
        "RG803",
        "alarm-dimensions",
        "The dimensions of an alarm are not those of its metric",
        Category.CRITICAL,
        Severity.HIGH,
        wrong_dimensions,
        f"{_CLOUDWATCH}/cloudwatch_concepts.html",
        stage=Stage.RUNTIME,
        impact=_SILENT,
        lesson="A metric is its name and exactly the set of dimensions under which it is published.",
        advice="Name exactly the dimensions that the service documents for the metric.",
    ),
    Rule(
        "RG804",
        "alarm-dimension-value",
        "Alarm dimension with a value that CloudWatch does not use",
        Category.WARNING,
        Severity.HIGH,
        wrong_dimension_value,
        f"{_CLOUDWATCH}/cloudwatch_concepts.html",
        stage=Stage.RUNTIME,
        impact=_SILENT,
        lesson="The value of a dimension is what the service publishes, often not the `id` that Terraform keeps.",
        advice="Use the attribute that holds the published value.",
    ),
    Rule(
        "RG805",
        "alarm-region",
        "Alarm in a region without its metric",
        Category.CRITICAL,
        Severity.HIGH,
        wrong_region,
        f"{_CLOUDWATCH}/monitor_estimated_charges_with_cloudwatch.html",
        stage=Stage.RUNTIME,
        impact=_SILENT,
        lesson="Global services publish their metrics in us-east-1 only.",
        advice="Create the alarm with a provider for us-east-1.",
    ),
    Rule(
        "RG806",
        "alarm-without-action",
        "Alarms tell nobody",
        Category.WARNING,
        Severity.MEDIUM,
        no_action,
        f"{_CLOUDWATCH}/alarm-actions.html",
        tier=2,
        topics=("notif", "alert", "sns", "alarm"),
        stage=Stage.RUNTIME,
        impact=(("Operations", "A breach changes a colour in the console and nothing else."),),
        lesson="An alarm is a notification only with an action.",
        advice="Set `alarm_actions` to an SNS topic with a subscription.",
    ),
    Rule(
        "RG807",
        "composite-alarm-quotes",
        "Composite alarm rule with single quotes",
        Category.BLOCKER,
        Severity.HIGH,
        quoted_composite,
        f"{_CLOUDWATCH}/Create_Composite_Alarm.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The composite alarm is refused: the alarms that its rule names do not exist."),),
        lesson="In an alarm rule a name stands bare or in double quotes.",
        advice='Write `ALARM(name)` or `ALARM(\\"name\\")`.',
    ),
)
