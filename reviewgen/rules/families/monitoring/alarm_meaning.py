"""RG83x: alarms that measure something else than they say, or nothing, or whose bounds are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.hcl import text_of
from reviewgen.model.hcl import Conditional, Literal, Template
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...databases import global_members, is_first
from ...metrics import readings, word
from ...places import code, listed, region
from ...values import number, variable_behind
from .alarm_actions import MOVED, stays_behind

_BAND = "ANOMALY_DETECTION_BAND"
_DAILY = ("BucketSizeBytes", "NumberOfObjects")
_DAY = 86_400
# Metrics that count events; a share of them needs the number of all events beside it.
_COUNTS = {
    "AWS/Lambda": ("Errors", "Throttles"),
    "AWS/ApiGateway": ("4XXError", "5XXError"),
    "AWS/ApplicationELB": ("HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_4XX_Count"),
    "AWS/States": ("ExecutionsFailed",),
}
_SHARE = re.compile(r"error[-_ ]?rate|failure[-_ ]?rate|\d ?%|percent", re.IGNORECASE)
# A number in a time is a rate, too.
_IN_TIME = re.compile(
    r"\bper (?:second|minute|hour|period)|\b\d+ (?:\w+ )?(?:errors?|failures?)\b|\b(?:errors?|failures?) (?:in|per|within)\b", re.IGNORECASE
)


def daily_metric(graph: Graph) -> Iterator[Hit]:
    """A storage metric of S3, which has one value a day, in short periods."""
    for reading in readings(graph):
        alarm = reading.owner
        period = number(graph.argument(alarm, "period"))
        if reading.namespace == "AWS/S3" and reading.metric in _DAILY and not reading.path and period is not None and period < _DAY:
            yield Hit(
                alarm.address,
                f"{code(alarm.address)} reads {code(reading.metric)} in periods of {int(period)} seconds; S3 publishes it once a day, "
                "and it says how much is stored, not how often it is asked for.",
                f"{code(alarm.address)} reads no storage metric of S3 in periods shorter than a day",
                attribute="metric_name",
                related=(f"{alarm.address}.period", f"{alarm.address}.dimensions"),
            )


def count_for_share(graph: Graph) -> Iterator[Hit]:
    """A number of errors where the alarm's own words speak of a rate."""
    for reading in readings(graph):
        alarm = reading.owner
        says = next(
            (w for n in ("alarm_name", "alarm_description") if _SHARE.search(w := word(graph, alarm.block, n, alarm.module))), alarm.name
        )
        statistic = graph.argument(alarm, "statistic")
        if _IN_TIME.search(word(graph, alarm.block, "alarm_description", alarm.module)):
            continue
        if reading.path or statistic not in ("Sum", "SampleCount") or reading.metric not in _COUNTS.get(reading.namespace, ()):
            continue
        if _SHARE.search(says):
            yield Hit(
                alarm.address,
                f"{code(alarm.address)} speaks of a rate ({code(says)}) and compares a number of events with its threshold: "
                f"the {code(str(statistic))} of {code(reading.metric)} says nothing about their share.",
                f"{code(alarm.address)} does not speak of a rate, or does not compare the {code(str(statistic))} of {code(reading.metric)}",
                attribute="metric_name",
                related=(f"{alarm.address}.threshold", f"{alarm.address}.statistic"),
            )


# Metrics with a value of 0 or 1 for each call, so that these statistics are at most 1, and the page that says so.
_OF_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"
_OF_APIS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html"
_BINARY = {
    "AWS/Lambda": (("Errors", "Throttles"), ("Average", "Maximum", "Minimum"), _OF_LAMBDA),
    "AWS/ApiGateway": (("4XXError", "5XXError"), ("Average",), _OF_APIS),
}


def out_of_reach(graph: Graph) -> Iterator[Hit]:
    """A share between 0 and 1 that is to pass a threshold which is none of it: a percentage, or a number."""
    for reading in readings(graph):
        alarm = reading.owner
        metrics, statistics, page = _BINARY.get(reading.namespace or "", ((), (), ""))
        statistic, operator = graph.argument(alarm, "statistic"), graph.argument(alarm, "comparison_operator")
        threshold = number(graph.argument(alarm, "threshold"))
        if reading.path or reading.metric not in metrics or statistic not in statistics or threshold is None:
            continue
        if (operator == "GreaterThanThreshold" and threshold >= 1) or (operator == "GreaterThanOrEqualToThreshold" and threshold > 1):
            yield Hit(
                alarm.address,
                f"{code(alarm.address)} waits until the {code(str(statistic))} of {code(reading.metric)} is "
                f"{'above' if operator == 'GreaterThanThreshold' else 'at least'} {threshold:g}; each call counts as 0 or 1, so that it is never "
                "more than 1.",
                f"{code(alarm.address)} waits for no `{statistic}` of {code(reading.metric)} that there cannot be",
                attribute="threshold",
                related=(*variable_behind(graph, alarm, "threshold"), f"{alarm.address}.statistic", f"{alarm.address}.metric_name"),
                source=page,
            )


_CLOUDWATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring"


def no_band(graph: Graph) -> Iterator[Hit]:
    """An alarm whose threshold is a metric, and that metric is no band of anomaly detection."""
    for alarm in graph.of_type("aws_cloudwatch_metric_alarm"):
        threshold = graph.argument(alarm, "threshold_metric_id")
        for query in alarm.block.nested("metric_query") if isinstance(threshold, str) else ():
            expression = query.value("expression")
            said = text_of(expression) if expression is not None else ""
            if (
                graph.constant(query.value("id"), alarm.module) == threshold
                and isinstance(expression, Literal | Template)
                and _BAND not in said
            ):
                yield Hit(
                    alarm.address,
                    f"{code(alarm.address)} takes {code(threshold)} for its bounds, and the expression of that query has no `{_BAND}`.",
                    f"the query that {code(alarm.address)} takes for its bounds has `{_BAND}` in its expression",
                    attribute="metric_query.expression",
                    related=(f"{alarm.address}.threshold_metric_id",),
                    line=query.line,
                )


# Metrics of volumes that are there for some types only.
_OF_TYPES = {
    "VolumeThroughputPercentage": ("io1", "io2"),
    "VolumeConsumedReadWriteOps": ("io1", "io2"),
    "BurstBalance": ("gp2", "st1", "sc1"),
}
_WITHOUT_TYPE = "gp2"
"""The type of a volume that names none (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html)."""


def metric_of_another_type(graph: Graph) -> Iterator[Hit]:
    """A metric that EBS does not publish for volumes of this type."""
    for reading in readings(graph):
        types = _OF_TYPES.get(reading.metric, ()) if reading.namespace == "AWS/EBS" else ()
        expr = (reading.dimensions or {}).get("VolumeId")
        for volume in graph.targets(expr, reading.owner.module) if types and expr is not None else ():
            known = volume.kind == "resource" and volume.type == "aws_ebs_volume"
            kind = graph.argument(volume, "type") if "type" in volume.block.attributes else _WITHOUT_TYPE
            if known and isinstance(kind, str) and kind not in types:
                yield Hit(
                    reading.owner.address,
                    f"{code(reading.owner.address)} reads {code(reading.metric)} of {code(volume.address)}, a volume of the type {code(kind)}; "
                    f"EBS publishes that metric for {listed(list(types))} only.",
                    f"{code(reading.owner.address)} does not read {code(reading.metric)} of a volume of the type {code(kind)}",
                    attribute=f"{reading.path}.metric_name".lstrip("."),
                    related=(f"{volume.address}.type",),
                )


# Metrics of Aurora global databases; each is there in the regions of secondary clusters only (the page of the rule says so of every one).
_OF_SECONDARIES = (
    "AuroraGlobalDBDataTransferBytes",
    "AuroraGlobalDBProgressLag",
    "AuroraGlobalDBRPOLag",
    "AuroraGlobalDBReplicatedWriteIO",
    "AuroraGlobalDBReplicationLag",
)


def metric_of_secondaries(graph: Graph) -> Iterator[Hit]:
    """A metric of the replication of a global database, of its primary cluster."""
    for reading in readings(graph):
        alarm = reading.owner
        expr = (reading.dimensions or {}).get("DBClusterIdentifier")
        if reading.namespace != "AWS/RDS" or reading.metric not in _OF_SECONDARIES or expr is None:
            continue
        named = [t for t in graph.targets(expr, alarm.module) if t.kind == "resource" and t.type == "aws_rds_cluster"]
        if len(named) == 1 and _leads(graph, named[0]):
            others = _watchers(graph, reading.metric, named[0])
            yield Hit(
                alarm.address,
                f"{code(alarm.address)} reads {code(reading.metric)} of {code(named[0].address)}, the primary cluster of a global database; "
                "Aurora publishes that metric in the regions of the secondary clusters only.",
                f"{code(alarm.address)} does not read {code(reading.metric)} of a primary cluster",
                attribute=f"{reading.path}.dimensions".lstrip("."),
                related=(named[0].address,),
                recommendation=Recommendation(_SPARE.format(listed([o.address for o in others]))) if others else None,
                further=MOVED if not others and stays_behind(graph, alarm, region(graph, named[0])) else "",
                impact=(*_BLIND, *_followed(graph, alarm)),
            )


# Words for an alarm that has nothing to move to: the copies have alarms of their own.
_SPARE = "Take the alarm out, or keep it for the time after a failover: for the metric where it is published there is {} already."


def _watchers(graph: Graph, metric: str, leader: Declaration) -> list[Declaration]:
    """Return the alarms on a metric of the copies of a cluster, each in the region of its copy; nothing where a copy has none."""
    groups = [g for g in graph.of_type("aws_rds_global_cluster") if leader.address in {c.address for c in global_members(graph, g)}]
    copies = [c for g in groups for c in global_members(graph, g) if c.address != leader.address]
    found = [next((a for a in _alarms_on(graph, metric, copy) if region(graph, a) == region(graph, copy)), None) for copy in copies]
    return [alarm for alarm in found if alarm is not None] if None not in found else []


def _alarms_on(graph: Graph, metric: str, cluster: Declaration) -> Iterator[Declaration]:
    """Yield the alarms that certainly read a metric of a cluster whose region is known."""
    for reading in readings(graph) if region(graph, cluster) is not None else ():
        expr = (reading.dimensions or {}).get("DBClusterIdentifier")
        named = [t.address for t in graph.targets(expr, reading.owner.module)] if expr is not None else []
        if (reading.namespace, reading.metric) == ("AWS/RDS", metric) and named == [cluster.address]:
            yield reading.owner


_BLIND = (("Function", "The alarm has no data while that cluster is the primary one: it does not see how far the copies are behind."),)


def _leads(graph: Graph, cluster: Declaration) -> bool:
    """Whether a cluster is certainly the primary one of a global database."""
    if isinstance(cluster.block.value("master_username"), Conditional) or len(graph.callers(cluster.module)) > 1:
        return False  # a module that makes clusters of both kinds
    for group in graph.of_type("aws_rds_global_cluster"):
        source = graph.targets(group.block.value("source_db_cluster_identifier"), group.module)
        first = [c.address for c in global_members(graph, group) if is_first(c)]
        if first == [cluster.address] or [t.address for t in source] == [cluster.address]:
            return True
    return False


def _followed(graph: Graph, alarm: Declaration) -> Iterator[tuple[str, str]]:
    """Yield what comes of it that a health check follows an alarm without data."""
    if "treat_missing_data" in alarm.block.attributes and graph.argument(alarm, "treat_missing_data") != "missing":
        return
    for check in graph.of_type("aws_route53_health_check"):
        alarms = [t.address for t in graph.targets(check.block.value("cloudwatch_alarm_name"), check.module)]
        if alarm.address in alarms and graph.argument(check, "insufficient_data_health_status") == "Unhealthy":
            yield "Availability", f"{code(check.address)} follows this alarm and is unhealthy while it has no data."


RULES = (
    Rule(
        "RG831",
        "alarm-daily-metric",
        "Alarm on a daily metric in short periods",
        Category.CRITICAL,
        Severity.MEDIUM,
        daily_metric,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html",
        stage=Stage.RUNTIME,
        impact=(("Operations", "Periods without the one value of a day have no data."),),
        lesson="S3 publishes storage metrics once a day; requests have metrics of their own that a bucket must ask for.",
        advice="Use a period of a day, or the request metrics of `aws_s3_bucket_metric` with their `FilterId`.",
    ),
    Rule(
        "RG832",
        "alarm-count-for-rate",
        "Alarm for a rate that compares a number",
        Category.WARNING,
        Severity.HIGH,
        count_for_share,
        f"{_CLOUDWATCH}/using-metric-math.html",
        stage=Stage.RUNTIME,
        impact=(("Operations", "Under load it can fire at a harmless share, and with few calls it can miss a total failure."),),
        lesson="A share takes two metrics and an expression.",
        advice="Use `metric_query` blocks for errors and calls and an expression such as `100 * errors / calls`.",
    ),
    Rule(
        "RG833",
        "alarm-without-band",
        "Anomaly alarm without an anomaly detection band",
        Category.BLOCKER,
        Severity.HIGH,
        no_band,
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "CloudWatch refuses the alarm."),),
        lesson="The metric that is a threshold is the band of an anomaly detection model: `ANOMALY_DETECTION_BAND(m1, 2)`.",
        advice="Write the expression with `ANOMALY_DETECTION_BAND`, of the metric and the number of standard deviations.",
    ),
    Rule(
        "RG835",
        "alarm-out-of-reach",
        "Alarm with a threshold that its metric cannot pass",
        Category.CRITICAL,
        Severity.HIGH,
        out_of_reach,
        _OF_LAMBDA,
        stage=Stage.RUNTIME,
        impact=(("Operations", "Not even the failure of every call sets the alarm off."),),
        lesson="The average of a metric that is 0 or 1 is a share between 0 and 1: one percent of it is 0.01.",
        advice="Compare the `Sum` with a number, or the `Average` with a share such as 0.01.",
    ),
    Rule(
        "RG836",
        "alarm-metric-of-another-volume-type",
        "Alarm on a metric that this type of volume does not have",
        Category.WARNING,
        Severity.MEDIUM,
        metric_of_another_type,
        "https://docs.aws.amazon.com/ebs/latest/userguide/using_cloudwatch_ebs.html",
        stage=Stage.RUNTIME,
        impact=(("Operations", "The alarm has no data, so that it says nothing of the volume."),),
        lesson="Some metrics of volumes belong to some types: shares of provisioned IOPS to `io1` and `io2`, credits to `gp2`, `st1` and `sc1`.",
        advice="Read `VolumeQueueLength`, or bytes and operations against what the volume is provisioned with.",
    ),
    Rule(
        "RG838",
        "alarm-replication-of-primary",
        "Alarm on the replication of a global database reads the primary cluster",
        Category.WARNING,
        Severity.HIGH,
        metric_of_secondaries,
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html",
        stage=Stage.RUNTIME,
        impact=_BLIND,
        lesson="How far a copy is behind is measured where the copy is.",
        advice="Create the alarm in the region of the secondary cluster, with that cluster as `DBClusterIdentifier`.",
    ),
)
