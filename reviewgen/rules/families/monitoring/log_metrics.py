"""RG81x: log groups, and metric filters that match nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Call, Expression
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.naming import spelled

from ...base import Hit, Rule
from ...metrics import word
from ...places import code, listed, type_of
from ...values import behind_locals

_PATTERNS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html"
# Fields that only events of CloudTrail have, and values that only they have in fields with common names.
_TRAIL_FIELDS = re.compile(
    r"\$\.(?:userIdentity|additionalEventData)\b|\$\.eventSource\s*!?=\s*\"?[\w.*-]*amazonaws\.com|\$\.eventType\s*!?=\s*\"?Aws"
    r"|\$\.eventName\s*!?=\s*\"?(?:ConsoleLogin|[A-Z][a-z]+\w*?(?:Policy|User|Role|Group|AccessKey|LoginProfile|Trail|Logging|Bucket|Key|Acl"
    r"|Route|RouteTable|SecurityGroup\w*|NetworkAclEntry|Vpc\w*|\w*Gateway|DeletionRule|Recorder|DeliveryChannel|Instances|Secret\w*)\b)"
)


# The same in a pattern for columns, which CloudTrail's JSON has none of.
_TRAIL_COLUMNS = re.compile(r"^\[[^\]]*=\s*\"?(?:AwsApiCall|[\w*-]+\.amazonaws\.com)")


def _pattern(graph: Graph, declaration: Declaration, argument: str = "pattern") -> str:
    return word(graph, declaration.block, argument, declaration.module).strip()


def _groups(graph: Graph, declaration: Declaration) -> list[Declaration]:
    found = graph.targets(declaration.block.value("log_group_name"), declaration.module)
    return [d for d in found if d.type == "aws_cloudwatch_log_group"]


def _trails(graph: Graph) -> list[Declaration]:
    """Return the trails of a tree without those of modules that nothing calls."""
    return [trail for trail in graph.of_type("aws_cloudtrail") if not graph.tree.leaves_out(trail)]


def _trail_groups(graph: Graph) -> dict[str, Declaration]:
    """Return the trails by the log group that each writes to."""
    return {
        group.address: trail
        for trail in _trails(graph)
        for group in graph.targets(trail.block.value("cloud_watch_logs_group_arn"), trail.module)
    }


def _is_of_columns(pattern: str) -> bool:
    """Whether a pattern finds nothing in JSON: `*` at the beginning of a value finds it in the middle of a line of JSON as well."""
    values = re.findall(r'(?<!!)[=<>]\s*"?([^\s",\]]+)', pattern)
    return pattern.startswith("[") and not (values and all(value.startswith("*") for value in values))


def pattern_for_trail(graph: Graph) -> Iterator[Hit]:
    """A space-delimited pattern on a group that receives JSON from CloudTrail."""
    trails = _trail_groups(graph)
    for found, argument in (("aws_cloudwatch_log_metric_filter", "pattern"), ("aws_cloudwatch_log_subscription_filter", "filter_pattern")):
        for reader in graph.of_type(found):
            group = next((g for g in _groups(graph, reader) if g.address in trails), None)
            if group is not None and _is_of_columns(_pattern(graph, reader, argument)):
                yield Hit(
                    reader.address,
                    f"{code(reader.address)} reads {code(group.address)}, to which {code(trails[group.address].address)} writes JSON, with a pattern "
                    "for space-delimited text, which does not see the fields of JSON.",
                    f"{code(reader.address)} does not read {code(group.address)} with a pattern for space-delimited text",
                    attribute=argument,
                    related=(group.address, trails[group.address].address),
                )


_STAGES = ("aws_api_gateway_stage", "aws_apigatewayv2_stage")
_ACCESS_LOGS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html"
_WAF_LOGS = "https://docs.aws.amazon.com/waf/latest/developerguide/logging-examples.html"
# What writes lines of another form, or of one that the code does not tell, to a group beside a service with JSON.
_WRITERS = (
    "aws_lambda_function",
    "aws_ecs_task_definition",
    "aws_flow_log",
    "aws_cloudwatch_event_target",
    "aws_iam_role_policy",
    "aws_iam_policy",
)


def pattern_for_json(graph: Graph) -> Iterator[Hit]:
    """A space-delimited pattern on a group to which a stage of an API or a web ACL writes JSON."""
    writers = dict(_json_groups(graph))
    for found, argument in (("aws_cloudwatch_log_metric_filter", "pattern"), ("aws_cloudwatch_log_subscription_filter", "filter_pattern")):
        for reader in graph.of_type(found):
            group = next((g for g in _groups(graph, reader) if g.address in writers), None)
            if group is None or not _is_of_columns(_pattern(graph, reader, argument)):
                continue
            writer, source = writers[group.address]
            yield Hit(
                reader.address,
                f"{code(reader.address)} reads {code(group.address)}, to which {code(writer.address)} writes JSON, with a pattern for "
                "space-delimited text, which does not see the fields of JSON.",
                f"{code(reader.address)} does not read {code(group.address)} with a pattern for space-delimited text",
                attribute=argument,
                related=(group.address, writer.address),
                source=source,
                # The fields are those of the writer's own log.
                recommendation=Recommendation('Use a JSON pattern, such as `{ $.action = "BLOCK" }`.') if source == _WAF_LOGS else None,
            )


def _json_groups(graph: Graph) -> Iterator[tuple[str, tuple[Declaration, str]]]:
    """Yield (log group, (what writes JSON to it, page that says so)) of groups to which nothing else is known to write."""
    stages = [
        (stage, block.value("destination_arn"), _ACCESS_LOGS)
        for stage in graph.of_type(*_STAGES)
        for block in stage.block.nested("access_log_settings")
        if _is_json(graph, block.value("format"), stage.module)
    ]
    lists = graph.of_type("aws_wafv2_web_acl_logging_configuration")
    for writer, destination, source in (*stages, *((w, w.block.value("log_destination_configs"), _WAF_LOGS) for w in lists)):
        for group in graph.targets(destination, writer.module):
            others = {type_of(r.source) for r in graph.incoming.get(group.address, ())}
            if group.type == "aws_cloudwatch_log_group" and not others & set(_WRITERS):
                yield group.address, (writer, source)


def _is_json(graph: Graph, expr: Expression | None, module: str) -> bool:
    """Whether the format of an access log is an object of JSON."""
    expr, module = behind_locals(graph, expr, module)
    if isinstance(expr, Call):
        return expr.name == "jsonencode"
    value = graph.constant(expr, module)
    return isinstance(value, str) and value.strip().startswith("{") and value.strip().endswith("}")


def trail_pattern_without_trail(graph: Graph) -> Iterator[Hit]:
    """A pattern for CloudTrail's events on a group to which no trail writes."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    trails = _trail_groups(graph)
    for reader in graph.of_type("aws_cloudwatch_log_metric_filter"):
        groups = _groups(graph, reader)
        if not groups or not _is_for_trail(graph, _pattern(graph, reader), groups[0]) or any(_fed(graph, g, trails) for g in groups):
            continue
        others = _trails(graph)
        why = (
            f"{listed([t.address for t in others], 2)} {'does' if len(others) == 1 else 'do'} not write to it"
            if others
            else "nothing calls the module of the trail"
            if graph.of_type("aws_cloudtrail")
            else "no trail is declared"
        )
        yield Hit(
            reader.address,
            f"{code(reader.address)} looks for fields of CloudTrail events in {code(groups[0].address)}, and {why}. Nothing else "
            "in the code brings such events there.",
            f"{code(reader.address)} reads a log group to which a trail writes, or looks for no fields of CloudTrail events",
            attribute="log_group_name",
            related=(groups[0].address, *(f"{t.address}.cloud_watch_logs_group_arn" for t in others[:1])),
        )


def _is_for_trail(graph: Graph, pattern: str, group: Declaration) -> bool:
    """Whether a pattern looks for events of CloudTrail: by fields of their own, or by error codes in a group that is named after it."""
    if _TRAIL_FIELDS.search(pattern) or _TRAIL_COLUMNS.search(pattern):
        return True
    return "$.errorCode" in pattern and ("trail" in group.name or "cloudtrail" in word(graph, group.block, "name", group.module).lower())


def _fed(graph: Graph, group: Declaration, trails: dict[str, Declaration]) -> bool:
    """Whether events of CloudTrail may reach a group: from a trail or from an EventBridge rule."""
    referrers = {r.source.rpartition("module.")[2].split(".")[0] for r in graph.incoming.get(group.address, ())}
    return group.address in trails or bool(referrers & {"aws_cloudwatch_event_target", "aws_cloudtrail"}) or any(
        _leads_elsewhere(graph, trail) for trail in _trails(graph)
    )  # fmt: skip


def _leads_elsewhere(graph: Graph, trail: Declaration) -> bool:
    """Whether a trail has a log group that is none of the tree's for certain: it is given from elsewhere, or cannot be read."""
    given = trail.block.value("cloud_watch_logs_group_arn")
    return not graph.targets(given, trail.module) if given is not None else not trail.block.complete


def joined_patterns(graph: Graph) -> Iterator[Hit]:
    """Two bracket patterns with an operator between them."""
    for reader in graph.of_type("aws_cloudwatch_log_metric_filter"):
        if re.search(r"\]\s*(?:\|\||&&)\s*\[", _pattern(graph, reader)):
            yield Hit(
                reader.address,
                f"The pattern of {code(reader.address)} joins two bracketed patterns with an operator, which the syntax does not know.",
                f"the pattern of {code(reader.address)} joins no bracketed patterns",
                attribute="pattern",
            )


# Groups that a service makes itself when the resource is created: databases, clusters, stages of an API.
_OF_SERVICES = (
    "/aws/rds/",
    "/aws/docdb/",
    "/aws/neptune/",
    "/aws/eks/",
    "/aws/ecs/containerinsights/",
    "RDSOSMetrics",
    "API-Gateway-Execution-Logs",
)


def missing_group(graph: Graph) -> Iterator[Hit]:
    """A metric filter on a group that nothing creates."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    declared = [graph.constant(g.block.value("name"), g.module) for g in graph.of_type("aws_cloudwatch_log_group")]
    if any(not isinstance(name, str) for name in declared) or graph.data_of_type("aws_cloudwatch_log_group"):
        return
    for found in ("aws_cloudwatch_log_metric_filter", "aws_cloudwatch_log_subscription_filter"):
        for reader in graph.of_type(found):
            name = graph.constant(reader.block.value("log_group_name"), reader.module)
            if isinstance(name, str) and name.startswith(_OF_SERVICES):
                continue
            if isinstance(name, str) and name not in declared and not graph.targets(reader.block.value("log_group_name"), reader.module):
                yield Hit(
                    reader.address,
                    f"{code(reader.address)} reads the log group {code(name)}, which no resource of the tree creates.",
                    f"{code(reader.address)} does not read {code(name)}, or the tree declares that log group",
                    attribute="log_group_name",
                )


# At the edge a function logs to a group whose name begins with the region in which it was made.
# A canary is run by a function that Synthetics makes and names.
_OTHERS = re.compile(r"/aws/lambda/(?:us-east-1\.|cwsyn-)")


def other_function_group(graph: Graph) -> Iterator[Hit]:
    """A log group for Lambda whose name is that of no function, while a function has no group."""
    functions, groups = graph.of_type("aws_lambda_function"), graph.of_type("aws_cloudwatch_log_group")
    names = {f.address: _name(graph, f, "function_name") for f in functions}
    held = {g.address: _name(graph, g, "name") for g in groups}
    holes = {h for n in (*names.values(), *held.values()) for h in re.findall(r"\$\{[^}]*\}", n)}
    certain = all(names.values()) and all(held.values()) and len(holes) <= 1
    if graph.tree.incomplete or graph.has_remote_modules or not certain or graph.data_of_type("aws_lambda_function"):
        return
    bare = [
        f.address for f in functions if f"/aws/lambda/{names[f.address]}" not in held.values() and not any(f.block.nested("logging_config"))
    ]
    own = "a group of its own name" if len(bare) == 1 else "groups of their own names"
    for group in groups:
        name = held[group.address]
        wanted = name.removeprefix("/aws/lambda/") if name.startswith("/aws/lambda/") and not _OTHERS.match(name) else ""
        if bare and wanted and wanted not in names.values() and not _logged_to(graph, group):
            yield Hit(
                group.address,
                f"{code(group.address)} is named {code(name)}, and no function of the tree has the name {code(wanted)}. "
                f"The logs of {listed(bare, 2)} belong to {own}, which nothing declares.",
                f"{code(group.address)} carries the name of a function, or every function has a log group",
                attribute="name",
                related=tuple(f"{a}.function_name" for a in bare)[:2],
            )


def _name(graph: Graph, declaration: Declaration, argument: str) -> str:
    """Return a name with at most one gap: two in which the same expression stands once are equal only when all other characters are."""
    name = spelled(graph, declaration, argument)
    return "" if name.count("${") > 1 else name


def _logged_to(graph: Graph, group: Declaration) -> bool:
    """Whether a function names the group in its logging configuration."""
    return any(r.path.startswith("logging_config") for r in graph.incoming.get(group.address, ()))


RULES = (
    Rule(
        "RG811",
        "metric-filter-trail-not-json",
        "Filter pattern that CloudTrail's JSON never matches",
        Category.CRITICAL,
        Severity.HIGH,
        pattern_for_trail,
        _PATTERNS,
        stage=Stage.RUNTIME,
        impact=(("Security", "What the filter is to find in the events is not found."),),
        lesson="The form of a filter pattern follows the form of the log: brackets for columns, braces for JSON.",
        advice='Use a JSON pattern, such as `{ $.errorCode = "AccessDenied" }`.',
    ),
    Rule(
        "RG812",
        "metric-filter-without-trail",
        "Filter for CloudTrail events on a log group that no trail feeds",
        Category.CRITICAL,
        Severity.HIGH,
        trail_pattern_without_trail,
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
        stage=Stage.RUNTIME,
        impact=(
            (
                "Security",
                "Unless events of CloudTrail reach the log group from outside of the code, what the filter is to detect goes unnoticed.",
            ),
        ),
        lesson="Trail, log group, filter, alarm and topic are one chain; a link that is missing silences all of it.",
        advice="Set `cloud_watch_logs_group_arn` and its role on a trail, and let the filter read that group.",
    ),
    Rule(
        "RG813",
        "metric-filter-joined-brackets",
        "Filter pattern that CloudWatch Logs does not accept",
        Category.BLOCKER,
        Severity.HIGH,
        joined_patterns,
        _PATTERNS,
        stage=Stage.APPLY,
        message="InvalidParameterException: Invalid metric filter pattern",
        impact=(("Deployment", "The metric filter is not created."),),
        lesson="Conditions go inside of one bracketed pattern; there is no operator between two.",
        advice="Write one pattern, or one filter for each.",
    ),
    Rule(
        "RG814",
        "metric-filter-missing-group",
        "Filter on a log group that nothing creates",
        Category.BLOCKER,
        Severity.HIGH,
        missing_group,
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html",
        stage=Stage.APPLY,
        message="ResourceNotFoundException: The specified log group does not exist.",
        impact=(("Deployment", "Unless the log group exists already, the filter is not created."),),
        lesson="A log group that a filter reads must exist first: refer to the resource, not to its name.",
        advice="Create the log group in the stack and refer to its `name`.",
    ),
    Rule(
        "RG815",
        "lambda-log-group-name",
        "Log group with the name of no function",
        Category.CRITICAL,
        Severity.MEDIUM,
        other_function_group,
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",
        stage=Stage.RUNTIME,
        impact=(("Operations", "What is set on this group, be it retention, encryption or a query, reaches no log."),),
        lesson="Lambda writes to `/aws/lambda/` and the exact name of the function.",
        # Not "from the function's `function_name`": a function that waits for its group would close a cycle.
        advice="Build both names from one text, such as a local value.",
    ),
    Rule(
        "RG816",
        "metric-filter-json-as-words",
        "Filter pattern for words on a log of JSON",
        Category.CRITICAL,
        Severity.HIGH,
        pattern_for_json,
        _PATTERNS,
        stage=Stage.RUNTIME,
        impact=(("Monitoring", "What the filter is to find in the fields of the log is not found."),),
        lesson="The form of a filter pattern follows the form of the log: brackets for columns, braces for JSON.",
        advice="Use a JSON pattern, such as `{ $.status = 5* }`.",
    ),
)
