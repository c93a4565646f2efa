"""RG361 to RG368: EventBridge rules and their targets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Conditional
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ... import streams
from ...base import Hit, Rule
from ...documents import document
from ...places import code, listed, type_of
from ...rights import GRANTS, may, role_of

_DOCS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/"
_FIELDS = frozenset(["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail", "replay-name", "$or"])
_INVALID = "InvalidEventPatternException: Event pattern is not valid."
_RATE = re.compile(r"rate\((\d+) (minutes?|hours?|days?)\)")
# A rate in a unit that there is not.
_COUNTED = re.compile(r"rate\(\d+ [A-Za-z]+\)")
_CRON = re.compile(r"cron\(([^()]*)\)")
# Targets that EventBridge reaches with a role, and the action that the role needs.
_WITH_ROLE = {
    "aws_sfn_state_machine": "states:StartExecution",
    "aws_kinesis_stream": "kinesis:PutRecord",
    "aws_ecs_cluster": "ecs:RunTask",
    "aws_codepipeline": "codepipeline:StartPipelineExecution",
    "aws_codebuild_project": "codebuild:StartBuild",
    "aws_kinesis_firehose_delivery_stream": "firehose:PutRecord",
    "aws_batch_job_queue": "batch:SubmitJob",
}


def bad_schedule(graph: Graph) -> Iterator[Hit]:
    """A schedule that EventBridge cannot read."""
    for rule in graph.of_type("aws_cloudwatch_event_rule", "aws_scheduler_schedule"):
        value = graph.argument(rule, "schedule_expression")
        scheduler = rule.type == "aws_scheduler_schedule"
        wrong = _wrong(value, numbered=not scheduler) if isinstance(value, str) else ""
        if wrong:
            yield Hit(
                rule.address,
                f"The schedule `{value}` of {code(rule.address)} is not valid: {wrong}.",
                f"{code(rule.address)} does not have the schedule `{value}`",
                attribute="schedule_expression",
                message="ValidationException: Invalid Schedule Expression" if scheduler else "",
                source="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html" if scheduler else "",
            )


def _wrong(expression: str, *, numbered: bool) -> str:
    """Return what is wrong with a schedule; ``numbered``: whether the unit of a rate agrees with its number, as rules demand."""
    rate, cron = _RATE.fullmatch(expression), _CRON.fullmatch(expression)
    if rate:
        number, unit = int(rate[1]), rate[2]
        if number == 0:
            return "a rate is at least 1"
        if numbered and (number == 1) == unit.endswith("s"):
            return f"a rate of {number} is written `rate({number} {unit.rstrip('s')}{'' if number == 1 else 's'})`"
    elif cron:
        fields = cron[1].split()
        if len(fields) != 6:
            return f"a cron expression has six fields and this one has {len(fields)}"
        if "?" not in (fields[2], fields[4]):
            return "one of day of month and day of week must be `?`"
    elif _COUNTED.fullmatch(expression):
        return "a rate is counted in minutes, hours or days"
    elif expression.startswith(("rate(", "cron(")):
        return "it is neither a rate nor a cron expression"
    return ""


def _pattern(graph: Graph, rule: Declaration) -> Mapping[str, Any] | None:
    found = document(graph, rule.block.value("event_pattern"), rule.module)
    return found if isinstance(found, dict) else None


_ADMITTING = ("aws_cloudwatch_event_permission", "aws_cloudwatch_event_bus_policy")


def service_on_custom_bus(graph: Graph) -> Iterator[Hit]:
    """Events of AWS services arrive on the default bus only."""
    fed = {
        bus.address for target in graph.of_type("aws_cloudwatch_event_target")
        for bus in graph.targets(target.block.value("arn"), target.module) if bus.type == "aws_cloudwatch_event_bus"
    }  # fmt: skip
    # Who is admitted to a bus may pass the events of another account on.
    fed |= {r.target for type_ in _ADMITTING for admitting in graph.of_type(type_) for r in graph.outgoing.get(admitting.address, ())}
    for rule in graph.of_type("aws_cloudwatch_event_rule"):
        buses = [t for t in graph.targets(rule.block.value("event_bus_name"), rule.module) if t.type == "aws_cloudwatch_event_bus"]
        wanted = (_pattern(graph, rule) or {}).get("source")
        sources = _words(wanted)
        own = (
            isinstance(wanted, list)
            and len(sources) == len(wanted) > 0
            and all(s.startswith("aws.") and not s.startswith("aws.partner/") for s in sources)
        )
        # A rule of another bus may pass the events on.
        if buses and buses[0].kind == "resource" and own and buses[0].address not in fed:
            yield Hit(
                rule.address,
                f"{code(rule.address)} waits for events of {listed(sources)} on the bus {code(buses[0].address)}; AWS services send their events "
                "to the default bus only.",
                f"{code(rule.address)} does not wait for {listed(sources)} on the bus {code(buses[0].address)}",
                attribute="event_bus_name",
                related=(buses[0].address,),
            )


def _words(value: object) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def pattern_shape(graph: Graph) -> Iterator[Hit]:
    """A pattern whose values are no lists, or whose fields no event has."""
    for rule in graph.of_type("aws_cloudwatch_event_rule"):
        pattern = _pattern(graph, rule) or {}
        bare = sorted(_bare(pattern))
        if bare:
            yield Hit(
                rule.address,
                f"The pattern of {code(rule.address)} gives {listed(bare)} as a single value; every field of a pattern takes a list.",
                f"every field in the pattern of {code(rule.address)} has a list",
                attribute="event_pattern",
                # Of several, which one EventBridge comes to first is not worked out.
                message=f'{_INVALID} Reason: "{bare[0].rpartition(".")[2]}" must be an object or an array' if len(bare) == 1 else "",
            )


def _bare(pattern: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, value in pattern.items():
        if isinstance(value, dict):
            yield from _bare(value, f"{path}{name}.")
        elif value is not UNKNOWN and not isinstance(value, list):
            yield path + name


def unknown_field(graph: Graph) -> Iterator[Hit]:
    """A field that no event has at its top."""
    for rule in graph.of_type("aws_cloudwatch_event_rule"):
        # What must not be there is not.
        odd = sorted(
            name for name, wanted in (_pattern(graph, rule) or {}).items() if name not in _FIELDS and wanted != [{"exists": False}]
        )
        if odd:
            yield Hit(
                rule.address,
                f"The pattern of {code(rule.address)} asks for {listed(odd)}, which no event has at its top level: the rule never matches.",
                f"the pattern of {code(rule.address)} does not ask for {listed(odd)} at its top level",
                attribute="event_pattern",
            )


def stream_events(graph: Graph) -> Iterator[Hit]:
    """DynamoDB streams send nothing to EventBridge."""
    for rule in graph.of_type("aws_cloudwatch_event_rule"):
        pattern = _pattern(graph, rule) or {}
        wanted = pattern.get("detail-type")
        kinds = [k for k in _words(wanted) if "Stream Record" in k]
        only = "aws.dynamodb" in _words(pattern.get("source")) and (pattern["source"] == ["aws.dynamodb"] or wanted == kinds)
        if kinds and only:  # else it may match other events
            yield Hit(
                rule.address,
                f"{code(rule.address)} waits for `{kinds[0]}` of `aws.dynamodb`; DynamoDB streams send no events to EventBridge.",
                f"{code(rule.address)} does not wait for `{kinds[0]}`",
                attribute="event_pattern",
            )


def _aims(graph: Graph, target: Declaration) -> tuple[Declaration, ...]:
    """Return what a target certainly leads to: of what a condition chooses between, nobody knows which it is."""
    value = target.block.value("arn")
    found = graph.targets(value, target.module)
    return () if isinstance(value, Conditional) and len(found) > 1 else found


def target_without_role(graph: Graph) -> Iterator[Hit]:
    """A target that EventBridge reaches only with a role."""
    for target in graph.of_type("aws_cloudwatch_event_target"):
        for aim in _aims(graph, target):
            action = _WITH_ROLE.get(aim.type)
            if action and aim.kind == "resource" and "role_arn" not in target.block.attributes:
                yield Hit(
                    target.address,
                    f"{code(target.address)} sends events to {code(aim.address)} without `role_arn`; EventBridge needs a role with `{action}`.",
                    f"{code(target.address)} sets `role_arn`, or has another target",
                    attribute="role_arn",
                    related=(aim.address,),
                )


def target_role_lacks(graph: Graph) -> Iterator[Hit]:
    """A role with which EventBridge may not start the target."""
    for target in graph.of_type("aws_cloudwatch_event_target"):
        role = role_of(graph, target, "role_arn")
        for aim in _aims(graph, target) if role is not None else ():
            action = _WITH_ROLE.get(aim.type)
            if role is None or action is None or aim.type == "aws_ecs_cluster":
                continue
            if may(graph, role, action, aim.address) is False:
                yield Hit(
                    role.address,
                    f"{code(target.address)} reaches {code(aim.address)} with {code(role.address)}, which lacks `{action}` on it.",
                    f"{code(role.address)} allows `{action}` on {code(aim.address)}, or {code(target.address)} does not reach that with it",
                    key=aim.address,
                    related=(*graph.policies.of_role(role).origins[:2], f"{target.address}.role_arn", aim.address),
                )


def log_group_closed(graph: Graph) -> Iterator[Hit]:
    """A log group as target without a resource policy of CloudWatch Logs that lets EventBridge write to its streams."""
    policies = [graph.policies.argument(p, "policy_document") for p in graph.of_type("aws_cloudwatch_log_resource_policy")]
    admitting = [p for p in policies if p.allows("logs:PutLogEvents", service="events") is not False]
    if not all(streams.are_left_out(p, "events") for p in admitting) or graph.has_remote_modules or graph.tree.incomplete:
        return
    for target in graph.of_type("aws_cloudwatch_event_target"):
        for aim in graph.targets(target.block.value("arn"), target.module):
            if aim.type == "aws_cloudwatch_log_group":
                closed = (
                    f"{code(admitting[0].origins[0].partition('.policy_document')[0])} lets EventBridge write to ARNs of log groups alone: "
                    f"events go to {streams.LONGER}. The account may have another policy."
                    if admitting
                    else "no `aws_cloudwatch_log_resource_policy` lets EventBridge write there. Such a policy is one of the account and region, "
                    "which may have it already."
                )
                yield Hit(
                    target.address,
                    f"{code(target.address)} sends events to {code(aim.address)}, and {closed}",
                    "an `aws_cloudwatch_log_resource_policy` admits `events.amazonaws.com` to the streams of log groups",
                    attribute="arn",
                    related=(*(p.origins[0] for p in admitting), aim.address),
                )


def rule_without_target(graph: Graph) -> Iterator[Hit]:
    """A rule that starts nothing."""
    if graph.has_remote_modules or graph.tree.incomplete:
        return
    for rule in graph.of_type("aws_cloudwatch_event_rule"):
        if any(type_of(r.source) == "aws_cloudwatch_metric_alarm" for r in graph.incoming.get(rule.address, ())):
            continue  # it is there to be counted
        if not any(_may_be_of(graph, target, rule) for target in graph.of_type("aws_cloudwatch_event_target")):
            yield Hit(
                rule.address,
                f"{code(rule.address)} has no target: its events start nothing.",
                f"an `aws_cloudwatch_event_target` refers to {code(rule.address)}",
            )


def _may_be_of(graph: Graph, target: Declaration, rule: Declaration) -> bool:
    """Whether a target may be that of a rule: it leads to it, has the name that the rule has, or nobody knows what it names."""
    if any(r.target == rule.address for r in graph.outgoing.get(target.address, ())):
        return True
    named, found = target.block.value("rule"), graph.targets(target.block.value("rule"), target.module)
    if rule in found or named == rule.block.value("name"):
        return True
    names = (graph.constant(named, target.module), graph.argument(rule, "name"))
    return names[0] == names[1] if isinstance(names[0], str) and isinstance(names[1], str) else not found


RULES = (
    Rule(
        "RG361",
        "event-schedule-invalid",
        "Invalid schedule expression",
        Category.BLOCKER,
        Severity.HIGH,
        bad_schedule,
        _DOCS + "eb-scheduled-rule-pattern.html",
        fix_class="C",
        stage=Stage.APPLY,
        message="ValidationException: Parameter ScheduleExpression is not valid.",
        impact=(("Deployment", "What carries the schedule cannot be created."),),
        lesson="EventBridge's cron has six fields with `?` for one of the days; in rules the unit of a rate agrees with its number.",
        advice="Correct the expression.",
    ),
    Rule(
        "RG362",
        "event-service-on-custom-bus",
        "Rule for AWS events on a custom bus",
        Category.CRITICAL,
        Severity.HIGH,
        service_on_custom_bus,
        _DOCS + "eb-event-bus.html",
        fix_class="C",
        stage=Stage.RUNTIME,
        impact=(("Function", "The rule never matches, and nothing that hangs on it ever runs."),),
        lesson="AWS services publish to the account's default bus; custom buses carry the events of one's own applications.",
        advice="Remove `event_bus_name` from rule and targets.",
    ),
    Rule(
        "RG363",
        "event-pattern-without-lists",
        "Event pattern with single values",
        Category.BLOCKER,
        Severity.HIGH,
        pattern_shape,
        _DOCS + "eb-event-patterns.html",
        fix_class="C",
        stage=Stage.APPLY,
        message=_INVALID,
        impact=(("Deployment", "The rule cannot be created."),),
        lesson="The values of an event pattern are lists of what may match.",
        advice="Put the values into lists.",
    ),
    Rule(
        "RG364",
        "event-pattern-unknown-field",
        "Event pattern with a field that events do not have",
        Category.CRITICAL,
        Severity.HIGH,
        unknown_field,
        _DOCS + "eb-events-structure.html",
        fix_class="C",
        stage=Stage.RUNTIME,
        impact=(("Function", "The rule never matches, and nothing that hangs on it ever runs."),),
        lesson="A pattern mirrors the event: everything particular stands below `detail`.",
        advice="Use the fields of the event; `detail-type` is written with a hyphen.",
    ),
    Rule(
        "RG365",
        "event-from-dynamodb-stream",
        "Rule waits for DynamoDB stream events",
        Category.CRITICAL,
        Severity.HIGH,
        stream_events,
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The rule never matches, and nothing that hangs on it ever runs."),),
        lesson="Streams are read: by an event source mapping or by a pipe, which can put records on a bus.",
        advice="Read the stream with `aws_lambda_event_source_mapping` or `aws_pipes_pipe`.",
    ),
    Rule(
        "RG366",
        "event-target-without-role",
        "Event target without the role it needs",
        Category.BLOCKER,
        Severity.HIGH,
        target_without_role,
        _DOCS + "eb-use-identity-based.html",
        fix_class="A",
        stage=Stage.APPLY,
        message="ValidationException: RoleArn is required for target",
        impact=(("Deployment", "The target is refused."),),
        lesson="EventBridge starts state machines, tasks and streams with a role, functions and queues by their own policies.",
        advice="Set `role_arn` to a role for `events.amazonaws.com` with the action on the target.",
    ),
    Rule(
        "RG367",
        "event-target-role-lacks",
        "Role of an event target cannot start it",
        Category.CRITICAL,
        Severity.HIGH,
        target_role_lacks,
        _DOCS + "eb-use-identity-based.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Every invocation of the target fails."),),
        lesson="Trust lets EventBridge take the role; only a policy lets the role start the target.",
        advice="Add a statement with the action on the target to the role.",
        cures=GRANTS,
    ),
    Rule(
        "RG368",
        "event-log-group-closed",
        "Log group as event target that no resource policy opens",
        Category.CRITICAL,
        Severity.HIGH,
        log_group_closed,
        _DOCS + "eb-use-resource-based.html",
        stage=Stage.RUNTIME,
        impact=(("Audit", "Where the account has no such policy, the events are recorded nowhere."),),
        lesson="The console writes the resource policy for log groups; Terraform does only what is declared.",
        advice="Let an `aws_cloudwatch_log_resource_policy` admit `events.amazonaws.com` and `delivery.logs.amazonaws.com` to the ARN of the "
        "group with `:*` behind it.",
        cures=("aws_cloudwatch_log_resource_policy",),
    ),
    Rule(
        "RG369",
        "event-rule-without-target",
        "Event rule without a target",
        Category.CRITICAL,
        Severity.HIGH,
        rule_without_target,
        _DOCS + "eb-targets.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "What the rule was written for never happens."),),
        lesson="A rule selects events; only a target does something with them.",
        advice="Add an `aws_cloudwatch_event_target`.",
        cures=("aws_cloudwatch_event_target",),
    ),
)
