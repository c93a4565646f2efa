"""RG332 to RG335: what the roles of Lambda functions lack."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from reviewgen import hcl
from reviewgen.model.hcl import Attr, Expression, Object
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import left_out
from reviewgen.terraform.policies.statements import Statement

from ...base import Hit, Rule
from ...invocations import functions_named
from ...packages import package
from ...places import code, listed, type_of
from ...rights import GRANTS, may, may_admit, may_touch, role_of

# Conditions that hold for requests which do not come through an endpoint: negated ones hold where the key is missing.
_NOT_FROM_NETWORK = [[(test, f"aws:{key}")] for test in ("stringnotequals", "stringnotlike") for key in ("sourcevpc", "sourcevpce")]
_FROM_OUTSIDE = "Leave the actions on network interfaces out of the statement that denies what does not come from a network: Lambda makes these calls itself."

_DOCS = "https://docs.aws.amazon.com/lambda/latest/dg/"
# What Lambda needs to read a source, by the type of the source.
_READING = {
    "aws_sqs_queue": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "aws_dynamodb_table": ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"),
    "aws_kinesis_stream": ("kinesis:GetRecords", "kinesis:GetShardIterator"),
}
_ONCE = " as soon as it is given subnets, of which it has none by default"
_ONCE_ALL = " as soon as they are given subnets, of which they have none by default"
_NO_INTERFACES = (
    "InvalidParameterValueException: The provided execution role does not have permissions to call CreateNetworkInterface on EC2"
)
# Where it is told what becomes of batches that a mapping gives up.
_GIVEN_UP = {"aws_dynamodb_table": "services-dynamodb-errors.html", "aws_kinesis_stream": "kinesis-on-failure-destination.html"}
_SENDING = {"aws_sqs_queue": "sqs:SendMessage", "aws_sns_topic": "sns:Publish"}
# IAM's name of the service behind a resource that a function is told of.
_SERVICES = {
    "aws_sqs_queue": "sqs", "aws_sns_topic": "sns", "aws_dynamodb_table": "dynamodb", "aws_secretsmanager_secret": "secretsmanager",
    "aws_s3_bucket": "s3", "aws_sfn_state_machine": "states", "aws_kinesis_stream": "kinesis", "aws_ssm_parameter": "ssm",
}  # fmt: skip


def _with_role(graph: Graph) -> Iterator[tuple[Declaration, Declaration]]:
    for function in graph.of_type("aws_lambda_function"):
        role = role_of(graph, function, "role")
        if role is not None:
            yield function, role


def no_interfaces(graph: Graph) -> Iterator[Hit]:
    """Functions in a VPC, or with subnets that a default leaves out, whose role may not create network interfaces."""
    attached: dict[str, list[Declaration]] = {}
    roles = {}
    for function, role in _with_role(graph):
        if any("subnet_ids" in b.attributes for b in function.block.nested("vpc_config")):
            roles[role.address] = role
            attached.setdefault(role.address, []).append(function)
    for address, every in attached.items():
        role = roles[address]
        if may(graph, role, "ec2:CreateNetworkInterface") is False:
            at_once = [f for f in every if graph.argument(f, "vpc_config", "subnet_ids") != []]
            functions = at_once or every
            # Lambda attaches a function without subnets to nothing, and asks for no right.
            once = "" if at_once else _ONCE if len(every) == 1 else _ONCE_ALL
            yield Hit(
                address,
                f"{listed([f.address for f in functions])} {'is' if len(functions) == 1 else 'are'} attached to a VPC{once}, but {code(address)} "
                "may not create network interfaces (`ec2:CreateNetworkInterface`).",
                f"{code(address)} may create network interfaces",
                related=(*(f"{f.address}.vpc_config" for f in functions), *_grants(graph, role)),
                further=_FROM_OUTSIDE if any(_denies_from_outside(s) for s in graph.policies.of_role(role).statements) else "",
                message=_NO_INTERFACES if at_once else "",
                impact=() if at_once else (("Deployment", "As soon as there are subnets, the function cannot be created or changed."),),
            )


def _denies_from_outside(statement: Statement) -> bool:
    """Whether a statement certainly denies the interfaces to requests that do not come from a network, which have no such key."""
    denies = statement.effect == "Deny" and statement.certain and statement.names("ec2:CreateNetworkInterface") is True
    conditions = [(c.test.lower(), c.variable.lower()) for c in statement.conditions]
    return denies and any(r.text == "*" for r in statement.resources) and conditions in _NOT_FROM_NETWORK


def _grants(graph: Graph, role: Declaration) -> tuple[str, ...]:
    return graph.policies.of_role(role).origins[:3]


def dead_letters_refused(graph: Graph) -> Iterator[Hit]:
    """A dead letter target, or the destination of what an event source mapping gives up, to which the role may not send."""
    roles = {}
    for function, role in _with_role(graph):
        roles[function.address] = role
        for block in function.block.nested("dead_letter_config") if not left_out(graph, function, "dead_letter_config") else ():
            for target, action in _unsent(graph, role, block.value("target_arn"), function.module):
                yield _unsendable(graph, role, target, action, f"{function.address}.dead_letter_config", "dead letter target")
    for mapping in graph.of_type("aws_lambda_event_source_mapping"):
        functions = functions_named(graph, mapping.block.value("function_name"), mapping.module)
        served = [roles[f.address] for f in functions if f.address in roles]
        streams = {t.type for t in graph.targets(mapping.block.value("event_source_arn"), mapping.module)}
        page = next((_GIVEN_UP[t] for t in sorted(streams) if t in _GIVEN_UP), "invocation-eventsourcemapping.html")
        unmade = left_out(graph, mapping, "destination_config")
        for block in mapping.block.nested("destination_config", "on_failure") if not unmade else ():
            for role in served:
                for target, action in _unsent(graph, role, block.value("destination_arn"), mapping.module):
                    place = f"{mapping.address}.destination_config"
                    yield _unsendable(graph, role, target, action, place, "destination of failed batches", page)


def _unsent(graph: Graph, role: Declaration, value: Expression | None, module: str) -> Iterator[tuple[Declaration, str]]:
    """Yield the queues and topics that an argument names and a role may not send to, with the action that it lacks."""
    for target in graph.targets(value, module):
        action = _SENDING.get(target.type)
        if action and may(graph, role, action, target.address) is False and not may_admit(graph, role, target):
            yield target, action


def _unsendable(graph: Graph, role: Declaration, target: Declaration, action: str, place: str, use: str, source: str = "") -> Hit:
    user = graph.owner(place)[0]
    return Hit(
        role.address,
        f"{code(user)} has {code(target.address)} as {use}, but {code(role.address)} lacks `{action}` on it.",
        f"{code(role.address)} allows `{action}` on {code(target.address)}",
        key=target.address,
        title="" if type_of(user) == "aws_lambda_function" else f"Lambda role may not send to the {use}",
        related=(place, target.address, *_grants(graph, role)),
        message="InvalidParameterValueException: The provided execution role does not have permissions to call "
        f"{action.partition(':')[2]} on {action.partition(':')[0].upper()}",
        impact=() if type_of(user) == "aws_lambda_function" else (("Deployment", "The event source mapping cannot be created."),),
        source=source and _DOCS + source,
    )


def source_unreadable(graph: Graph) -> Iterator[Hit]:
    """An event source that the function's role may not read."""
    roles = {function.address: role for function, role in _with_role(graph)}
    for mapping in graph.of_type("aws_lambda_event_source_mapping"):
        functions = [f for f in functions_named(graph, mapping.block.value("function_name"), mapping.module) if f.address in roles]
        sources = [t for t in graph.targets(mapping.block.value("event_source_arn"), mapping.module) if t.type in _READING]
        for function in functions:
            lacking = [(source, _missing(graph, roles[function.address], source)) for source in sources]
            # Of several, a condition chooses one; policies that choose by the same condition are read with one of them only.
            for source, missing in lacking if all(missing for _, missing in lacking) else ():
                yield _unreadable(graph, mapping, source, function, roles[function.address], missing)


def _missing(graph: Graph, role: Declaration, source: Declaration) -> list[str]:
    """Return what a role lacks to read a source, which does not admit it either."""
    missing = [a for a in _READING[source.type] if may(graph, role, a, source.address) is False]
    return missing if missing and not may_admit(graph, role, source) else []


def _unreadable(
    graph: Graph, mapping: Declaration, source: Declaration, function: Declaration, role: Declaration, missing: list[str]
) -> Hit:
    return Hit(
        role.address,
        f"{code(mapping.address)} lets {code(function.address)} read {code(source.address)}, but {code(role.address)} lacks "
        f"{listed(missing)} on it.",
        f"{code(role.address)} allows {listed(missing)} on {code(source.address)}",
        key=source.address,
        related=(mapping.address, function.address, *_grants(graph, role)),
        message=f"InvalidParameterValueException: The provided execution role does not have permissions to call {missing[0].partition(':')[2]} on SQS"
        if source.type == "aws_sqs_queue"
        else "InvalidParameterValueException: Cannot access stream",
    )


def told_but_not_allowed(graph: Graph) -> Iterator[Hit]:
    """A function that is told of a resource which its role may not touch at all."""
    for function, role in _with_role(graph):
        if may(graph, role, "sts:AssumeRole") is not False:
            continue  # with another role it may do what that one may
        for block in function.block.nested("environment"):
            for name, value in _variables(graph, block.value("variables"), function.module):
                for target in graph.targets(value, function.module):
                    service = _SERVICES.get(target.type) if not _is_read_already(value) else None
                    if not service or target.kind != "resource" or may_admit(graph, role, target):
                        continue
                    if may_touch(graph, role, service, target.address) is False and is_read(graph, function, name) is not False:
                        yield _not_allowed(graph, function, role, name, target, service)


# Attributes that say something of a resource for which nobody asks it: the value of a parameter, the names under which a bucket's content is read.
_OF_ITSELF = frozenset(
    ["bucket_domain_name", "bucket_regional_domain_name", "value", "insecure_value", "website_domain", "website_endpoint"]
)


def _is_read_already(value: Expression) -> bool:
    """Whether a variable is given nothing but what Terraform reads, or an address on the web, of a resource."""
    ends = [t.steps[-1] for t in hcl.traversals(value) if t.steps]
    return bool(ends) and all(isinstance(step, Attr) and step.name in _OF_ITSELF for step in ends)


def _variables(graph: Graph, value: Expression | None, module: str) -> Iterator[tuple[str, Expression]]:
    for key, item in value.items if isinstance(value, Object) else ():
        name = graph.constant(key, module)
        if isinstance(name, str):
            yield name, item


# How services that do not say AccessDeniedException word it.
_DENIED = {"s3": "AccessDenied", "sqs": "AccessDenied", "sns": "AuthorizationError"}


def _not_allowed(graph: Graph, function: Declaration, role: Declaration, name: str, target: Declaration, service: str) -> Hit:
    return Hit(
        role.address,
        f"{code(function.address)} is told of {code(target.address)} in its variable {code(name)}, but {code(role.address)} allows no action "
        f"of `{service}` on it.",
        f"{code(role.address)} allows an action of `{service}` on {code(target.address)}",
        message=_DENIED.get(service, "AccessDeniedException") if is_read(graph, function, name) else "",
        key=target.address,
        related=(*_grants(graph, role), f"{function.address}.environment.variables.{name}", target.address),
        absent=(f"actions of `{service}` on {code(target.address)}",),
    )


def is_read(graph: Graph, function: Declaration, name: str) -> bool | None:
    """Whether the code of a function uses a variable, None where its code is not known: nobody is denied what is never asked for.

    What a folder holds beside the delivered files are libraries: the function's own code is there with the file of its handler.
    """
    if graph.argument(function, "package_type") == "Image":
        return _is_in_image(graph, function, name)
    inside = package(graph, function)
    texts = {path: text for path, text in inside.files.items() if text} if inside is not None else {}
    if _uses("\n".join(texts.values()), name):
        return True
    handler = graph.argument(function, "handler")
    is_there = isinstance(handler, str) and any(path.rpartition(".")[0] == handler.rpartition(".")[0] for path in texts)
    return False if is_there else None


# What of an image's folder is code.
_CODE = (".py", ".js", ".mjs", ".cjs", ".ts", ".go", ".rb", ".java")


def _is_in_image(graph: Graph, function: Declaration, name: str) -> bool | None:
    """Whether the code of the one image that is called like a function uses a variable; None where none is, or more than one."""
    homes = {posixpath.dirname(path) for path in graph.files if posixpath.basename(path) == "Dockerfile"}
    words = set(function.name.split("_"))
    own = [home for home in homes if home and posixpath.basename(home) in words]
    texts = [file.text for path, file in graph.files.items() if path.endswith(_CODE) and posixpath.dirname(path) in own]
    return _uses("\n".join(texts), name) if len(own) == 1 and texts else None


# A line that takes a variable of the environment down under a name of the code; with blanks, which arguments of calls do not have.
_TAKEN = re.compile(
    r"\s*(?:(?:export\s+)?(?:const|let|var)\s+)?(?P<own>\w+)(?:\s*:\s*\w[\w.\[\] |]*)?\s+=\s+(?:os\.environ|os\.getenv|getenv|environ|process\.env)\b.*(?<!,)"
)


def _uses(text: str, name: str) -> bool:
    """Whether code does more with a variable than to take it down under a name that it never mentions again."""
    lines = text.split("\n")
    naming = [line for line in lines if name in line]
    taken = [found["own"] for line in naming if (found := _TAKEN.fullmatch(line.rstrip()))]
    if len(taken) < len(naming):
        return True
    return any(re.search(rf"\b{re.escape(own)}\b", line) for own in taken for line in lines if line not in naming)


RULES = (
    Rule(
        "RG332",
        "lambda-vpc-without-interface-rights",
        "Lambda function in a VPC without the right to create network interfaces",
        Category.BLOCKER,
        Severity.CRITICAL,
        no_interfaces,
        _DOCS + "configuration-vpc.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The function cannot be created."),),
        lesson="A function in a VPC gets its network interfaces with its own role.",
        advice="Attach `AWSLambdaVPCAccessExecutionRole` to the role.",
        cures=GRANTS,
    ),
    Rule(
        "RG333",
        "lambda-dead-letter-rights",
        "Lambda role may not send to the dead letter target",
        Category.BLOCKER,
        Severity.HIGH,
        dead_letters_refused,
        _DOCS + "invocation-async-retain-records.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The function cannot be created with that dead letter target."),),
        lesson="Failed events are sent with the function's own role.",
        advice="Allow the role to send to the target.",
        cures=GRANTS,
    ),
    Rule(
        "RG334",
        "lambda-event-source-rights",
        "Lambda role may not read its event source",
        Category.BLOCKER,
        Severity.CRITICAL,
        source_unreadable,
        _DOCS + "invocation-eventsourcemapping.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The event source mapping cannot be created, so nothing of the source reaches the function."),),
        lesson="Lambda polls queues and streams with the role of the function.",
        advice="Allow the actions on the source, or attach the managed execution role for it.",
        cures=GRANTS,
    ),
    Rule(
        "RG335",
        "lambda-resource-without-rights",
        "Lambda function may not use a resource that it is configured with",
        Category.CRITICAL,
        Severity.HIGH,
        told_but_not_allowed,
        _DOCS + "lambda-intro-execution-role.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Whatever the function asks of the resource is denied."),),
        lesson="A name in the environment is no permission: each resource that a function is told of needs a statement in its role.",
        advice="Add a statement for the actions that the code calls, with the resource's ARN.",
        cures=GRANTS,
    ),
)
