"""RG371 to RG376: Step Functions, flow log roles, Firehose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reviewgen.hcl import UNKNOWN, text_of, traversals
from reviewgen.model.hcl import Block, Expression
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import copies, nested

from ... import streams
from ...base import Hit, Rule
from ...documents import document
from ...held import before
from ...places import code, listed
from ...rights import GRANTS, may, role_of

_DOCS = "https://docs.aws.amazon.com/step-functions/latest/dg/"
# The first version of the provider that has a definition checked when it plans: hashicorp/terraform-provider-aws#39229.
_ASKING = (5, 67, 0)
_ENDING = ("Choice", "Succeed", "Fail")


def broken_definition(graph: Graph) -> Iterator[Hit]:
    """States that do not exist, and states that neither end nor go on."""
    for machine in graph.of_type("aws_sfn_state_machine"):
        found = document(graph, machine.block.value("definition"), machine.module)
        wrong = list(dict.fromkeys(_wrong(found))) if isinstance(found, dict) else []
        if wrong:
            # The provider asks Step Functions as soon as it knows the text; what exists later leaves it unknown.
            named = graph.targets(machine.block.value("definition"), machine.module)
            planned = not any(target.kind == "resource" for target in named) and not before(graph, _ASKING)
            yield Hit(
                machine.address,
                f"The definition of {code(machine.address)} is not valid: {'; '.join(wrong[:3])}.",
                f"in the definition of {code(machine.address)} every state ends or goes on to one that exists",
                attribute="definition",
                stage=Stage.PLAN if planned else None,
                message="invalid Step Functions State Machine definition: ERROR" if planned else "",
            )


def _wrong(flow: Mapping[str, Any], where: str = "") -> Iterator[str]:
    states = flow.get("States")
    if not isinstance(states, dict) or any(not isinstance(s, dict) for s in states.values()):
        return
    start = flow.get("StartAt")
    if isinstance(start, str) and start not in states:
        yield f"it starts at {code(start)}, which is no state"
    for name, state in states.items():
        for target in _targets(state):
            if target not in states:
                yield f"{code(name)} goes on to {code(target)}, which is no state"
        ends = {"Next", "End"} & set(state)
        kind = state.get("Type", UNKNOWN)
        if isinstance(kind, str) and kind not in _ENDING and not ends:
            yield f"{code(name)} has neither `Next` nor `End`"
        for inner in _inner(state):
            yield from _wrong(inner, name)


def _targets(state: Mapping[str, Any]) -> Iterator[str]:
    rules = [state, *_dicts(state.get("Choices")), *_dicts(state.get("Catch"))]
    for rule in rules:
        if isinstance(rule.get("Next"), str):
            yield rule["Next"]
    if isinstance(state.get("Default"), str):
        yield state["Default"]


def _dicts(value: object) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _inner(state: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from _dicts(state.get("Branches"))
    for name in ("Iterator", "ItemProcessor"):
        if isinstance(state.get(name), dict):
            yield state[name]


# What a state machine may call through its definition, and the action that its role needs.
_CALLS = {
    "aws_lambda_function": "lambda:InvokeFunction",
    "aws_sns_topic": "sns:Publish",
    "aws_sqs_queue": "sqs:SendMessage",
    "aws_sfn_state_machine": "states:StartExecution",
}


def machine_role_lacks(graph: Graph) -> Iterator[Hit]:
    """A state machine that calls what its role may not call."""
    for machine in graph.of_type("aws_sfn_state_machine"):
        role = role_of(graph, machine, "role_arn")
        for target in graph.targets(machine.block.value("definition"), machine.module) if role is not None else ():
            action = _CALLS.get(target.type)
            if not action or target.kind != "resource" or not _may_call(graph, machine, action):
                continue
            if role is not None and may(graph, role, action, target.address) is False:
                yield Hit(
                    role.address,
                    f"The definition of {code(machine.address)} names {code(target.address)}, but {code(role.address)} lacks `{action}` on it.",
                    f"{code(role.address)} allows `{action}` on {code(target.address)}, or {code(machine.address)} does not name that",
                    key=target.address,
                    related=(*graph.policies.of_role(role).origins[:2], f"{machine.address}.definition", target.address),
                )


def _may_call(graph: Graph, machine: Declaration, action: str) -> bool:
    """Whether a definition may call an action: of what is no function it says by which call it uses it, unless that stands in another file."""
    if action == _CALLS["aws_lambda_function"]:
        return True
    text = _written(graph, machine.block.value("definition"), machine.module).lower()
    return action.lower() in text.replace("sfn:", "states:") or "file(" in text


def _written(graph: Graph, expr: Expression | None, module: str, depth: int = 6) -> str:
    """Return the code of an expression, with that of the local values in it."""
    if expr is None or not depth:
        return ""
    named = (target for t in traversals(expr) if (target := graph.resolve(t, module)) is not None and target.attribute is not None)
    behind = (_written(graph, d.attribute.expr, d.module, depth - 1) for d in named if d.attribute is not None)
    return " ".join([text_of(expr), *behind])


def machine_logs_refused(graph: Graph) -> Iterator[Hit]:
    """Logging of a state machine whose role may not set up the delivery."""
    for machine in graph.of_type("aws_sfn_state_machine"):
        on = any(
            graph.constant(b.value("level"), machine.module) in ("ALL", "ERROR", "FATAL")
            for b in machine.block.nested("logging_configuration")
        )
        role = role_of(graph, machine, "role_arn") if on else None
        if role is not None and may(graph, role, "logs:CreateLogDelivery") is False:
            yield Hit(
                role.address,
                f"{code(machine.address)} switches logging on, but {code(role.address)} may not set up log deliveries (`logs:CreateLogDelivery`).",
                f"{code(role.address)} allows `logs:CreateLogDelivery`, or is not the role of a state machine with logging",
                related=(*graph.policies.of_role(role).origins[:2], f"{machine.address}.logging_configuration"),
            )


def flow_log_role_lacks(graph: Graph) -> Iterator[Hit]:
    """A flow log whose role may not write."""
    for log in graph.of_type("aws_flow_log"):
        role = role_of(graph, log, "iam_role_arn")
        groups = [t for n in ("log_destination", "log_group_name") for t in graph.targets(log.block.value(n), log.module)]
        # A log group is where records go by default, also where what names it is not known, or written as another argument.
        unsaid = log.block.value("log_destination_type") is None
        by_default = not groups and (unsaid or graph.argument(log, "log_destination_type") == "cloud-watch-logs")
        known = by_default or any(g.type == "aws_cloudwatch_log_group" for g in groups)
        if role is not None and known:
            missing = [a for a in ("logs:CreateLogStream", "logs:PutLogEvents") if may(graph, role, a) is False]
            if missing:
                yield Hit(
                    role.address,
                    f"{code(log.address)} writes with {code(role.address)}, which lacks {listed(missing)}.",
                    f"{code(role.address)} allows {listed(missing)}",
                    related=(*graph.policies.of_role(role).origins[:2], f"{log.address}.iam_role_arn"),
                    needs=(log.address,),
                )
            elif streams.are_left_out(graph.policies.of_role(role)):
                yield Hit(
                    role.address,
                    f"{code(log.address)} writes with {code(role.address)}, which may write to ARNs of log groups alone: the records go to "
                    f"{streams.LONGER}.",
                    f"{code(role.address)} may write to the streams of log groups",
                    related=(*graph.policies.of_role(role).origins[:2], f"{log.address}.iam_role_arn"),
                    needs=(log.address,),
                )


def small_dynamic_buffer(graph: Graph) -> Iterator[Hit]:
    """Dynamic partitioning with a buffer below 64 MB."""
    for stream in graph.of_type("aws_kinesis_firehose_delivery_stream"):
        for block in stream.block.nested("extended_s3_configuration"):
            on = any(
                graph.constant(b.value("enabled"), stream.module) in (True, "true")
                for b in block.nested("dynamic_partitioning_configuration")
            )
            name = next((n for n in ("buffering_size", "buffer_size") if n in block.attributes), "buffering_size")
            size = graph.constant(block.value(name), stream.module) if name in block.attributes else 5
            if on and isinstance(size, int) and size < 64:
                default = "" if name in block.attributes else " (the default)"
                yield Hit(
                    stream.address,
                    f"{code(stream.address)} partitions dynamically with a buffer of {size} MB{default}; the least is 64.",
                    f"the buffer of {code(stream.address)} is at least 64 MB, or it does not partition dynamically",
                    attribute=f"extended_s3_configuration.{name}",
                )


# The buffer of a delivery in MB where nothing sets it, and the least beside a conversion.
_DEFAULT_BUFFER = 5
_LEAST_BUFFER = 64
# How what is refused is repaired; all else is a buffer.
_ALLOWED = {"compression_format": "Leave `compression_format` at its default."}


def conversion_settings(graph: Graph) -> Iterator[Hit]:
    """A delivery that converts the format of its records, and compresses as well or has a buffer that is too small for it."""
    for stream in graph.of_type("aws_kinesis_firehose_delivery_stream"):
        for block in stream.block.nested("extended_s3_configuration"):
            if not _converts(graph, stream, block):
                continue
            name = next((n for n in ("buffering_size", "buffer_size") if n in block.attributes), "buffering_size")
            size = graph.constant(block.value(name), stream.module) if name in block.attributes else _DEFAULT_BUFFER
            format_ = graph.constant(block.value("compression_format"), stream.module)
            refused: dict[str, str] = {}
            if isinstance(format_, str) and format_ != "UNCOMPRESSED":
                refused["compression_format"] = f"`compression_format` is {code(format_)}, and must be `UNCOMPRESSED`"
            if isinstance(size, int) and size < _LEAST_BUFFER and not list(block.nested("dynamic_partitioning_configuration")):
                default = "" if name in block.attributes else " (the default)"
                refused[name] = f"the buffer has {size} MB{default}, and must have at least {_LEAST_BUFFER}"
            if refused:
                places = [f"extended_s3_configuration.{argument}" for argument in refused]
                yield Hit(
                    stream.address,
                    f"{code(stream.address)} converts the format of its records: with that {'; '.join(refused.values())}.",
                    f"{code(stream.address)} does not convert the format of its records, or compresses nothing and has a buffer of at least "
                    f"{_LEAST_BUFFER} MB",
                    attribute=places[0],
                    related=tuple(f"{stream.address}.{place}" for place in places[1:]),
                    recommendation=Recommendation(
                        " ".join(_ALLOWED.get(argument, f"Set {code(argument)} to {_LEAST_BUFFER} or more.") for argument in refused)
                    ),
                )


def _converts(graph: Graph, stream: Declaration, block: Block) -> bool:
    """Whether a delivery certainly converts the format of its records."""
    found = [pair for scope in copies(graph, stream)[:1] for pair in nested(scope, block, "data_format_conversion_configuration")]
    return bool(found) and all(
        scope.certain and (inner.value("enabled") is None or scope.value(inner.value("enabled")) in (True, "true"))
        for inner, scope in found
    )


RULES = (
    Rule(
        "RG371",
        "state-machine-definition",
        "Invalid state machine definition",
        Category.BLOCKER,
        Severity.CRITICAL,
        broken_definition,
        "https://states-language.net/spec.html",
        stage=Stage.APPLY,
        message="InvalidDefinition: Invalid State Machine Definition",
        impact=(("Deployment", "The state machine cannot be created."),),
        lesson="Each state goes on to a state that exists, or ends.",
        advice="Correct the transitions.",
    ),
    Rule(
        "RG372",
        "state-machine-role-lacks",
        "Role of a state machine may not call what the definition calls",
        Category.CRITICAL,
        Severity.HIGH,
        machine_role_lacks,
        _DOCS + "procedure-create-iam-role.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Executions fail at the first state that makes the call."),),
        lesson="A state machine calls services with its own role.",
        advice="Add the action on the resource to the role.",
        cures=GRANTS,
    ),
    Rule(
        "RG373",
        "state-machine-log-rights",
        "State machine logging without the right to deliver logs",
        Category.BLOCKER,
        Severity.HIGH,
        machine_logs_refused,
        _DOCS + "cw-logs.html",
        stage=Stage.APPLY,
        message="AccessDeniedException: The state machine IAM Role is not authorized to access the Log Destination",
        impact=(("Deployment", "The state machine cannot be created with logging."),),
        lesson="Step Functions delivers logs through vended log deliveries, which the role must be allowed to create.",
        advice="Allow `logs:CreateLogDelivery`, `logs:PutResourcePolicy` and their companions on `*`.",
        cures=GRANTS,
    ),
    Rule(
        "RG464",
        "flow-log-role-lacks",
        "Role of the flow log may not write logs",
        Category.CRITICAL,
        Severity.HIGH,
        flow_log_role_lacks,
        "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
        stage=Stage.RUNTIME,
        impact=(("Audit", "The flow log exists with the status `Access error` and records nothing."),),
        lesson="AWS checks a flow log's role when it writes, not when it is created.",
        advice="Allow the role to create log streams and to put and describe log events, on the ARN of the log group with `:*` behind it.",
        cures=GRANTS,
    ),
    Rule(
        "RG375",
        "firehose-dynamic-buffer",
        "Buffer too small for dynamic partitioning",
        Category.BLOCKER,
        Severity.HIGH,
        small_dynamic_buffer,
        "https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html",
        fix_class="C",
        stage=Stage.APPLY,
        message="InvalidArgumentException: BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.",
        impact=(("Deployment", "The delivery stream cannot be created."),),
        lesson="Each partition is a file of its own, so the buffer must be large.",
        advice="Set `buffering_size` to 64 or more.",
    ),
    Rule(
        "RG376",
        "firehose-conversion-settings",
        "Settings that Firehose refuses beside the conversion of records",
        Category.BLOCKER,
        Severity.HIGH,
        conversion_settings,
        "https://docs.aws.amazon.com/firehose/latest/dev/enable-record-format-conversion.html",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The delivery stream cannot be created."),),
        lesson="Parquet and ORC are compressed inside, and their files need a large buffer.",
        advice="Leave `compression_format` at its default, and set `buffering_size` to 64 or more.",
    ),
)
