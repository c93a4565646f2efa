"""RG337 to RG340, RG359: handlers and hashes of other files, subscriptions that see no event, rotation that changes nothing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from reviewgen.model.hcl import Attr, Call, Expression, Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...packages import archive_of, package, path_of
from ...places import code
from ...values import behind_locals
from .function_packages import SUFFIXES, handler_page, import_error, in_a_layer, module_of

_SUFFIXES = {"python": ".py", "nodejs": ".js", "ruby": ".rb"}


def handler_of_another_file(graph: Graph) -> Iterator[Hit]:
    """A handler in a file that is not delivered, while the source with the package's name is."""
    for function in graph.of_type("aws_lambda_function"):
        path = path_of(graph, function.block.value("filename"), function.module)
        handler, runtime = graph.argument(function, "handler"), graph.argument(function, "runtime")
        if not path or archive_of(graph, function) is not None or not isinstance(handler, str) or not isinstance(runtime, str):
            continue
        suffix = next((s for n, s in _SUFFIXES.items() if runtime.startswith(n)), "")
        stem = posixpath.basename(module_of(handler, runtime)) if "." in handler and not in_a_layer(graph, function) else ""
        package = posixpath.splitext(posixpath.basename(path))[0]
        delivered = {posixpath.basename(p) for p in graph.files}
        endings = next((e for n, e in SUFFIXES.items() if runtime.startswith(n)), ())
        there = any(f"{stem}{ending}" in delivered for ending in (*endings, ".ts", ".mts"))
        if suffix and stem and f"{package}{suffix}" in delivered and stem != package and not there:
            yield Hit(
                function.address,
                f"The handler `{handler}` of {code(function.address)} is looked for in `{stem}{suffix}`, which is nowhere; the source that is "
                f"delivered for `{posixpath.basename(path)}` is `{package}{suffix}`.",
                f"the handler of {code(function.address)} is not looked for in `{stem}{suffix}`, or that is delivered",
                attribute="handler",
                message=import_error(runtime),
                source=handler_page(runtime),
            )


def trail_subscription_of_words(graph: Graph) -> Iterator[Hit]:
    """A subscription filter for lines of words on the log group of a trail, whose events are JSON."""
    groups = {r.target for trail in graph.of_type("aws_cloudtrail") for r in graph.outgoing.get(trail.address, ())}
    for subscription in graph.of_type("aws_cloudwatch_log_subscription_filter"):
        pattern = graph.argument(subscription, "filter_pattern")
        for group in graph.targets(subscription.block.value("log_group_name"), subscription.module):
            if group.address in groups and isinstance(pattern, str) and pattern.strip().startswith("["):
                yield Hit(
                    subscription.address,
                    f"The pattern of {code(subscription.address)} splits lines into words (`[...]`), but CloudTrail writes JSON to "
                    f"{code(group.address)}: it never matches what it is for.",
                    f"the pattern of {code(subscription.address)} does not split lines into words",
                    attribute="filter_pattern",
                    related=(group.address,),
                )


# The list of log events asked of the event itself, of which CloudWatch Logs gives `awslogs` alone.
_UNPACKED = re.compile(r"""\bevent(?:\??\.logEvents\b|\??\.?\[\s*["']logEvents["']\s*\]|\.get\(\s*["']logEvents["'])""")


def log_events_not_unpacked(graph: Graph) -> Iterator[Hit]:
    """A function for the events of a log group whose delivered code reads them as if they came as they are."""
    for subscription in graph.of_type("aws_cloudwatch_log_subscription_filter"):
        for function in graph.targets(subscription.block.value("destination_arn"), subscription.module):
            if function.type != "aws_lambda_function" or "layers" in function.block.attributes or graph.tree.incomplete:
                continue
            # A file of which nothing is known may do it.
            texts = [text or "awslogs" for text in _delivered_code(graph, function)]
            if any(map(_UNPACKED.search, texts)) and not any("awslogs" in text for text in texts):
                yield Hit(
                    subscription.address,
                    f"{code(subscription.address)} gives log events to {code(function.address)}, whose code looks for `logEvents` in the event "
                    "itself. CloudWatch Logs sends them as one text, compressed and in Base64, in `awslogs.data`, which the code does not read.",
                    f"the code to which {code(subscription.address)} gives log events reads `awslogs`",
                    related=(function.address,),
                )


def _delivered_code(graph: Graph, function: Declaration) -> list[str | None]:
    """Return the texts in the package of a function; of one that nothing builds, the only delivered file that has its handler's name."""
    inside = package(graph, function)
    if inside is not None or archive_of(graph, function) is not None:
        return list(inside.files.values()) if inside is not None else []
    handler = graph.argument(function, "handler")
    stem = posixpath.basename(handler.rpartition(".")[0]) if isinstance(handler, str) else ""
    named = [
        f.text for p, f in graph.files.items() if stem and posixpath.basename(p) in {f"{stem}{suffix}" for suffix in _SUFFIXES.values()}
    ]
    return list(named) if len(named) == 1 else []


_HASHES = ("filebase64sha256", "filesha256", "filemd5", "filebase64sha512")


def hash_of_another_file(graph: Graph) -> Iterator[Hit]:
    """A function whose ``source_code_hash`` is that of another package than the one that is deployed."""
    for function in graph.of_type("aws_lambda_function"):
        home = function.module
        deployed = _package_path(graph, function.block.value("filename"), home)
        hashed = _hashed_path(graph, function.block.value("source_code_hash"), home)
        if deployed and hashed and deployed != hashed:
            yield Hit(
                function.address,
                f"{code(function.address)} deploys `{deployed}`, and its `source_code_hash` is the hash of `{hashed}`: whether the code has "
                "changed is told by another file than the one that is deployed.",
                f"the `source_code_hash` of {code(function.address)} is the hash of the file that it deploys",
                attribute="source_code_hash",
                related=(f"{function.address}.filename",),
            )


def _hashed_path(graph: Graph, expr: Expression | None, module: str) -> str | None:
    """Return the package of which an expression is the hash; None where that is not certain, or it is no package."""
    expr, module = behind_locals(graph, expr, module)
    if isinstance(expr, Call) and expr.name in _HASHES and len(expr.args) == 1:
        return _package_path(graph, expr.args[0], module)
    return _package_path(graph, expr, module) if isinstance(expr, Traversal) and _step(expr).startswith("output_") else None


def _package_path(graph: Graph, expr: Expression | None, module: str) -> str | None:
    """Return the path of a package that an expression names: its own text, or the output of an ``archive_file``."""
    expr, module = behind_locals(graph, expr, module)
    path = path_of(graph, expr, module)
    if isinstance(expr, Traversal) and _step(expr).startswith("output_"):
        archive = graph.resolve(expr, module)
        if archive is None or archive.type != "archive_file":
            return None
        path = path_of(graph, archive.block.value("output_path"), archive.module)
    return path if path and path.endswith((".zip", ".jar")) else None


def _step(traversal: Traversal) -> str:
    last = traversal.steps[-1] if traversal.steps else None
    return last.name if isinstance(last, Attr) else ""


# Words without one of which a program reaches nothing outside of itself: the SDK, the network, other programs, other code.
_REACHES = re.compile(
    r"boto|aws-sdk|secretsmanager|http|urllib|requests|socket|fetch|axios|\bnet\b|\btls\b|subprocess|child_process|system|popen|exec|eval|"
    r"import_module|__import__|require\(\s*[^'\"\s]|\bfrom\s+\.|require\(\s*['\"]\.",
    re.IGNORECASE,
)


def rotation_of_nothing(graph: Graph) -> Iterator[Hit]:
    """A rotation whose function, all of its code known, reaches nothing outside of itself."""
    for rotation in graph.of_type("aws_secretsmanager_secret_rotation"):
        for function in graph.targets(rotation.block.value("rotation_lambda_arn"), rotation.module):
            inside = (
                package(graph, function) if function.type == "aws_lambda_function" and "layers" not in function.block.attributes else None
            )
            texts = list(inside.files.values()) if inside is not None and inside.whole else []
            if texts and all(text is not None and text.strip() and not _REACHES.search(text) for text in texts):
                yield Hit(
                    rotation.address,
                    f"{code(rotation.address)} starts {code(function.address)}, whose code reaches neither Secrets Manager nor "
                    "anything else outside of itself.",
                    f"{code(rotation.address)} starts no function whose code reaches nothing outside of itself",
                    attribute="rotation_lambda_arn",
                    related=(function.address, f"{inside.archive.address}.{inside.argument}") if inside is not None else (),
                )


RULES = (
    Rule(
        "RG337",
        "lambda-handler-of-another-file",
        "Lambda handler names a file that does not exist",
        Category.CRITICAL,
        Severity.CRITICAL,
        handler_of_another_file,
        "https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html",
        fix_class="C",
        stage=Stage.RUNTIME,
        # Nothing in the tree builds the package: by which name the source is packed is told by nothing else than its own.
        impact=(("Function", "With the source packed under the name that it has, every invocation fails before the code runs."),),
        lesson="A handler is written as file and function: `file.function`.",
        advice="Name the delivered file in `handler`, or pack it under the name that `handler` gives.",
    ),
    Rule(
        "RG338",
        "trail-subscription-of-words",
        "Subscription filter for words on JSON events of CloudTrail",
        Category.CRITICAL,
        Severity.HIGH,
        trail_subscription_of_words,
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
        fix_class="C",
        stage=Stage.RUNTIME,
        impact=(("Security", "What the filter should report happens unseen."),),
        lesson="The syntax of a filter follows the format of the events: brackets for words, braces for JSON.",
        advice='Write the pattern for JSON: `{ $.eventName = "..." }`.',
    ),
    Rule(
        "RG339",
        "rotation-of-nothing",
        "Function for the rotation of a secret changes nothing",
        Category.CRITICAL,
        Severity.HIGH,
        rotation_of_nothing,
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html",
        fix_class="B",
        stage=Stage.RUNTIME,
        impact=(("Security", "The secret stays what it is, although a schedule for its rotation is there."),),
        lesson="Secrets Manager only starts a rotation: the function makes the new value, sets it where it is used, tests it and makes it current.",
        advice="Use one of the rotation functions that AWS provides for the database, or write the four steps.",
    ),
    Rule(
        "RG340",
        "lambda-hash-of-another-file",
        "Hash of another file than the package that is deployed",
        Category.CRITICAL,
        Severity.MEDIUM,
        hash_of_another_file,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function",
        stage=Stage.RUNTIME,
        impact=(("Operations", "The hash says nothing about the package: it changes, or does not, whatever becomes of the code."),),
        lesson="`source_code_hash` is the hash of the package file itself: by it Terraform tells that there is new code.",
        advice="Take both from one `archive_file`: `output_path` and `output_base64sha256`.",
    ),
    Rule(
        "RG359",
        "log-events-not-unpacked",
        "Function does not unpack the log events that it is given",
        Category.CRITICAL,
        Severity.HIGH,
        log_events_not_unpacked,
        "https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The code sees none of the log events: whatever it is to do about them is not done."),),
        lesson="Each service has its own form of event: that of CloudWatch Logs holds one packed text.",
        advice="Decode `awslogs.data` of the event from Base64, decompress it with gzip, and read `logEvents` of the JSON in it.",
    ),
)
