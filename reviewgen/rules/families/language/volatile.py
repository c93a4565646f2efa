"""RG6xx: values that no plan knows: they are made anew in every run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from reviewgen.hcl import children, walk
from reviewgen.model.hcl import Attr, Call, Conditional, Expression, Literal, Object, Traversal
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, naming
from reviewgen.terraform.graph import arguments, once

from ... import default_tags
from ...base import Hit, Rule
from ...places import code, listed
from ...values import OF_THE_RUN, ignored
from .moments import refusals

_PAGE = "https://developer.hashicorp.com/terraform/language/functions/{}"
_CALL = re.compile(r"\b(?:timestamp|uuid|bcrypt)\s*\(")
# Arguments that decide when something is done again: a new value in every run is often what is meant there.
_DELIBERATE = ("triggers", "keepers", "triggers_replace", "variables", "input")
# Arguments of which a new value makes a new resource; what gives a type its name in AWS is another.
_NAMES = (
    "name", "name_prefix", "bucket", "bucket_prefix", "identifier", "cluster_identifier", "function_name", "key_name", "replication_group_id",
    "family", "domain_name", "user_name", "role_name",
)  # fmt: skip


# A new value of these changes the resource where it is; found by planning one with provider 5.100.
_RENAMED_IN_PLACE = frozenset(
    [
        ("aws_athena_database", "bucket"), ("aws_config_configuration_recorder_status", "name"), ("aws_db_instance", "identifier"),
        ("aws_launch_template", "key_name"),
        *((kind, "name") for kind in (
            "aws_api_gateway_api_key", "aws_api_gateway_authorizer", "aws_api_gateway_request_validator", "aws_api_gateway_rest_api",
            "aws_api_gateway_usage_plan", "aws_apigatewayv2_api", "aws_apigatewayv2_authorizer", "aws_backup_plan", "aws_cloudfront_key_group",
            "aws_cloudfront_origin_access_control", "aws_cloudfront_response_headers_policy", "aws_cloudwatch_query_definition",
            "aws_codecommit_approval_rule_template", "aws_codedeploy_app", "aws_codestarnotifications_notification_rule",
            "aws_cognito_user_pool_client", "aws_db_proxy", "aws_globalaccelerator_accelerator", "aws_guardduty_threatintelset",
            "aws_iam_group", "aws_iam_user", "aws_organizations_organizational_unit", "aws_organizations_policy", "aws_quicksight_data_source",
            "aws_ram_resource_share", "aws_route53_resolver_endpoint", "aws_route53recoverycontrolconfig_control_panel",
            "aws_route53recoverycontrolconfig_routing_control", "aws_route53recoverycontrolconfig_safety_rule",
            "aws_sagemaker_notebook_instance_lifecycle_configuration", "aws_securityhub_insight", "aws_ssm_maintenance_window",
            "aws_ssm_maintenance_window_task",
        )),
    ]
)  # fmt: skip

# What makes such a value once and keeps it in state.
_KEPT = {"timestamp": "`time_static`", "uuid": "`random_uuid`", "bcrypt": "the `bcrypt_hash` of a `random_password`"}
# What the provider is not told.
_NO_ARGUMENTS = ("lifecycle", "provisioner", "connection")
_SEEN = ("Operations", "Every plan shows a change there, beside which real changes are harder to see.")


@dataclass(frozen=True, slots=True)
class _Source:
    """A call of a volatile function: the declaration that contains it, the argument or key, the function; the format that a moment is written in."""

    declaration: Declaration
    key: str
    function: str
    format: str = ""


def _reached(graph: Graph, expr: Expression, module: str) -> Iterator[Expression]:
    """Yield the parts of an expression that certainly count: of a condition whose outcome is not known neither branch does."""
    yield expr
    for part in _counting(graph, expr, module):
        yield from _reached(graph, part, module)


# How many arguments of a function count in any case; those behind them stand in for what is not there.
_INSTEAD = {"try": 1, "lookup": 2}


def _counting(graph: Graph, expr: Expression, module: str) -> tuple[Expression, ...]:
    """Return the direct parts of an expression that count; what stands in for another value does so only where that is known to be none."""
    if isinstance(expr, Conditional):
        return _branches(graph, expr, module)
    if isinstance(expr, Call) and expr.name in _INSTEAD:
        return expr.args[: _INSTEAD[expr.name]]
    if isinstance(expr, Call) and expr.name == "coalesce":
        empty = next((n for n, part in enumerate(expr.args) if graph.constant(part, module) not in (None, "")), len(expr.args))
        return expr.args[: empty + 1]
    return children(expr)


def _branches(graph: Graph, expr: Conditional, module: str) -> tuple[Expression, ...]:
    value = graph.constant(expr.condition, module)
    decided = expr.yes if value is True else expr.no if value is False else None
    return (expr.condition,) if decided is None else (expr.condition, decided)


def _in_local(graph: Graph, local: Declaration, key: str, seen: frozenset[str]) -> Iterator[_Source]:
    """Yield the volatile calls behind a local value, or behind one key of an object."""
    if local.attribute is None or local.address in seen:
        return
    expr: Expression = local.attribute.expr
    if isinstance(expr, Object):
        for name, value in expr.items:
            word = str(name.value) if isinstance(name, Literal) else ""
            if not key or word == key:
                yield from _behind(graph, value, local, word, seen | {local.address})
        return
    yield from _behind(graph, expr, local, "", seen | {local.address})


def _behind(graph: Graph, expr: Expression, holder: Declaration, key: str, seen: frozenset[str]) -> Iterator[_Source]:
    parts = list(_reached(graph, expr, holder.module))
    for call in parts:
        if isinstance(call, Call) and call.name in OF_THE_RUN:
            yield _Source(holder, key, call.name, _format(parts, call))
    for traversal in parts:
        if not isinstance(traversal, Traversal):
            continue
        target = graph.resolve(traversal, holder.module)
        if target is not None and target.kind == "local":
            step = traversal.steps[1] if len(traversal.steps) > 1 else None
            yield from _in_local(graph, target, step.name if isinstance(step, Attr) else "", seen)


def _format(parts: list[Expression], moment: Call) -> str:
    """Return the format in which a moment is written where it is called; empty where it is not, or where nobody knows the format."""
    for call in parts:
        if (
            isinstance(call, Call)
            and call.name == "formatdate"
            and len(call.args) == 2
            and any(part is moment for part in walk(call.args[1]))
        ):
            return str(call.args[0].value) if isinstance(call.args[0], Literal) else ""
    return ""


# The letters of `formatdate`, the finest unit first: a text is another one as often as its finest part is.
_UNITS = (("s", "second"), ("m", "minute"), ("hH", "hour"), ("A", "half day"), ("DE", "day"), ("M", "month"), ("Y", "year"))
_QUOTED = re.compile(r"'(?:[^']|'')*'")


def _how_often(sources: list[_Source]) -> str:
    """Say of a value how often it is another one; a moment that is written to the day is so every day only."""
    written = [source.format for source in sources if source.function == "timestamp"]
    if not written or len(written) < len(sources) or not all(written):
        return f"calls `{sources[0].function}()`, whose result is only known at apply and differs in every run."
    letters = _QUOTED.sub("", "".join(written))
    unit = next((unit for marks, unit in _UNITS if any(mark in letters for mark in marks)), "")
    often = f"is another one every {unit}" if unit else "is always the same"
    return (
        f"calls `timestamp()`, whose result is only known at apply; in the format {listed(list(dict.fromkeys(written)))} the value {often}."
    )


def _idle(graph: Graph, holder: Declaration) -> bool:
    """Whether a configuration of a provider makes nothing: it has an alias, and no resource and no module asks for it."""
    if holder.kind != "provider" or "alias" not in holder.block.attributes:
        return False
    users = (graph.get(reference.source) for reference in graph.incoming.get(holder.address, ()))
    return not any(user is not None and user.kind in ("resource", "module") for user in users)


@once
def _callers(graph: Graph) -> set[str]:
    """Return the addresses of all that calls a volatile function, itself or through locals; in most trees nothing does."""
    texts = [file.text for file in graph.files.values() if any(name in file.text for name in OF_THE_RUN)]
    if not any(map(_CALL.search, texts)):
        return set()
    found = {d.address for d in graph.tree.declarations.values() if any(_calls(expr) for expr in _expressions(d))}
    left = list(found)
    while left:
        called = graph.get(left.pop())
        if called is not None and called.kind == "local":
            users = {r.source for r in graph.incoming.get(called.address, ())} - found
            found |= users
            left += users
    return found


def _expressions(declaration: Declaration) -> list[Expression]:
    if declaration.attribute is not None:
        return [declaration.attribute.expr]
    return [attribute.expr for _, _, attribute in arguments(declaration.block)]


def _calls(expr: Expression) -> bool:
    """Whether a volatile function is called anywhere in an expression."""
    return any(isinstance(part, Call) and part.name in OF_THE_RUN for part in walk(expr))


def _counts(path: str, expr: Expression) -> bool:
    """Whether an argument says how many instances there are, which is an error and no change where no plan knows it; values of a map may wait."""
    return path == "count" or (path == "for_each" and isinstance(expr, Call) and expr.name == "toset")


@once
def _uses(graph: Graph) -> tuple[tuple[Declaration, str, _Source], ...]:
    """Return (resource or provider, argument path, source) of arguments whose value is new in every run, and which no provider refuses."""
    callers = _callers(graph)
    refused = {(refusal.resource.address, refusal.argument) for refusal in refusals(graph)}
    found = []
    for resource in (d for kind in ("resource", "provider") for d in graph.of_kind(kind) if d.address in callers):
        left_alone = ignored(resource)
        if "all" in left_alone or _idle(graph, resource):
            continue
        for path, _, attribute in arguments(resource.block):
            first = path.split(".")[0]
            if first in left_alone or path.split(".")[-1] in _DELIBERATE or first in _NO_ARGUMENTS:
                continue
            if (resource.address, path) in refused or _counts(path, attribute.expr):
                continue
            found += [(resource, path, source) for source in _behind(graph, attribute.expr, resource, path, frozenset())]
    return tuple(found)


def _is_name(user: Declaration, path: str) -> bool:
    """Whether a new value of an argument makes a new resource."""
    named = path in _NAMES or naming.NAMED.get(user.type) == path
    return named and user.kind == "resource" and (user.type, path) not in _RENAMED_IN_PLACE


def changes_each_plan(graph: Graph) -> Iterator[Hit]:
    """A tag or setting that is made anew in every run, so that each plan shows a change; in default tags apply may refuse the plan, a blocker."""
    found: dict[tuple[str, str], tuple[list[_Source], list[tuple[str, str]]]] = {}
    uses = _uses(graph)
    worse = {(source.declaration.address, source.key) for user, path, source in uses if _is_name(user, path)}
    for user, path, source in uses:
        if not _is_name(user, path) and (source.declaration.address, source.key) not in worse:
            sources, users = found.setdefault((source.declaration.address, source.key), ([], []))
            sources.append(source)
            users.append((user.address, path))
    for sources, users in found.values():
        source, holder = sources[0], sources[0].declaration
        place = f"{code(source.key)} of {code(holder.address)}" if source.key else code(holder.address)
        hit = Hit(
            holder.address,
            f"{place} {_how_often(sources)}{_reach(graph, holder, users)}",
            f"{place} does not depend on `{source.function}()`",
            attribute=source.key,
            recommendation=Recommendation(f"Take the value out, use {_KEPT[source.function]}, or ignore changes of the argument."),
            related=tuple(f"{a}.{p}" for a, p in users if a != holder.address)[:3],
            source=_PAGE.format(source.function),
        )
        providers = frozenset(a for a, p in users if default_tags.of_aws(graph, a, p))
        yield _in_default_tags(graph, hit, providers) if providers else hit


def _in_default_tags(graph: Graph, hit: Hit, providers: frozenset[str]) -> Hit:
    """Return the hit with what such a value does in default tags: there a plan not only shows a change, but may be refused.

    Resources that share the value in tags of their own are made, as those without tags are: what is refused is said of a resource that is
    found, and else of what would be.
    """
    ignoring = frozenset(d.address for d in graph.of_kind("resource") if ignored(d) & {"all", "tags", "tags_all"})
    resource = default_tags.refused(graph, providers, ignoring)
    told = replace(
        hit,
        title="Default tags that no plan knows",
        problem=f"{hit.problem} As long as one default tag is not known, a plan counts on none.",
        impact=(
            _SEEN,
            ("Deployment", "Where a resource has tags of its own and a plan knows them all, apply refuses what is planned for it."),
        ),
        source=default_tags.SOURCE,
        recommendation=Recommendation("Take the value out of the default tags, or hand it in with a variable."),
        group="default tags",
    )
    if not resource:
        return told
    return replace(
        told,
        title="Default tags that no plan knows: apply refuses what is planned",
        problem=f"{told.problem} What is planned for {code(resource)}, which has tags of its own, is refused at apply.",
        message=default_tags.MESSAGE,
        stage=Stage.APPLY,
        category=Category.BLOCKER,
        severity=Severity.HIGH,
        group="refused",
        impact=(("Deployment", "Resources with known tags of their own are neither created nor changed, and neither is what needs them."),),
    )


def _reach(graph: Graph, holder: Declaration, users: list[tuple[str, str]]) -> str:
    """Say what a value reaches; by a provider's default tags, or in a module, it reaches more than what names it."""
    named = [user for a in dict.fromkeys(a for a, _ in users) if a != holder.address and (user := graph.get(a)) is not None]
    resources = [user for user in named if user.kind == "resource"]
    taking = (graph.get(r.source) for r in graph.incoming.get(holder.address, ()))
    further = any(user is not None and user.kind in ("provider", "module") for user in (*named, *taking))
    if resources and further:
        return f" It reaches {listed([user.address for user in resources[:3]])}, among others."
    return f" It reaches {listed([user.address for user in named], 3)}." if named else ""


def replaced_each_apply(graph: Graph) -> Iterator[Hit]:
    """A name that is made anew at every apply: the resource is replaced each time."""
    found: dict[tuple[str, str], tuple[_Source, list[tuple[str, str]]]] = {}
    for user, path, source in _uses(graph):
        if _is_name(user, path):
            found.setdefault((source.declaration.address, source.key), (source, []))[1].append((user.address, path))
    for source, users in found.values():
        holder = source.declaration
        names = list(dict.fromkeys(a for a, _ in users))
        yield Hit(
            holder.address,
            f"The names of {listed(names, 4)} depend on `{source.function}()` in {code(holder.address)}: no plan knows them, "
            "and so every apply replaces the resources.",
            f"{code(holder.address)} does not build names from `{source.function}()`",
            attribute="" if holder.kind == "local" else source.key,
            related=tuple(f"{a}.{p}" for a, p in users if a != holder.address)[:4],
            source=_PAGE.format(source.function),
        )


RULES = (
    Rule(
        "RG611",
        "changes-every-plan",
        "Value that no plan knows: each plan shows a change",
        Category.WARNING,
        Severity.MEDIUM,
        changes_each_plan,
        _PAGE.format("timestamp"),
        fix_class="C",
        stage=Stage.PLAN,
        impact=(_SEEN,),
        lesson="What `timestamp()`, `uuid()` and `bcrypt()` return is made anew in every run; a value that is to stay belongs into state.",
        advice="Take the value out, use `time_static`, or ignore changes of the argument.",
    ),
    Rule(
        "RG612",
        "replaced-every-apply",
        "Names that no plan knows: every apply replaces the resources",
        Category.CRITICAL,
        Severity.CRITICAL,
        replaced_each_apply,
        _PAGE.format("timestamp"),
        stage=Stage.APPLY,
        impact=(
            ("Data", "What the resources hold is destroyed with them, or the destruction fails because they are not empty."),
            ("Operations", "Every apply rebuilds a part of the stack."),
        ),
        lesson="A suffix that is to be generated once comes from `random_id` or `random_string`, which keep their value in state.",
        advice="Use `random_id` or `random_string` for the suffix.",
    ),
)
