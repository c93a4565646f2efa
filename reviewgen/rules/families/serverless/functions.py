"""RG321 to RG323, RG328 and RG329: what Lambda refuses to create or cannot start."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import text_of
from reviewgen.model.hcl import Literal, Object
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import absent_by_default

from ...base import Hit, Rule
from ...places import code, listed, provider, region
from ...tables import rows
from ...values import variable_behind

_DOCS = "https://docs.aws.amazon.com/lambda/latest/dg/"
_REFUSED = (
    "InvalidParameterValueException: The runtime parameter of {} is no longer supported for creating or updating AWS Lambda functions."
)
# The default quota of concurrent executions, and what must stay unreserved.
_CONCURRENCY, _UNRESERVED = 1000, 100


def _functions(graph: Graph) -> list[Declaration]:
    return graph.of_type("aws_lambda_function")


def retired_runtime(graph: Graph) -> Iterator[Hit]:
    """A runtime past its deprecation date."""
    yield from _runtimes(graph, blocked=False)


def blocked_runtime(graph: Graph) -> Iterator[Hit]:
    """A runtime with which Lambda creates no functions any more."""
    yield from _runtimes(graph, blocked=True)


def _runtimes(graph: Graph, *, blocked: bool) -> Iterator[Hit]:
    known = {row["runtime"]: row for row in rows("lambda_runtimes")}
    for function in _functions(graph):
        runtime = graph.argument(function, "runtime")
        row = known.get(runtime) if isinstance(runtime, str) else None
        if row is not None and bool(row.get("blocked")) is blocked:
            tail = "Lambda creates no new functions with it." if blocked else "it gets no security updates any more."
            behind = variable_behind(graph, function, "runtime")
            kept = "".join(f" (the default of {code(v.address)})" for v in _giving(graph, behind, runtime))
            yield Hit(
                function.address,
                f"{code(function.address)} uses `{runtime}`{kept}, which AWS has deprecated since {row['deprecated']}; {tail}",
                f"{code(function.address)} does not use `{runtime}`",
                attribute="runtime",
                related=behind,
                message=_REFUSED.format(runtime) if blocked else "",
                prescribed=runtime,
                recommendation=_OF_GO if runtime.startswith("go") else None,
            )


# Of what is compiled Lambda runs the program itself: there is no later runtime for Go.
_OF_GO = Recommendation(
    "Use `provided.al2023`, with the program as `bootstrap` in the package: Lambda has no runtime of its own for Go any more."
)


def _giving(graph: Graph, defaults: tuple[str, ...], value: str) -> list[Declaration]:
    """Return the variables whose default is a value; where a file of values gives another one, the default is not what is used."""
    variables = [v for place in defaults if (v := graph.get(place.removesuffix(".default"))) is not None]
    return [v for v in variables if isinstance(default := v.block.value("default"), Literal) and default.value == value]


def reserved_variable(graph: Graph) -> Iterator[Hit]:
    """A variable of the environment that Lambda sets itself."""
    reserved = {name for row in rows("lambda_variables") for name in row["names"]}
    for function in _functions(graph):
        for block in function.block.nested("environment"):
            value = block.value("variables")
            keys = [graph.constant(k, function.module) for k, _ in value.items] if isinstance(value, Object) else []
            names = sorted(k for k in keys if isinstance(k, str) and k in reserved)
            if names:
                yield Hit(
                    function.address,
                    f"{code(function.address)} sets {listed(names)} in its environment, which Lambda reserves for itself.",
                    f"{code(function.address)} sets no reserved variable",
                    attribute=f"environment.variables.{names[0]}",
                    message="InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment "
                    f"variables you have provided contains reserved keys that are currently not supported for modification. "
                    f"Reserved keys used in this request: {', '.join(names)}",
                )


def concurrency_over_quota(graph: Graph) -> Iterator[Hit]:
    """Reserved concurrency that the default quota of an account cannot give."""
    if any(graph.argument(q, "service_code") == "lambda" for q in graph.of_type("aws_servicequotas_service_quota")):
        return  # the tree has the quota raised
    found: dict[tuple[str, str], list[tuple[Declaration, int]]] = {}
    for function in _functions(graph):
        if absent_by_default(graph, function):
            continue
        value = graph.argument(function, "reserved_concurrent_executions")
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            found.setdefault((region(graph, function) or provider(function), _account(graph, function)), []).append((function, value))
    for together in found.values():
        total = sum(value for _, value in together)
        for function, value in together if total > _CONCURRENCY - _UNRESERVED else ():
            yield Hit(
                function.address,
                f"{code(function.address)} reserves {value} concurrent executions; together the functions of its region reserve {total}. "
                f"An account has {_CONCURRENCY} by default, of which {_UNRESERVED} must stay unreserved.",
                f"the functions of the region of {code(function.address)} reserve at most {_CONCURRENCY - _UNRESERVED} together",
                attribute="reserved_concurrent_executions",
            )


def _account(graph: Graph, function: Declaration) -> str:
    """Return what tells the account of a function from others: the role or profile of its provider; empty where that names neither."""
    block = graph.get(f"provider.{provider(function)}")
    roles = [b.value("role_arn") for b in block.block.nested("assume_role")] if block is not None else []
    said = [*roles, block.block.value("profile")] if block is not None else []
    return " ".join(text_of(expr) for expr in said if expr is not None)


def provisioned_unpublished(graph: Graph) -> Iterator[Hit]:
    """Provisioned concurrency for a function that publishes no version, or for the version that is not published."""
    for config in graph.of_type("aws_lambda_provisioned_concurrency_config"):
        yield from _latest(graph, config)
        for target in graph.targets(config.block.value("qualifier"), config.module):
            aliases = (
                graph.targets(target.block.value("function_version"), target.module) if target.type == "aws_lambda_alias" else [target]
            )
            for function in (t for t in aliases if t.type == "aws_lambda_function"):
                if "publish" not in function.block.attributes or graph.argument(function, "publish") is False:
                    yield Hit(
                        function.address,
                        f"{code(config.address)} gives provisioned concurrency to a version of {code(function.address)}, which does not "
                        "`publish` versions: its only version is `$LATEST`, which cannot have any.",
                        f"{code(function.address)} sets `publish` to true",
                        attribute="publish",
                        related=(f"{config.address}.qualifier",),
                        needs=(config.address,),
                    )


def _latest(graph: Graph, config: Declaration) -> Iterator[Hit]:
    """Yield what gives provisioned concurrency to ``$LATEST`` by its name; the function is meant, as where it publishes nothing."""
    if graph.argument(config, "qualifier") != "$LATEST":
        return
    function = next((t for t in graph.targets(config.block.value("function_name"), config.module) if t.type == "aws_lambda_function"), None)
    yield Hit(
        (function or config).address,
        f"{code(config.address)} gives provisioned concurrency to `$LATEST`, which cannot have any: it is no published version.",
        f"{code(config.address)} names another version than `$LATEST`",
        attribute="publish" if function else "qualifier",
        related=(f"{config.address}.qualifier",),
        needs=(config.address,),
    )


RULES = (
    Rule(
        "RG321",
        "lambda-runtime-deprecated",
        "Deprecated Lambda runtime",
        Category.WARNING,
        Severity.MEDIUM,
        retired_runtime,
        _DOCS + "lambda-runtimes.html",
        fix_class="C",
        stage=Stage.RUNTIME,
        impact=(("Security", "The runtime gets no security updates, and later on functions with it can be neither created nor changed."),),
        lesson="Runtimes end with the language versions that they contain.",
        advice="Use a supported version of the runtime.",
    ),
    Rule(
        "RG322",
        "lambda-runtime-blocked",
        "Lambda runtime with which no function can be created",
        Category.BLOCKER,
        Severity.CRITICAL,
        blocked_runtime,
        _DOCS + "lambda-runtimes.html",
        fix_class="C",
        stage=Stage.APPLY,
        message=_REFUSED.format("python3.8"),
        impact=(("Deployment", "The function cannot be created."),),
        lesson="Runtimes end with the language versions that they contain.",
        advice="Use a supported version of the runtime.",
    ),
    Rule(
        "RG323",
        "lambda-reserved-variable",
        "Reserved environment variable on a Lambda function",
        Category.BLOCKER,
        Severity.CRITICAL,
        reserved_variable,
        _DOCS + "configuration-envvars.html",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The function cannot be created."),),
        lesson="Lambda sets region, credentials and names of the function itself; code reads them without any configuration.",
        advice="Remove the variable, or give it a name of its own.",
    ),
    Rule(
        "RG328",
        "lambda-concurrency-over-quota",
        "Reserved concurrency exceeds the account's default quota",
        Category.BLOCKER,
        Severity.HIGH,
        concurrency_over_quota,
        _DOCS + "configuration-concurrency.html",
        stage=Stage.APPLY,
        message="InvalidParameterValueException: Specified ReservedConcurrentExecutions for function decreases account's "
        "UnreservedConcurrentExecution below its minimum value",
        impact=(("Deployment", "In an account with the default quota the functions cannot be created as configured."),),
        lesson="Reserved concurrency is taken from one quota for the account and region.",
        advice="Reserve less, or have the quota raised first.",
    ),
    Rule(
        "RG329",
        "lambda-provisioned-unpublished",
        "Provisioned concurrency without a published version",
        Category.BLOCKER,
        Severity.HIGH,
        provisioned_unpublished,
        _DOCS + "provisioned-concurrency.html",
        stage=Stage.APPLY,
        message="InvalidParameterValueException: Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
        impact=(("Deployment", "The provisioned concurrency cannot be configured."),),
        lesson="Provisioned concurrency belongs to a version or an alias of one, never to `$LATEST`.",
        advice="Set `publish = true` on the function, and name its `version` or an alias.",
    ),
)
