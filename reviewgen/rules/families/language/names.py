"""RG6xx: names that AWS refuses, by arithmetic on their parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reviewgen.hcl import children, traversals
from reviewgen.model.hcl import Attr, Call, Expression, Traversal
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments, once
from reviewgen.terraform.instances import certain, chosen, exemplified

from ... import tables
from ...base import Hit, Rule
from ...buckets import is_placeholder
from ...places import code, listed
from ...texts import Piece, known, least, pieces
from ...values import default_behind, given_for_plan, known_at, may_be_given, variable_behind

_RDS_API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference"


@once
def _names(graph: Graph) -> tuple[tuple[Mapping[str, Any], Declaration, tuple[Piece, ...]], ...]:
    """Return (row of limits, resource, parts of its name)."""
    return tuple(
        (row, resource, pieces(graph, expr, resource.module))
        for row in tables.rows("name_limits")
        for resource in graph.of_type(row["type"])
        if (expr := resource.block.value(row["argument"])) is not None
    )


def _shown(parts: tuple[Piece, ...]) -> str:
    """Return a name with its gaps: ``shop-<8 characters>-alb``; of a gap without a known length only ``<unknown>``."""
    return "".join(p.text if p.text is not None else "<" + (f"{p.least} characters" if p.least else "unknown") + ">" for p in parts)


def too_long(graph: Graph) -> Iterator[Hit]:
    """A name whose known parts are longer than AWS allows, variables at their defaults or as a delivered file of values has them."""
    yield from _planned_first(_too_long(graph))


def _planned_first(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits with those first that a plan refuses."""
    return sorted(hits, key=lambda hit: hit.stage is Stage.APPLY)


def _too_long(graph: Graph) -> Iterator[Hit]:
    for row, resource, parts in _names(graph):
        if least(parts) > row["most"]:
            yield Hit(
                resource.address,
                f"The `{row['argument']}` of {code(resource.address)} is {_length(row, parts)}",
                f"{code(resource.address)} has a `{row['argument']}` of at most {row['most']} characters",
                attribute=row["argument"],
                related=variable_behind(graph, resource, row["argument"]),
                stage=_later(graph, resource, row, "most"),
                source=row["source"],
            )
    yield from _with_a_file(graph)


def _with_a_file(graph: Graph) -> Iterator[Hit]:
    """Names that are too long only with values that the tree delivers in a file for ``-var-file``."""
    places: dict[tuple[str, str], list[tuple[str, Mapping[str, Any], tuple[Piece, ...]]]] = {}
    short = {(resource.address, row["argument"]) for row, resource, parts in _names(graph) if least(parts) <= row["most"]}
    for path, given in (*chosen(graph), *exemplified(graph)) if short else ():
        for row, resource, parts in _names(given):
            place = resource.address, row["argument"]
            if least(parts) > row["most"] and place in short and certain(given, resource) and not _is_open(path, parts):
                places.setdefault(place, []).append((path, row, parts))
    for (address, argument), ((path, row, parts), *others) in places.items():
        further = f" So it is with {listed([other for other, _, _ in others])}." if others else ""
        yield Hit(
            address,
            f"With the values of {code(path)} the `{argument}` of {code(address)} is {_length(row, parts)}{further}",
            f"{code(address)} has a `{argument}` of at most {row['most']} characters with each delivered file of values",
            attribute=argument,
            stage=_later(graph, graph.tree.declarations[address], row, "most"),
            source=row["source"],
        )


def _is_open(path: str, parts: tuple[Piece, ...]) -> bool:
    """Whether an example leaves a part of a name to whoever copies it."""
    return not path.endswith(".tfvars") and is_placeholder(known(parts))


def _length(row: Mapping[str, Any], parts: tuple[Piece, ...]) -> str:
    """Say what a name is and how long."""
    at_least = "at least " if any(p.text is None for p in parts) else ""
    return f"{code(_shown(parts))}: {at_least}{least(parts)} characters where {row['most']} are allowed."


def _later(graph: Graph, resource: Declaration, row: Mapping[str, Any], limit: str) -> Stage | None:
    """Return the stage at which a name is refused where that is later than the plan.

    What is generated is known when it has been created, and what the provider lets pass AWS refuses.
    """
    late = limit in row.get("late", ()) or known_at(graph, resource, row["argument"]) is Stage.APPLY
    return Stage.APPLY if late else None


def hyphen_at_edge(graph: Graph) -> Iterator[Hit]:
    """A name that begins or ends with a hyphen because a part beside it is empty."""
    yield from _planned_first(_hyphen_at_edge(graph))


def _hyphen_at_edge(graph: Graph) -> Iterator[Hit]:
    for row, resource, parts in _names(graph):
        name = "".join(p.text if p.text is not None else "\0" for p in parts)
        if row.get("edges") and name and (name.endswith("-") or name.startswith("-")):
            empty = [t for t in _variables(graph, resource, row["argument"]) if graph.constant(t.block.value("default"), t.module) == ""]
            yield Hit(
                resource.address,
                f"The `{row['argument']}` of {code(resource.address)} is {code(_shown(parts))}"
                + (f" as long as {code(empty[0].address)} is empty, its default" if empty else "")
                + ": it begins or ends with a hyphen, which AWS does not accept there.",
                f"{code(resource.address)} has a `{row['argument']}` without a hyphen at its edges",
                attribute=row["argument"],
                related=tuple(f"{v.address}.default" for v in empty),
                stage=_later(graph, resource, row, "edges"),
                source=row["source"],
                impact=() if empty else (("Deployment", "The resource is refused, and what depends on it is not created."),),
                recommendation=None if empty else Recommendation("Let the name begin with a letter and end with a letter or a digit."),
            )


def _variables(graph: Graph, resource: Declaration, argument: str) -> Iterator[Declaration]:
    expr = resource.block.value(argument)
    for traversal in traversals(expr) if expr is not None else ():
        target = graph.resolve(traversal, resource.module)
        if target is not None and target.kind == "variable":
            yield target


def upper_case(graph: Graph) -> Iterator[Hit]:
    """A name with upper-case letters where AWS takes lower case only; what is refused first comes first."""
    yield from sorted(_upper_case(graph), key=lambda hit: _ORDER.index(hit.stage))


_ORDER = (Stage.VALIDATE, Stage.PLAN, Stage.APPLY, None)


def _upper_case(graph: Graph) -> Iterator[Hit]:
    for row, resource, parts in _names(graph):
        found = re.search(r"[A-Z]+", known(parts)) if row.get("lower") else None
        if found:
            yield Hit(
                resource.address,
                f"The `{row['argument']}` of {code(resource.address)} is {code(_shown(parts))}: it holds the upper-case {code(found[0])}, "
                "and only lower-case letters are accepted.",
                f"{code(resource.address)} has a `{row['argument']}` in lower case",
                attribute=row["argument"],
                related=tuple(
                    f"{v.address}.default" for v in _variables(graph, resource, row["argument"]) if _may_bring_upper_case(graph, v)
                )[:2],
                message=row.get("refusal", ""),
                stage=_refused(graph, resource, row, parts),
                source=row["source"],
            )


def _may_bring_upper_case(graph: Graph, variable: Declaration) -> bool:
    """Whether the upper case of a name may come from a variable: one with a default in lower case brings none into it."""
    value = graph.constant(variable.block.value("default"), variable.module)
    return not isinstance(value, str) or value != value.lower()


def _refused(graph: Graph, resource: Declaration, row: Mapping[str, Any], parts: tuple[Piece, ...]) -> Stage | None:
    """Return where the provider itself refuses a name; None where it leaves that to AWS, or may get to know the name too late."""
    if "refusal" not in row:
        return None
    stage = known_at(graph, resource, row["argument"])
    late = stage is Stage.PLAN and any(p.text is None for p in parts)
    return None if late and not given_for_plan(graph, resource.block.value(row["argument"]), resource.module) else stage


# What gives a database its name, and the name of that parameter of RDS; a copy of another database has the names that are in it.
_DATABASES = (("aws_db_instance", "db_name", "DBName"), ("aws_rds_cluster", "database_name", "DatabaseName"))
_COPIES = ("snapshot_identifier", "replicate_source_db", "replication_source_identifier")
# Engines for which RDS documents letters, digits and underscores, of which the first is a letter.
_ENGINES = ("aurora", "mysql", "mariadb", "postgres")


def database_characters(graph: Graph) -> Iterator[Hit]:
    """A first database whose name holds a hyphen or another character that RDS refuses, or begins with none of letters."""
    for type_, argument, parameter in _DATABASES:
        for database in graph.of_type(type_):
            expr, engine = database.block.value(argument), graph.argument(database, "engine")
            copied = any(c in database.block.attributes for c in _COPIES) or any(database.block.nested("restore_to_point_in_time"))
            if expr is None or copied or not isinstance(engine, str) or not engine.startswith(_ENGINES):
                continue
            parts = pieces(graph, expr, database.module)
            wrong = re.search(r"[^A-Za-z0-9_]", known(parts)) or re.match(r"[^A-Za-z]", parts[0].text or "")
            if wrong and not any(wrong[0] in str(value) for value in may_be_given(graph, expr, database.module).values()):
                place = "hold" if re.search(r"[^A-Za-z0-9_]", wrong[0]) else "begin with"
                yield Hit(
                    database.address,
                    f"The `{argument}` of {code(database.address)} is {code(_shown(parts))}; for {code(engine)} it must not {place} "
                    f"{code(wrong[0])}: letters, digits and underscores are allowed, and a letter comes first.",
                    f"{code(database.address)} has no `{argument}` with other characters than letters, digits and underscores, of which the first is a letter",
                    attribute=argument,
                    related=_defaults(graph, expr, database.module, wrong[0]),
                    message=f"InvalidParameterValue: {parameter} must begin with a letter and contain only alphanumeric characters.",
                    recommendation=None
                    if wrong[0] == "-"
                    else Recommendation("Use letters, digits and underscores only, and a letter first."),
                    source=f"{_RDS_API}/{'API_CreateDBInstance' if type_ == 'aws_db_instance' else 'API_CreateDBCluster'}.html",
                )


def _defaults(graph: Graph, expr: Expression, module: str, wrong: str) -> tuple[str, ...]:
    """Return the places of the defaults by which a character comes into a text."""
    named = [t for t in traversals(expr) if wrong in str(graph.constant(t, module))]
    return tuple(dict.fromkeys(place for t in named for place in default_behind(graph, t, module)))


# What holds the generated value itself, and no name with it.
_SECRET = re.compile(r"password|secret|token|credential")
# What stands here is only compared with what stood here before.
_RESTARTS = ("keepers", "triggers", "triggers_replace", "depends_on", "lifecycle")


def constant_random_id(graph: Graph) -> Iterator[Hit]:
    """``random_password.x.id`` is the word none, always."""
    passwords = (*graph.of_type("random_password"), *graph.data_of_type("random_password"))
    users = {reference.source for password in passwords for reference in graph.incoming.get(password.address, ())}
    for resource in (d for kind in ("resource", "local") for d in graph.of_kind(kind) if d.address in users):
        places = arguments(resource.block) if resource.attribute is None else [("", resource.block, resource.attribute)]
        for path, _, attribute in (place for place in places if place[0].split(".")[0] not in _RESTARTS):
            for traversal in traversals(attribute.expr):
                last = traversal.steps[-1] if traversal.steps else None
                target = graph.resolve(traversal, resource.module)
                if target is not None and target.type == "random_password" and isinstance(last, Attr) and last.name == "id":
                    yield Hit(
                        resource.address,
                        f"{code(resource.address)} uses `{target.local}.id`, which is the constant text `none` and not the generated value.",
                        f"{code(resource.address)} does not use the `id` of a `random_password`",
                        attribute=path,
                        related=(target.address,),
                        recommendation=Recommendation(f"Use `{target.local}.result`, the generated value.")
                        if _SECRET.search(path)
                        else None,
                    )


def secret_in_name(graph: Graph) -> Iterator[Hit]:
    """A generated password as part of a name: special characters and a secret in clear."""
    for row, resource, _ in _names(graph):
        expr = resource.block.value(row["argument"])
        for password in graph.targets(expr, resource.module):
            drawn = password.type == "random_password" and _draws_special(graph, password, resource.type)
            if drawn and _is_as_drawn(graph, expr, resource.module) and not _only_id(expr, password):
                yield Hit(
                    resource.address,
                    f"The `{row['argument']}` of {code(resource.address)} contains {code(password.address)}, "
                    "which draws special characters that are not accepted in this name.",
                    f"{code(resource.address)} does not build its name from a generated password",
                    attribute=row["argument"],
                    related=(f"{password.address}.special", password.address),
                )


# Names that take an underscore as well as a hyphen.
_WITH_UNDERSCORES = frozenset(
    ["aws_iam_role", "aws_iam_user", "aws_lambda_function", "aws_sqs_queue", "aws_sfn_state_machine", "aws_cloudwatch_event_rule"]
)


def _draws_special(graph: Graph, password: Declaration, named: str) -> bool:
    """Whether a generator takes characters that names of a type do not take: not only hyphens, or underscores where these are taken."""
    own = graph.argument(password, "override_special") if "override_special" in password.block.attributes else None
    return graph.argument(password, "special") is not False and not (
        isinstance(own, str) and own.strip("-_" if named in _WITH_UNDERSCORES else "-") == ""
    )


# What of the characters of a text gets through these functions is as it was.
_PASSING = ("lower", "upper", "substr", "format", "join", "trimspace", "title")


def _is_as_drawn(graph: Graph, expr: Expression | None, module: str) -> bool:
    """Whether a name has the characters of a password: a hash has others, and what a pattern replaces is gone."""
    if expr is None or (isinstance(expr, Call) and expr.name not in _PASSING):
        return False
    target = graph.resolve(expr, module) if isinstance(expr, Traversal) else None
    if target is None:
        return any(_is_as_drawn(graph, part, module) for part in children(expr))
    return target.type == "random_password" or (target.attribute is not None and _is_as_drawn(graph, target.attribute.expr, target.module))


def _only_id(expr: Expression | None, password: Declaration) -> bool:
    """Whether a name uses the password's ``id`` alone, which is a constant."""
    found = [t for t in traversals(expr) if t.root == password.type] if expr is not None else []
    return bool(found) and all(t.steps and isinstance(t.steps[-1], Attr) and t.steps[-1].name == "id" for t in found)


RULES = (
    Rule(
        "RG601",
        "name-too-long",
        "Name is longer than allowed",
        Category.BLOCKER,
        Severity.HIGH,
        too_long,
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
        stage=Stage.PLAN,
        impact=(("Deployment", "The resource is refused, and what depends on it is not created."),),
        lesson="Add up the parts of a name with the longest environment and suffix before choosing its pattern.",
        advice="Shorten the fixed parts, or cut the name with `substr`.",
    ),
    Rule(
        "RG602",
        "name-hyphen-at-edge",
        "Name begins or ends with a hyphen",
        Category.BLOCKER,
        Severity.HIGH,
        hyphen_at_edge,
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
        stage=Stage.PLAN,
        impact=(("Deployment", "With the default values the resource is refused."),),
        lesson="A suffix that may be empty needs its hyphen inside the condition.",
        advice='Join the parts with `join("-", compact([...]))`, or require the suffix.',
    ),
    Rule(
        "RG603",
        "name-upper-case",
        "Upper-case letters in a name that takes lower case only",
        Category.BLOCKER,
        Severity.CRITICAL,
        upper_case,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The resource is refused, and what depends on it is not created."),),
        lesson="Bucket names and database identifiers are lower case: wrap what comes from variables in `lower`.",
        advice="Write the name in lower case, or wrap it in `lower(...)`.",
    ),
    Rule(
        "RG604",
        "random-password-id",
        "The `id` of a random password is a constant",
        Category.CRITICAL,
        Severity.HIGH,
        constant_random_id,
        "https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password",
        stage=Stage.APPLY,
        impact=(("Deployment", "The text `none` stands where a generated value was meant, the same in every deployment."),),
        lesson="`random_password.id` is the text `none`; for names use `random_id.hex` or a lower-case `random_string.result`.",
        advice="Use `random_id` or `random_string` for the suffix.",
    ),
    Rule(
        "RG605",
        "random-password-in-name",
        "Generated password as a part of a name",
        Category.BLOCKER,
        Severity.HIGH,
        secret_in_name,
        "https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password",
        stage=Stage.APPLY,
        impact=(
            ("Deployment", "The name is refused as soon as a special character or, where only lower case is taken, a capital is drawn."),
        ),
        lesson="A suffix for names comes from `random_id` or from a `random_string` without special and upper-case characters.",
        advice="Use `random_string` with `special = false` and `upper = false`.",
    ),
    Rule(
        "RG606",
        "database-name-characters",
        "Database name with characters that RDS refuses",
        Category.BLOCKER,
        Severity.CRITICAL,
        database_characters,
        f"{_RDS_API}/API_CreateDBInstance.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The database is not created."),),
        lesson="Names of projects may hold what names of databases may not: one that is built from the other must be changed on the way.",
        advice='Take the hyphens out, as with `replace(var.project_name, "-", "_")`.',
    ),
)
