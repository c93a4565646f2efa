"""RG341 to RG349: what Lambda reads from, and who may call it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...batches import reports
from ...invocations import calls, functions_named, permissions
from ...packages import package
from ...places import code, is_true, listed

_DOCS = "https://docs.aws.amazon.com/lambda/latest/dg/"
_NOTIFICATION = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_notification"
# Defaults of the provider: time limit of a function, visibility timeout of a queue.
_TIMEOUT, _VISIBILITY = 3, 30
# Callers that the AWS provider itself creates again for a minute (rotations), two (Config rules) or five (subscription filters) while AWS finds the
# permission lacking: `RetryWhen...` in the `Create` of these resources. Which of the two comes first does no harm there.
_REPEATED = frozenset(["aws_secretsmanager_secret_rotation", "aws_config_config_rule", "aws_cloudwatch_log_subscription_filter"])


def _mapped(graph: Graph, type_: str) -> Iterator[tuple[Declaration, Declaration]]:
    """Yield (event source mapping, source) for the sources of one resource type."""
    for mapping in graph.of_type("aws_lambda_event_source_mapping"):
        for source in graph.targets(mapping.block.value("event_source_arn"), mapping.module):
            if source.type == type_ and source.kind == "resource":
                yield mapping, source


def _number(graph: Graph, declaration: Declaration, name: str, default: int) -> int | None:
    if declaration.block.value(name) is None:
        return default
    value: Any = graph.argument(declaration, name)
    value = int(value) if isinstance(value, str) and value.isdigit() else value
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _functions(graph: Graph, mapping: Declaration) -> list[Declaration]:
    return functions_named(graph, mapping.block.value("function_name"), mapping.module)


def visibility_too_short(graph: Graph) -> Iterator[Hit]:
    """A queue that shows a message again while the function still works on it."""
    for mapping, queue in _mapped(graph, "aws_sqs_queue"):
        for function in _functions(graph, mapping):
            visible = _number(graph, queue, "visibility_timeout_seconds", _VISIBILITY)
            limit = _number(graph, function, "timeout", _TIMEOUT)
            if visible is not None and limit is not None and visible < limit:
                default = "" if "visibility_timeout_seconds" in queue.block.attributes else " (the default)"
                yield Hit(
                    queue.address,
                    f"{code(queue.address)} has a visibility timeout of {visible} seconds{default}, shorter than the {limit} seconds that "
                    f"{code(function.address)} may run.",
                    f"the visibility timeout of {code(queue.address)} is at least {limit} seconds",
                    attribute="visibility_timeout_seconds",
                    related=(f"{function.address}.timeout", mapping.address),
                    message=f"InvalidParameterValueException: Queue visibility timeout: {visible} seconds is less than Function timeout: {limit} seconds",
                )


def batches(graph: Graph) -> Iterator[Hit]:
    """Batch sizes and windows that SQS does not take."""
    for mapping, queue in _mapped(graph, "aws_sqs_queue"):
        size = _number(graph, mapping, "batch_size", 10)
        window = _number(graph, mapping, "maximum_batching_window_in_seconds", 0)
        fifo = is_true(graph, queue, "fifo_queue")
        if fifo and window:
            text, argument = (
                f"sets a batching window, which {code(queue.address)} as a FIFO queue does not support",
                "maximum_batching_window_in_seconds",
            )
        elif fifo and size is not None and size > 10:
            text, argument = (
                f"asks for {size} messages at once from the FIFO queue {code(queue.address)}, which gives 10 at most",
                "batch_size",
            )
        elif size is not None and size > 10 and window == 0:
            text, argument = (
                f"asks for {size} messages at once, more than 10, without a batching window",
                "maximum_batching_window_in_seconds",
            )
        else:
            continue
        yield Hit(
            mapping.address,
            f"{code(mapping.address)} {text}.",
            f"{code(mapping.address)} has a batch size and window that the queue supports",
            attribute=argument,
            related=(queue.address,),
        )


def no_start(graph: Graph) -> Iterator[Hit]:
    """A stream without ``starting_position``."""
    for type_ in ("aws_kinesis_stream", "aws_dynamodb_table"):
        for mapping, source in _mapped(graph, type_):
            if "starting_position" not in mapping.block.attributes:
                yield Hit(
                    mapping.address,
                    f"{code(mapping.address)} reads the stream of {code(source.address)} and does not say where to start.",
                    f"{code(mapping.address)} sets `starting_position`",
                    attribute="starting_position",
                    related=(source.address,),
                )


def stream_off(graph: Graph) -> Iterator[Hit]:
    """A mapping for a table whose stream is not switched on."""
    for mapping, table in _mapped(graph, "aws_dynamodb_table"):
        value = table.block.value("stream_enabled")
        if value is None or graph.constant(value, table.module) in (False, "false"):
            yield Hit(
                table.address,
                f"{code(mapping.address)} reads the stream of {code(table.address)}, which has none: `stream_enabled` is not true.",
                f"{code(table.address)} sets `stream_enabled` to true",
                attribute="stream_enabled",
                related=(f"{mapping.address}.event_source_arn",),
            )


def failures_swallowed(graph: Graph) -> Iterator[Hit]:
    """Code that reports failed items of a batch to a mapping that does not listen."""
    for mapping in graph.of_type("aws_lambda_event_source_mapping"):
        for function in _functions(graph, mapping):
            inside = package(graph, function)
            reported = inside is not None and any(reports(text) for text in inside.files.values() if text)
            if reported and inside is not None and "function_response_types" not in mapping.block.attributes:
                yield Hit(
                    mapping.address,
                    f"The code of {code(function.address)} returns `batchItemFailures`, but {code(mapping.address)} does not set "
                    '`function_response_types = ["ReportBatchItemFailures"]`: the answer is ignored, and when the handler returns the whole batch '
                    "counts as done.",
                    f"{code(mapping.address)} sets `function_response_types`",
                    attribute="function_response_types",
                    related=(function.address, f"{inside.archive.address}.{inside.argument}"),
                    source=_batches_of(graph, mapping),
                )


# What Lambda says of partial batches, by the type of the source; of queues it is the rule's own source.
_PARTIAL = {
    "aws_kinesis_stream": "services-kinesis-batchfailurereporting.html",
    "aws_dynamodb_table": "services-ddb-batchfailurereporting.html",
}


def _batches_of(graph: Graph, mapping: Declaration) -> str:
    types = [t.type for t in graph.targets(mapping.block.value("event_source_arn"), mapping.module)]
    return next((_DOCS + _PARTIAL[t] for t in types if t in _PARTIAL), "")


def not_permitted(graph: Graph) -> Iterator[Hit]:
    """A caller that the function's policy does not admit, which shows at the first event."""
    yield from _refused(graph, checked=False)


def refused_at_once(graph: Graph) -> Iterator[Hit]:
    """A caller that the function's policy does not admit, which AWS checks when the caller is created."""
    yield from _refused(graph, checked=True)


def _refused(graph: Graph, *, checked: bool) -> Iterator[Hit]:
    seen: set[tuple[str, str]] = set()
    for call in calls(graph):
        key = (call.function.address, call.principal)
        if call.checked is checked and key not in seen and permissions(graph, call) == []:
            seen.add(key)
            yield Hit(
                call.caller.address,
                f"{code(call.caller.address)} lets {call.service} invoke {code(call.function.address)}, but no `aws_lambda_permission` allows "
                f"`{call.principal}` to do so.",
                f"an `aws_lambda_permission` lets `{call.principal}` invoke {code(call.function.address)}",
                attribute=call.argument,
                key=call.function.address,
                related=(call.function.address,),
            )


def permission_too_late(graph: Graph) -> Iterator[Hit]:
    """A caller whose permission AWS checks at creation, once, and that does not wait for it."""
    for call in calls(graph):
        found = permissions(graph, call) if call.checked and call.caller.type not in _REPEATED else None
        if found and not _follows(graph, call.caller, found):
            yield Hit(
                call.caller.address,
                f"{code(call.caller.address)} does not depend on {listed([p.address for p in found])}, which allows {call.service} to invoke "
                f"{code(call.function.address)}. {call.service} checks that when it is told of the function; Terraform may create both at once.",
                f"{code(call.caller.address)} depends on {listed([p.address for p in found])}",
                attribute="depends_on",
                key=call.function.address,
                related=tuple(p.address for p in found),
                source=_NOTIFICATION if call.caller.type == "aws_s3_bucket_notification" else "",
            )


def _follows(graph: Graph, caller: Declaration, permissions: list[Declaration]) -> bool:
    """Whether a caller refers to one of some permissions, directly or through what it refers to, or lives in another module than one."""
    wanted = {permission.address for permission in permissions}
    if any(permission.module != caller.module for permission in permissions):
        return True
    seen, queue = {caller.address}, [caller.address]
    while queue:
        for reference in graph.outgoing.get(queue.pop(), ()):
            if reference.target in wanted:
                return True
            if reference.target not in seen:
                seen.add(reference.target)
                queue.append(reference.target)
    return False


RULES = (
    Rule(
        "RG341",
        "sqs-visibility-below-timeout",
        "Visibility timeout of the queue is shorter than the function's time limit",
        Category.BLOCKER,
        Severity.CRITICAL,
        visibility_too_short,
        _DOCS + "services-sqs-configure.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The event source mapping is refused."),),
        lesson="A message must stay invisible for as long as the function may work on it; AWS advises six times that long.",
        advice="Set the visibility timeout to six times the function's time limit.",
    ),
    Rule(
        "RG342",
        "event-source-batch",
        "Batch size or window that the queue does not support",
        Category.BLOCKER,
        Severity.HIGH,
        batches,
        _DOCS + "services-sqs-parameters.html",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The event source mapping is refused."),),
        lesson="More than ten messages at once need a batching window, and FIFO queues have neither.",
        advice="Take at most 10 messages from a FIFO queue without a window; set a window of a second or more for larger batches.",
    ),
    Rule(
        "RG343",
        "event-source-without-start",
        "Stream mapping without a starting position",
        Category.BLOCKER,
        Severity.HIGH,
        no_start,
        _DOCS + "with-kinesis.html",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The event source mapping is refused."),),
        lesson="A stream keeps old records: a reader says whether it wants them.",
        advice='Set `starting_position = "LATEST"` or `"TRIM_HORIZON"`.',
    ),
    Rule(
        "RG344",
        "event-source-stream-off",
        "Event source mapping for a table without a stream",
        Category.BLOCKER,
        Severity.CRITICAL,
        stream_off,
        _DOCS + "with-ddb.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The table has no stream ARN, so the mapping cannot be created."),),
        lesson="DynamoDB writes a stream only for tables that switch it on.",
        advice="Set `stream_enabled` and `stream_view_type` on the table.",
    ),
    Rule(
        "RG345",
        "batch-failures-not-reported",
        "Partial batch failures are ignored",
        Category.CRITICAL,
        Severity.HIGH,
        failures_swallowed,
        _DOCS + "services-sqs-errorhandling.html",
        stage=Stage.RUNTIME,
        impact=(
            (
                "Data",
                "Items that failed count as processed whenever the handler returns: they are not tried again and reach no dead letter queue.",
            ),
        ),
        lesson="`batchItemFailures` has a meaning only for mappings that report item failures.",
        advice='Set `function_response_types = ["ReportBatchItemFailures"]`.',
    ),
    Rule(
        "RG346",
        "lambda-invoker-not-permitted",
        "Service is told to invoke a function that it may not invoke",
        Category.CRITICAL,
        Severity.HIGH,
        not_permitted,
        _DOCS + "access-control-resource-based.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "The service's calls are refused: its events are lost or answered with an error."),),
        lesson="A function has a policy of its own that names who may invoke it; a reference to the function is no permission.",
        advice="Add an `aws_lambda_permission` for the service, limited by `source_arn`.",
        cures=("aws_lambda_permission",),
    ),
    Rule(
        "RG347",
        "lambda-invoker-refused",
        "Service refuses a function that it may not invoke",
        Category.BLOCKER,
        Severity.CRITICAL,
        refused_at_once,
        _DOCS + "access-control-resource-based.html",
        fix_class="A",
        stage=Stage.APPLY,
        impact=(("Deployment", "The service checks the permission when it is told of the function, and the apply fails."),),
        lesson="A function has a policy of its own that names who may invoke it; a reference to the function is no permission.",
        advice="Add an `aws_lambda_permission` for the service, limited by `source_arn`, and let the caller depend on it.",
        cures=("aws_lambda_permission",),
    ),
    Rule(
        "RG348",
        "lambda-permission-too-late",
        "Caller does not wait for the permission to invoke the function",
        Category.CRITICAL,
        Severity.MEDIUM,
        permission_too_late,
        "https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The first apply fails whenever the caller happens to be created before the permission."),),
        lesson="What Terraform cannot see in references it must be told with `depends_on`.",
        advice="Add `depends_on` with the permission to the caller.",
    ),
)
