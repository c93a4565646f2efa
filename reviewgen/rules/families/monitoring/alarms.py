"""RG8xx: alarms that cannot fire, or that tell nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reviewgen.hcl import traversals
from reviewgen.model.hcl import Attr, Traversal
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import delivers_values, given_names

from ... import held, tables
from ...base import Hit, Rule
from ...custom_metrics import dimensions_at, is_remark, mentions
from ...metrics import Reading, custom_namespace, filters, readings
from ...places import code, listed, provider, region, region_place
from ...values import default_behind
from .alarm_actions import ACTIONS, ALARMS, MOVED, acted_on, stays_behind

_CLOUDWATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring"


def _path(reading: Reading, name: str) -> str:
    return f"{reading.path}.{name}" if reading.path else name


def unknown_metric(graph: Graph) -> Iterator[Hit]:
    """A metric that its AWS namespace does not have."""
    rows = tables.rows("metrics")
    published = filters(graph)
    for reading in readings(graph):
        row = next((r for r in rows if r["namespace"] == reading.namespace and reading.metric.startswith(r.get("prefix", ""))), None)
        if row is None or not reading.metric or reading.metric in row["metrics"]:
            continue
        names = row["metrics"]
        if any(f.may_be(reading.namespace, reading.metric) for f in published):
            continue
        said = f"to which AWS publishes nothing{_instead(row)}" if not names else f"which has no metric {code(reading.metric)}"
        yield Hit(
            reading.owner.address,
            f"{code(reading.owner.address)} reads {code(reading.metric)} of the namespace {code(reading.namespace)}, {said}: "
            "it never gets data.",
            f"{code(reading.owner.address)} does not read {code(reading.metric)} of {code(reading.namespace)}",
            attribute=_path(reading, "metric_name" if names else "namespace"),
            related=(f"{reading.owner.address}.{_path(reading, 'namespace')}", f"{reading.owner.address}.{_path(reading, 'metric_name')}"),
            source=row["source"],
        )


def _instead(row: Mapping[str, Any]) -> str:
    """Where the metrics are that a namespace seems to hold, as a remark; empty for nowhere."""
    return f" (the service publishes to {code(row['instead'])})" if "instead" in row else ""


def unpublished_metric(graph: Graph) -> Iterator[Hit]:
    """A metric of the user's own that nothing in the tree publishes."""
    if graph.has_remote_modules or graph.tree.incomplete:
        return
    published = filters(graph)
    for reading in readings(graph):
        alarm = reading.owner
        namespace = custom_namespace(graph, reading.block, alarm.module)
        under = _under(graph, reading.metric) if namespace and reading.metric else None
        if under is None or any(f.may_be(reading.namespace, reading.metric) for f in published) or _unsure(published, reading):
            continue
        if not under:
            yield _unpublished(graph, reading, namespace, [f.owner for f in published])
        elif reading.dimensions is not None and frozenset(reading.dimensions) not in under:
            yield _of_other_dimensions(reading, namespace, under)


def _unsure(published: list[Any], reading: Reading) -> bool:
    """Whether the namespace is not fully known and a filter publishes a metric of this name."""
    return not reading.namespace and any(f.may_be("", reading.metric) or f.metric == reading.metric for f in published)


def _under(graph: Graph, metric: str) -> list[frozenset[str]] | None:
    """Return the sets of dimensions under which the code publishes a metric; None where it is not certain of each place that speaks of it."""
    found = [(dimensions_at(text, start), is_remark(text, start)) for text, start in mentions(graph, metric)]
    known = [names for names, _ in found if names is not None]
    certain = all(names is not None or (remark and known) for names, remark in found)
    return known if certain else None


def _unpublished(graph: Graph, reading: Reading, namespace: str, owners: list[Declaration]) -> Hit:
    alarm = reading.owner
    missing = graph.argument(alarm, "treat_missing_data")
    state = "it stays in ALARM, for missing data counts as breaching" if missing == "breaching" else "it has no data"
    near = f" The metric filters of the tree publish others: {listed([o.address for o in owners], 2)}." if owners else ""
    return Hit(
        alarm.address,
        f"{code(alarm.address)} reads {code(reading.metric)} of the namespace {code(namespace)}; no metric filter and no code of this tree "
        f"publishes it. Unless something else does, {state}.{near}",
        f"{code(alarm.address)} does not read {code(reading.metric)} of {code(namespace)}, or a metric filter or code names that metric",
        attribute=_path(reading, "metric_name"),
        related=(
            f"{alarm.address}.{_path(reading, 'namespace')}",
            *((f"{alarm.address}.treat_missing_data",) if missing == "breaching" else ()),
        ),
    )


def _of_other_dimensions(reading: Reading, namespace: str, under: list[frozenset[str]]) -> Hit:
    alarm = reading.owner
    own = f"with the dimension {listed(sorted(reading.dimensions))}" if reading.dimensions else "without dimensions"
    names = f"with {listed(sorted(under[0]))} as its dimensions" if under[0] else "without any"
    return Hit(
        alarm.address,
        f"{code(alarm.address)} reads {code(reading.metric)} of the namespace {code(namespace)} {own}, and the code publishes it {names}, which "
        "is another metric to CloudWatch. Unless something else publishes it, the alarm has no data.",
        f"{code(alarm.address)} does not read {code(reading.metric)} of {code(namespace)} with other dimensions than those under which code "
        "publishes it",
        attribute=_path(reading, "metric_name"),
        related=(f"{alarm.address}.{_path(reading, 'dimensions')}",),
        title="Alarm on a custom metric with other dimensions than those that it has",
        impact=(("Function", "What the alarm is to watch can fail without anybody noticing."),),
        recommendation=Recommendation(
            "Give the alarm exactly the dimensions under which the metric is published, or publish it without any, too."
        ),
        source=f"{_CLOUDWATCH}/cloudwatch_concepts.html",
    )


def wrong_dimensions(graph: Graph) -> Iterator[Hit]:
    """An alarm whose dimensions name no data."""
    for reading in readings(graph):
        if reading.dimensions is None or not reading.metric:
            continue
        row = next((r for r in tables.rows("metric_dimensions") if _is_about(r, reading)), None)
        title, fault, why = _fault(row, reading) if row is not None else ("", "", "")
        if row is not None and fault:
            of_others = "".join(f" {text}" for name, text in row.get("other", {}).items() if name in reading.dimensions)
            yield Hit(
                reading.owner.address,
                f"{code(reading.owner.address)} reads {code(reading.metric)} of {code(reading.namespace)} {fault}, {why}: it never gets data."
                + of_others,
                f"{code(reading.owner.address)} does not read {code(reading.metric)} {fault}",
                attribute=_path(reading, "dimensions"),
                related=(f"{reading.owner.address}.{_path(reading, 'metric_name')}",),
                title=title,
                recommendation=Recommendation("Read the metrics that the service documents for this dimension.") if of_others else None,
                source=row["source"],
            )


def _is_about(row: Any, reading: Reading) -> bool:
    names = row.get("metrics", ())
    return bool(row["namespace"] == reading.namespace and (not names or reading.metric in names))


def _fault(row: Any, reading: Reading) -> tuple[str, str, str]:
    """Return title, what is wrong and why nothing is published under it; three empty texts where nothing is."""
    named = set(reading.dimensions or ())
    missing = [d for d in row.get("needs", ()) if d not in named]
    superfluous = [d for d in row.get("never", ()) if d in named]
    if (one := row.get("needs_one", ())) and named.isdisjoint(one):
        fault = f"without the dimension {' or '.join(map(code, one))}"
        return "Alarm without a dimension of its metric", fault, "without one of which it is not published"
    if missing:
        return "Alarm without a dimension of its metric", f"without the dimension {listed(missing)}", "without which it is not published"
    if superfluous:
        return "Alarm with a dimension that its metric does not have", f"with the dimension {listed(superfluous)}", "which it does not have"
    return "", "", ""


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
                meant = row["dimension"] == name and row["type"] == target.type and last.name in row["wrong"]
                if meant and not _older(graph, target, row) and not _is_right(graph, target, last.name, row):
                    yield _misnamed(reading, name, target, last.name, row)


def _older(graph: Graph, target: Declaration, row: Any) -> bool:
    """Whether the tree holds a provider of a major version before 5, where ``id`` of a database was its identifier."""
    return row["type"] == "aws_db_instance" and "id" in row["wrong"] and held.before(graph, (5, 0, 0))


def _is_right(graph: Graph, target: Declaration, attribute: str, row: Any) -> bool:
    """Whether an attribute has the value all the same: a database of one name throughout; of one that is looked up ``id`` is the identifier."""
    if target.kind == "data":
        return attribute == "id" and target.type == "aws_db_instance"
    value = graph.argument(target, attribute) if attribute in target.block.attributes else None
    return isinstance(value, str) and bool(row["right"]) and value == graph.argument(target, row["right"])


def _misnamed(reading: Reading, name: str, target: Declaration, attribute: str, row: Any) -> Hit:
    alarm = reading.owner
    # What looks a thing up may call its name otherwise.
    right = f"; the value is {code(target.local + '.' + row['right'])}" if row["right"] and target.kind == "resource" else ""
    return Hit(
        alarm.address,
        f"{code(alarm.address)} gives the dimension {code(name)} the value {code(f'{target.local}.{attribute}')}, under which nothing is "
        f"published: {row['why']}{right}.",
        f"{code(alarm.address)} does not give the dimension {code(name)} the value {code(f'{target.local}.{attribute}')}",
        attribute=_path(reading, "dimensions"),
        key=name,
        related=(target.address,),
        source=row["source"],
    )


# Partitions with regions of their own, in which these metrics have another home.
_APART = ("cn-", "us-gov-", "us-iso")


def wrong_region(graph: Graph) -> Iterator[Hit]:
    """An alarm in a region to which its metric is not published."""
    for reading in readings(graph):
        here = region(graph, reading.owner)
        for row in tables.rows("metric_dimensions"):
            only = row.get("region")
            if only and here and here != only and not here.startswith(_APART) and row["namespace"] == reading.namespace:
                yield Hit(
                    reading.owner.address,
                    f"{code(reading.owner.address)} is created in {code(here)}, and the metrics of {code(reading.namespace)} are published "
                    f"in {code(only)} only: it never gets data.",
                    f"{code(reading.owner.address)} does not read {code(reading.namespace)} in {code(here)}",
                    attribute=_path(reading, "namespace"),
                    related=region_place(graph, reading.owner),
                    further=MOVED if stays_behind(graph, reading.owner, here) else "",
                    source=row["source"],
                )


# How PROMPTs say that alarms are to do nothing.
_NO_ACTIONS = (
    r"(?i)\b(?:do not|don['\u2019]t|never|not|without|no) (?:\w+ ){0,3}?actions?\b[^.\n]{0,30}\balarms?\b"
    r"|\balarms?\b[^.\n]{0,30}\b(?:do not have|have no|with no|without|no) (?:\w+ ){0,2}?actions?\b|\bno `?alarm_actions\b"
)


def no_action(graph: Graph) -> Iterator[Hit]:
    """Alarms that do nothing in any state, variables at their defaults."""
    if any(words in file.text for file in graph.files.values() for words in ("CloudWatch Alarm State Change", '"aws.cloudwatch"')):
        return  # an event rule acts on the alarms
    declared = graph.of_type("aws_sns_topic")
    elsewhere = graph.has_remote_modules or graph.tree.incomplete or graph.data_of_type("aws_sns_topic")
    given, values_are = given_names(graph), "delivered" if delivers_values(graph) else "default"
    for alarm in graph.of_type(*ALARMS):
        values = [graph.constant(alarm.block.value(n), alarm.module) for n in ACTIONS if n in alarm.block.attributes]
        if any(v not in ([], None, [""]) for v in values) or alarm.address in acted_on(graph):
            continue
        defaults = tuple(v for n in ACTIONS for v in _defaults(graph, alarm, n))
        if any(place.split(".")[-2] in given for place in defaults):
            continue  # the values of an environment decide
        named = any(t.type == "aws_sns_topic" for n in ACTIONS for t in graph.targets(alarm.block.value(n), alarm.module))
        # An alarm notifies topics of its own region only.
        topics = [t.address for t in declared if provider(t) == provider(alarm)]
        there = "" if named or elsewhere or declared else " The tree declares no SNS topic."
        there = f" {code(topics[0])} is declared and not used for it." if topics and not named else there
        yield Hit(
            alarm.address,
            f"{code(alarm.address)} has no action for any state{f' with the {values_are} values' if defaults else ''}: when it fires nobody is told."
            + there,
            f"{code(alarm.address)} has an action, or something else acts on it",
            attribute="alarm_actions",
            related=(*defaults[:1], *topics[:1]),
            unless=_NO_ACTIONS,
            impact=(("Operations", "With these values a breach changes a colour in the console and nothing else."),) if defaults else (),
        )


def _defaults(graph: Graph, alarm: Declaration, argument: str) -> Iterator[str]:
    expr = alarm.block.value(argument)
    for traversal in traversals(expr) if expr is not None else ():
        yield from default_behind(graph, traversal, alarm.module)


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
                f"the rule of {code(alarm.address)} puts no alarm name in single quotes",
                attribute="alarm_rule",
                related=tuple(sorted({t.address for t in graph.targets(alarm.block.value("alarm_rule"), alarm.module)}))[:3],
            )


_SILENT = (
    ("Function", "The alarm has no data: it does not change when what it is to watch fails."),
    ("Operations", "Whatever state a dashboard or list shows for the alarm, it says nothing about the service."),
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
        "Alarm on a custom metric that nothing in the code publishes",
        Category.CRITICAL,
        Severity.HIGH,
        unpublished_metric,
        f"{_CLOUDWATCH}/publishingMetrics.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "As long as nothing publishes the metric, the alarm says nothing of what it is to watch."),),
        lesson="A custom metric exists once something publishes it: a metric filter, an agent or code.",
        advice="Add the metric filter or the code that publishes it, with exactly this namespace, this name and these dimensions.",
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
        advice="Name a metric that is published for what is watched, with exactly the dimensions that the service documents for it.",
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
        lesson="CloudFront, Route 53 and billing publish their metrics in us-east-1 only.",
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
